"""Taken, Refunded, Kept of some days of the shop's, per currency and per day: what the ledger says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from phonepay.merchant.models import Merchant
from phonepay.payments import days
from phonepay.web.panel.payments.movements import DISPUTED, REFUNDED, RETURNED, TAKEN

MONTHS_FROM = 93  # days; more bars than that are none that one can tell apart


@dataclass
class Span:
    """A bar: one day, or the days of a month that were asked for."""

    first: date
    last: date
    taken: int = 0
    back: int = 0  # refunded and disputed, above zero


@dataclass
class Figures:
    """Minor units of `currency`, above zero.

    `refunded` is what was refunded, `returned` what came back of refunds that failed, `withdrawn` what disputes took
    and `given_back` what they gave back: on these days, so that either may be of what was moved before them.
    """

    currency: str
    taken: int = 0
    taken_count: int = 0
    refunded: int = 0
    refunded_count: int = 0
    returned: int = 0
    withdrawn: int = 0
    given_back: int = 0
    spans: list[Span] = field(default_factory=list)

    @property
    def kept(self) -> int:
        return self.taken - self.refunded + self.returned - self.withdrawn + self.given_back

    @property
    def by_month(self) -> bool:
        return any(span.first != span.last for span in self.spans)


def figures(shop: Merchant, first: date, last: date, *, livemode: bool, currency: str) -> list[Figures]:
    """One for each currency in which money moved on these days, both included; else zeros in the line's `currency`."""
    found: dict[str, Figures] = {}
    for row in days.read(shop, first, last, livemode=livemode):
        if row.kind not in (*TAKEN, *REFUNDED, *RETURNED, *DISPUTED):
            continue
        of = found.setdefault(row.currency, Figures(row.currency, spans=_spans(first, last)))
        _add(of, row)
    if not found:
        return [Figures(currency, spans=_spans(first, last))]
    return sorted(found.values(), key=lambda each: each.currency)


def _add(of: Figures, row: days.DayOf) -> None:
    span = next(each for each in of.spans if each.first <= row.day <= each.last)
    if row.kind in TAKEN:
        of.taken += row.sum
        of.taken_count += row.count
        span.taken += row.sum
        return
    span.back -= row.sum
    if row.kind in REFUNDED:
        of.refunded -= row.sum
        of.refunded_count += row.count
    elif row.kind in RETURNED:
        of.returned += row.sum
    elif row.sum < 0:
        of.withdrawn -= row.sum
    else:
        of.given_back += row.sum


def _spans(first: date, last: date) -> list[Span]:
    every = [first + timedelta(days=place) for place in range((last - first).days + 1)]
    if len(every) < MONTHS_FROM:
        return [Span(day, day) for day in every]
    return list(_months(every))


def _months(every: Iterable[date]) -> Iterable[Span]:
    span: Span | None = None
    for day in every:
        if span is None or (day.year, day.month) != (span.last.year, span.last.month):
            if span is not None:
                yield span
            span = Span(day, day)
        span.last = day
    if span is not None:
        yield span
