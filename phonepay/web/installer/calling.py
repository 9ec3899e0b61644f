"""The test call, watched while it goes; the last page; and the end of the set-up."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from phonepay.merchant.models import Line
from phonepay.people.permissions import acting
from phonepay.setup import steps
from phonepay.setup.first_call import LIVE, TEST, Watched, begin_watch, refund_first, watch
from phonepay.setup.refusals import StepRefused
from phonepay.setup.shop import the_line
from phonepay.web.installer.gate import page, setup_page


@setup_page
def call(request: HttpRequest) -> HttpResponse:
    """The owner calls, and sees each thing happen. htmx asks for the part every two seconds."""
    now, line = timezone.now(), _line_called()
    anew = request.method == "POST" and request.POST.get("do") == "again"
    watched = watch(since=begin_watch(TEST, now=now, anew=anew), live=False)
    if getattr(request, "htmx", None):
        return render(request, "installer/watched.html", watching(watched))
    return page(request, "call", line=line, **watching(watched))


def watching(watched: Watched, *, live: bool = False, wrong: str = "") -> dict[str, Any]:
    """What the part that is asked for again and again shows."""
    return {
        "watched": watched,
        "live": live,
        "wrong": wrong,
        "route": "go-live-call" if live else "setup-call",
        "refund_route": "go-live-refund" if live else "setup-refund",
    }


@require_POST
@setup_page
def refund(request: HttpRequest) -> HttpResponse:
    """One click gives the test payment back."""
    return refund_and_show(request, which=TEST, back="setup-call")


def refund_and_show(request: HttpRequest, *, which: str, back: str) -> HttpResponse:
    """Refund the payment that is watched, whichever page watches it."""
    now, live = timezone.now(), which == LIVE
    since = begin_watch(which, now=now)
    watched, wrong = watch(since=since, live=live), ""
    if watched.paid and watched.payment is not None:
        try:
            refund_first(payment=watched.payment, by=acting(request.user, "refund"), now=now)
        except StepRefused as refusal:
            wrong = str(refusal)
        watched = watch(since=since, live=live)
    if getattr(request, "htmx", None):
        return render(request, "installer/watched.html", watching(watched, live=live, wrong=wrong))
    return redirect(back)


@require_POST
@setup_page
def finish(request: HttpRequest) -> HttpResponse:
    """Close the set-up for good."""
    steps.finish(by=acting(request.user, "change_settings"), now=timezone.now())
    return redirect("handover")


def _line_called() -> Line | None:
    wired = steps.facts_of(steps.TWILIO).get("line", 0)
    return Line.objects.select_related("merchant").filter(pk=wired).first() or the_line()
