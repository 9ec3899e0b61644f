"""After the set-up: going live, what to tell customers and keep safe, and giving a number back what it did before."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from phonepay.lib.phone import format_number
from phonepay.merchant import credentials
from phonepay.merchant.models import Line
from phonepay.payments.gateway import key_is_live
from phonepay.people.permissions import acting
from phonepay.setup import steps
from phonepay.setup.findings import Finding
from phonepay.setup.first_call import LIVE, begin_watch, watch
from phonepay.setup.live import first_order, go_live, order_for_first_payment, smallest
from phonepay.setup.numbers import put_back, wired
from phonepay.setup.refusals import StepRefused
from phonepay.setup.shop import the_line
from phonepay.web.installer.calling import refund_and_show, watching
from phonepay.web.installer.forms import GoLiveForm
from phonepay.web.installer.gate import refused, tell_next, told_before

# What a number has at Twilio, by the words of its console.
_AT_TWILIO = (
    ("VoiceUrl", gettext_lazy("A call comes in")),
    ("VoiceFallbackUrl", gettext_lazy("Primary handler fails")),
    ("StatusCallback", gettext_lazy("Call status changes")),
    ("VoiceApplicationSid", gettext_lazy("a voice application")),
    ("TrunkSid", gettext_lazy("a trunk")),
)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def live(request: HttpRequest) -> HttpResponse:
    """The live key and the live connector, compared before either counts: the first, or those of another account."""
    already = key_is_live()
    fixed = credentials.current().sources.get("stripe_secret_key") == credentials.ENVIRONMENT
    form = GoLiveForm(request.POST or None, already=already, fixed=fixed)
    findings: Sequence[Finding] = ()
    if request.method == "POST" and form.is_valid():
        try:
            found = go_live(
                **{"key": ""} | form.cleaned_data, by=acting(request.user, "change_keys"), now=timezone.now()
            )
        except StepRefused as refusal:
            findings = refused(refusal, form)
        else:
            tell_next(request, found)
            return live_call(request)
    context = {"form": form, "findings": findings, "fixed": fixed, "already": already}
    return render(request, "installer/live.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def live_call(request: HttpRequest) -> HttpResponse:
    """One real payment of the least amount, watched, to be refunded. A POST makes the order for it."""
    if not key_is_live():
        return redirect("go-live")
    now, line, wrong = timezone.now(), the_line(), ""
    watched = watch(since=begin_watch(LIVE, now=now), live=True)
    if request.method == "POST" and line:
        try:
            order_for_first_payment(line=line, by=acting(request.user, "change_orders"), now=now)
        except StepRefused as refusal:
            wrong = str(refusal)
        else:
            return redirect("go-live-call")
    context = watching(watched, live=True, wrong=wrong)
    if getattr(request, "htmx", None):
        return render(request, "installer/watched.html", context)
    order = first_order(line) if line else None
    least = order.amount if order else smallest(line) if line else 0
    context |= {"line": line, "order": order, "least": least, "before": told_before(request)}
    return render(request, "installer/live_call.html", context)


@require_POST
def live_refund(request: HttpRequest) -> HttpResponse:
    return refund_and_show(request, which=LIVE, back="go-live-call")


@require_http_methods(["GET", "HEAD"])
def handover(request: HttpRequest) -> HttpResponse:
    """The last page: what to tell customers, how to forward a number, what to keep safe. It stays."""
    line = the_line()
    dialed = format_number(line.phone_number, line.merchant.region) if line and line.phone_number else ""
    context = {
        "line": line,
        "dialed": dialed,
        "open": steps.is_open(),
        "data_dir": settings.PHONEPAY_DATA_DIR,
        "embedded": settings.PHONEPAY_DATABASE_EMBEDDED,
    }
    return render(request, "installer/handover.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a number back what it had at Twilio before it was ours."""
    line = Line.objects.select_related("merchant").filter(pk=pk).first()
    wiring = wired(line.phone_number) if line else None
    problem = ""
    if request.method == "POST" and line is not None:
        by, anyway = acting(request.user, "change_settings"), request.POST.get("anyway") == "yes"
        try:
            found = put_back(phone_number=line.phone_number, anyway=anyway, by=by, now=timezone.now())
        except StepRefused as refusal:
            problem = str(refusal)
        else:
            messages.success(request, " ".join(each.what for each in found))
            return redirect("settings-connections")
    before = [(word, wiring.before[name]) for name, word in _AT_TWILIO if wiring.before.get(name)] if wiring else []
    context = {"line": line, "wiring": wiring, "before": before, "problem": problem}
    return render(request, "installer/give_back.html", context, status=200 if line else 404)
