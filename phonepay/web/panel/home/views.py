"""Home, and the page of all that needs a person."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from phonepay.calls.models import Call
from phonepay.payments.gateway import key_is_live
from phonepay.payments.models import Payment
from phonepay.web.panel.calls_told import told
from phonepay.web.panel.home.counting import asked_with_counts
from phonepay.web.panel.home.needs import Needs, needs_of
from phonepay.web.panel.home.today import figures_between
from phonepay.web.panel.shop import the_shop

LATEST = 8


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What needs a person, today's money, the latest calls; or the first steps, where nothing happened yet."""
    shop, now = the_shop(request), timezone.now()
    if shop is None:
        return render(request, "panel/home/first_day.html", {"line": None})
    start, end = _today(now, shop.time_zone)
    calls = list(Call.objects.filter(merchant=shop).select_related("payment__order").order_by("-started_at")[:LATEST])
    line = shop.lines.first()
    if not calls and not Payment.objects.filter(merchant=shop).exists():
        return render(request, "panel/home/first_day.html", {"line": line})
    context = {
        "needs": _needs(request),
        "figures": figures_between(shop, start, end, livemode=key_is_live()),
        "calls": [told(call, shop.region) for call in calls],
        "currency": line.currency if line else "usd",
        "now": now,
    }
    return render(request, "panel/home/home.html", context)


@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """All of it, the oldest first."""
    return render(request, "panel/home/needs.html", {"needs": _needs(request)})


def _needs(request: HttpRequest) -> Needs:
    found = asked_with_counts(request)
    return needs_of(*found) if found else Needs((), False)


def _today(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """The shop's day."""
    clock = ZoneInfo(zone)
    day = now.astimezone(clock).date()
    return datetime.combine(day, time(), clock), datetime.combine(day + timedelta(days=1), time(), clock)
