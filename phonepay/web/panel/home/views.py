"""Home, what is refreshed on it, and the page of all that needs a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from phonepay.calls.hearing import note_heard
from phonepay.merchant.models import Merchant
from phonepay.payments.books import agree_until
from phonepay.payments.gateway import key_is_live
from phonepay.payments.models import LedgerEntry
from phonepay.people.models import User
from phonepay.people.permissions import acting, may
from phonepay.web.panel.chips import PERIODS, Choice, Period, changed, read_period
from phonepay.web.panel.home.charts import bars_of
from phonepay.web.panel.home.counting import asked_with_counts
from phonepay.web.panel.home.ended import calls_of
from phonepay.web.panel.home.figures import figures
from phonepay.web.panel.home.first_steps import first_steps
from phonepay.web.panel.home.latest import latest
from phonepay.web.panel.home.needs import Needs, needs_of
from phonepay.web.panel.shop import shop_or_404, the_shop


@dataclass(frozen=True, slots=True)
class Days:
    """Days of the shop's, both included."""

    first: date
    last: date
    word: str

    @property
    def count(self) -> int:
        return (self.last - self.first).days + 1


CHARTS_FROM = 7  # days
MOST_DAYS = 366


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What needs a person, the money of some days, the latest calls; or the first steps, where nothing was paid yet."""
    shop = the_shop(request)
    line = shop.lines.first() if shop else None
    assert isinstance(request.user, User)  # noqa: S101 - the access table lets nobody else in
    context: dict[str, Any] = {"needs": _needs(request), "may_settle": may(request.user, "refund"), "line": line}
    if shop is None or not LedgerEntry.objects.filter(merchant=shop).exists():
        context |= {"steps": first_steps(shop, line, request.user), "latest": latest(shop) if shop else None}
        return render(request, "panel/home/first_day.html", context)
    period = _days(request, shop)
    if not context["needs"].all:
        context["agree_until"] = agree_until(shop, key_is_live())
    context |= {"period": period, "choices": _choices(request), "latest": latest(shop), "query": _query(request)}
    if period.count > MOST_DAYS:
        return render(request, "panel/home/home.html", context | {"too_much": True})
    live, currency = key_is_live(), line.currency if line else "usd"
    money = figures(shop, period.first, period.last, livemode=live, currency=currency)
    charts = [bars_of(each) for each in money] if period.count >= CHARTS_FROM else []
    calls = calls_of(shop, period.first, period.last, livemode=live, query=_query(request))
    return render(request, "panel/home/home.html", context | {"figures": money, "charts": charts, "calls": calls})


@require_safe
def home_calls(request: HttpRequest) -> HttpResponse:
    """The latest calls alone: asked for every two seconds while somebody is on the line."""
    return render(request, "panel/home/calls.html", {"latest": latest(shop_or_404(request))})


@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """All of it, the oldest first."""
    context = {"needs": _needs(request), "may_settle": may(request.user, "refund")}
    return render(request, "panel/home/needs.html", context)


@require_POST
def hear_it(request: HttpRequest) -> HttpResponse:
    """The way to what callers hear, which the first day's list ticks."""
    by = acting(request.user, "try_the_line")
    note_heard(by=by, now=timezone.now())
    return redirect("settings-hear")


def _needs(request: HttpRequest) -> Needs:
    found = asked_with_counts(request)
    return needs_of(*found) if found else Needs((), False)


def _days(request: HttpRequest, shop: Merchant) -> Days:
    """Of the address, else today; an open end is today, an open start thirty days before the end."""
    now = timezone.now()
    today = now.astimezone(ZoneInfo(shop.time_zone)).date()
    asked = read_period(request.GET, now, shop.time_zone) or Period(today, today, str(PERIODS["today"]))
    end = asked.end or max(today, asked.start or today)
    start = asked.start or end - timedelta(days=29)
    return Days(min(start, end), max(start, end), asked.word)


def _query(request: HttpRequest) -> str:
    """The days as other lists have them in their addresses."""
    kept = request.GET.copy()
    for name in [name for name in kept if name not in ("period", "from", "to")]:
        del kept[name]
    return kept.urlencode() or "period=today"


def _choices(request: HttpRequest) -> list[Choice]:
    present = request.GET.get("period", "") or ("" if request.GET.get("from") or request.GET.get("to") else "today")
    return [
        Choice(word, changed(request.GET, period=name, **{"from": None, "to": None}), name == present)
        for name, word in PERIODS.items()
    ]
