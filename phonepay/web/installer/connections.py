"""Steps 3 to 6: the address, the database, Stripe, Twilio with its number. Each is looked at before it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from phonepay.merchant import credentials
from phonepay.people.permissions import acting
from phonepay.setup import moving, numbers, steps
from phonepay.setup.addresses import failure, in_force, source_of
from phonepay.setup.findings import Finding
from phonepay.setup.reach import answer, keep_address
from phonepay.setup.refusals import StepRefused
from phonepay.setup.stripe_key import connect_stripe
from phonepay.setup.twilio_account import Looked, connect_twilio, look_again
from phonepay.telephony.client import TwilioUnreachable
from phonepay.web.installer.forms import DatabaseForm, ReachForm, StripeForm, TwilioForm
from phonepay.web.installer.gate import onward, page, refused, setup_page, tell_next


def prove(request: HttpRequest, nonce: str) -> HttpResponse:
    """What our own server asks itself from outside: a nonce of ours is answered, and nobody else's."""
    told = answer(nonce, now=timezone.now()) if request.method == "GET" else None
    return HttpResponse(told or "", content_type="text/plain", status=200 if told else 404)


@setup_page
def reach(request: HttpRequest) -> HttpResponse:
    """Step 3."""
    form = ReachForm(request.POST or None, initial={"address": settings.PHONEPAY_PUBLIC_URL or ""})
    findings: Sequence[Finding] = ()
    if request.method == "POST" and form.is_valid():
        by = acting(request.user, "change_settings")
        try:
            tell_next(request, keep_address(**form.cleaned_data, by=by, now=timezone.now()))
        except StepRefused as refusal:
            findings = refused(refusal, form)
        else:
            return onward(request, steps.REACH) if in_force() else _wait(steps.REACH)
    fixed = source_of("PHONEPAY_PUBLIC_URL") == credentials.ENVIRONMENT
    return page(request, "reach", steps.REACH, form=form, findings=findings, fixed=fixed, port=request.get_port())


@setup_page
def database(request: HttpRequest) -> HttpResponse:
    """Step 4."""
    embedded = settings.PHONEPAY_DATABASE_EMBEDDED
    form = DatabaseForm(request.POST or None, initial={"where": "embedded" if embedded else "own"})
    findings: Sequence[Finding] = ()
    if request.method == "POST" and form.is_valid():
        by, now, facts = acting(request.user, "change_settings"), timezone.now(), form.cleaned_data
        try:
            if facts["where"] == "own" and (embedded or facts["address"]):
                moving.move(url=facts["address"], by=by, now=now)
                return _wait(steps.DATABASE)
            return onward(request, steps.DATABASE, moving.stay_here(by=by, now=now))
        except StepRefused as refusal:
            findings = refused(refusal, form)
    return page(request, "database", steps.DATABASE, form=form, findings=findings, embedded=embedded)


def _wait(step: str) -> HttpResponse:
    return redirect(f"{reverse('setup-renewing')}?step={step}")


@setup_page
def renewing(request: HttpRequest) -> HttpResponse:
    """Until this server runs on what was kept; asked again every second. Then on, or back with what went wrong."""
    step = request.GET.get("step", "")
    step = step if step in (steps.REACH, steps.DATABASE) else steps.REACH
    why, found = failure(), []
    if not why and not in_force():
        return page(request, "renewing", step)
    if step == steps.DATABASE:
        try:
            found = moving.arrived(by=acting(request.user, "change_settings"), now=timezone.now())
        except StepRefused as refusal:
            return page(request, "renewing", step, findings=refusal.findings)
    elif why:
        return page(request, "renewing", step, failure=why)
    return _leave(request, onward(request, step, found))


def _leave(request: HttpRequest, to: HttpResponse) -> HttpResponse:
    """For a part that is asked for by htmx, the whole page goes on."""
    if getattr(request, "htmx", None):
        answer = HttpResponse()
        answer.headers["HX-Redirect"] = to.headers["Location"]
        return answer
    return to


@setup_page
def stripe(request: HttpRequest) -> HttpResponse:
    """Step 5."""
    form = StripeForm(request.POST or None)
    findings: Sequence[Finding] = ()
    if request.method == "POST" and form.is_valid():
        by = acting(request.user, "change_keys")
        try:
            found = connect_stripe(key=form.cleaned_data["key"], by=by, now=timezone.now())
        except StepRefused as refusal:
            findings = refused(refusal, form)
        else:
            return onward(request, steps.STRIPE, found)
    return page(request, "stripe", steps.STRIPE, form=form, findings=findings, **_there("stripe_secret_key"))


@setup_page
def twilio(request: HttpRequest) -> HttpResponse:
    """Step 6, first half."""
    form = TwilioForm(request.POST or None, initial={"twilio_account_sid": credentials.current().twilio_account_sid})
    findings: Sequence[Finding] = ()
    if request.method == "POST" and form.is_valid():
        by = acting(request.user, "change_keys")
        facts = dict(form.cleaned_data)
        if not facts["twilio_auth_token"] and facts["twilio_account_sid"] == credentials.current().twilio_account_sid:
            facts["twilio_account_sid"] = ""  # as it is
        try:
            sid, token = facts["twilio_account_sid"], facts["twilio_auth_token"]
            connect_twilio(account_sid=sid, auth_token=token, by=by, now=timezone.now())
        except StepRefused as refusal:
            findings = refused(refusal, form)
        else:
            return redirect("setup-number")
    return page(request, "twilio", steps.TWILIO, form=form, findings=findings, **_there("twilio_auth_token"))


@setup_page
def number(request: HttpRequest) -> HttpResponse:
    """Step 6, second half: one of the account's numbers, with what it does now."""
    now = timezone.now()
    problem, findings, looked = "", [], None
    if request.method == "POST":
        sid, off = request.POST.get("number", ""), request.POST.get("take_off") == request.POST.get("number")
        try:
            by = acting(request.user, "change_settings")
            found = numbers.wire_number(number_sid=sid, take_off=off, by=by, now=now)
        except StepRefused as refusal:
            problem, findings = "\n".join(refusal.problems.values()), refusal.findings
            if "take_off" in refusal.problems:  # what it belongs to stands beside the number
                problem = _("Nothing was changed. Tick “Take it off this number” too, or choose another number.")
        else:
            return onward(request, steps.TWILIO, found)
    try:
        looked = look_again(now=now)
    except TwilioUnreachable as error:
        problem = str(error)
    if looked is None and not problem:
        return redirect("setup-twilio")
    findings = [*findings, *(looked.findings if looked else [])]
    chosen, told = request.POST.get("number", ""), _told(looked)
    return page(request, "number", steps.TWILIO, findings=findings, problem=problem, numbers=told, chosen=chosen)


def _told(looked: Looked | None) -> list[dict[str, Any]]:
    """Each number with what happens to its calls now."""
    found = looked.numbers if looked else []
    return [{"number": each, "does": numbers.does_now(each), "overridden": each.overridden_by} for each in found]


def _there(name: str) -> dict[str, bool]:
    """Whether the key is there already, and whether the environment has set it, which wins."""
    source = credentials.current().sources.get(name, "")
    return {"there": bool(source), "fixed": source == credentials.ENVIRONMENT}
