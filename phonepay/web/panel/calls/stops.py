"""Where callers stop, as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from phonepay.calls.models import Call
from phonepay.calls.stops import where_callers_stop
from phonepay.payments.models import Payment
from phonepay.web.panel.calls.filters import Filters
from phonepay.web.panel.calls_told import stop_word
from phonepay.web.panel.chips import changed

DEFAULT_PERIOD = "30"


@dataclass(frozen=True, slots=True)
class Stop:
    """`width` of its bar, 1 to 100; `share` of all calls that ended, in percent."""

    word: str
    count: int
    width: int
    share: int
    url: str


@dataclass(frozen=True, slots=True)
class Stops:
    """Of the calls that ended in the period."""

    ended: int
    paid: int
    stops: list[Stop]

    @property
    def paid_share(self) -> int:
        return round(100 * self.paid / self.ended) if self.ended else 0


def stops_of(calls: QuerySet[Call], filters: Filters) -> Stops:
    """Two grouped queries, whatever the number of calls."""
    rows = filters.within(calls)
    if filters.line:
        rows = rows.filter(line_id=int(filters.line))
    paid = Count("pk", filter=Q(payment__status=Payment.Status.SUCCEEDED))
    sums = rows.filter(ended_at__isnull=False).order_by().aggregate(ended=Count("pk"), paid=paid)
    ranked = where_callers_stop(rows)
    most = ranked[0][1] if ranked else 1
    return Stops(
        ended=sums["ended"],
        paid=sums["paid"],
        stops=[
            Stop(
                word=stop_word(step),
                count=count,
                width=max(1, round(100 * count / most)),
                share=round(100 * count / sums["ended"]) if sums["ended"] else 0,
                url=reverse("calls") + changed(filters.query, stopped=step),
            )
            for step, count in ranked
        ],
    )
