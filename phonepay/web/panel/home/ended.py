"""How many calls there were, how many paid, where the others ended: each with the way to its list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from phonepay.calls import days
from phonepay.merchant.models import Merchant
from phonepay.web.panel.calls_told import stop_word

_SHARE = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """`share` of the most frequent, in percent: the bar."""

    word: str
    count: int
    share: float
    url: str
    paid: bool


@dataclass(frozen=True, slots=True)
class Calls:
    total: int
    paid: int
    outcomes: Sequence[Outcome]
    url: str
    paid_url: str

    @property
    def percent(self) -> int:
        return round(_SHARE * self.paid / self.total) if self.total else 0


def calls_of(shop: Merchant, first: date, last: date, *, livemode: bool, query: str) -> Calls:
    """Of the calls that began on these days, both included. `query` says the days in an address of Calls."""
    counts = days.read(shop, first, last, livemode=livemode)
    most = max(counts.values(), default=0)
    outcomes = [
        Outcome(_word(name), count, round(_SHARE * count / most, 1), _way(name, query), name == days.PAID)
        for name, count in _in_order(counts)
    ]
    return Calls(sum(counts.values()), counts[days.PAID], outcomes, _url(query), _way(days.PAID, query))


def _in_order(counts: Counter[str]) -> list[tuple[str, int]]:
    """What was paid first, then the most frequent."""
    return sorted(counts.items(), key=lambda each: (each[0] != days.PAID, -each[1], each[0]))


def _word(outcome: str) -> str:
    if outcome == days.PAID:
        return pgettext("a call", "Paid")
    return stop_word(outcome) if outcome else _("On the line, or told the end")


def _way(outcome: str, query: str) -> str:
    if not outcome:
        return ""
    return _url(f"{query}&what=paid" if outcome == days.PAID else f"{query}&stopped={outcome}")


def _url(query: str) -> str:
    return f"{reverse('calls')}?{query}"
