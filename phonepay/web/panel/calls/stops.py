"""Where callers stop, as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from phonepay.calls import days
from phonepay.calls.models import Call
from phonepay.calls.stops import where_callers_stop
from phonepay.payments.days import moments
from phonepay.payments.gateway import key_is_live
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
    """Two grouped queries or three, whatever the number of calls."""
    ended, paid, ranked = _counted(calls, filters)
    most = ranked[0][1] if ranked else 1
    return Stops(
        ended=ended,
        paid=paid,
        stops=[
            Stop(
                word=stop_word(step),
                count=count,
                width=max(1, round(100 * count / most)),
                share=round(100 * count / ended),
                url=reverse("calls") + changed(filters.query, stopped=step),
            )
            for step, count in ranked
        ],
    )


def _counted(calls: QuerySet[Call], filters: Filters) -> tuple[int, int, list[tuple[str, int]]]:
    """How many ended, how many of them paid, and the steps of the others, most first."""
    period = filters.period
    if not filters.line and period is not None and period.start is not None and period.end is not None:
        return _of_kept_days(filters, period.start, period.end)
    rows = filters.within(calls)
    if filters.line:
        rows = rows.filter(line_id=int(filters.line))
    paid = Count("pk", filter=Q(payment__status=Payment.Status.SUCCEEDED))
    sums = rows.filter(ended_at__isnull=False).order_by().aggregate(ended=Count("pk"), paid=paid)
    return sums["ended"], sums["paid"], where_callers_stop(rows)


def _of_kept_days(filters: Filters, first: date, last: date) -> tuple[int, int, list[tuple[str, int]]]:
    """The figures of the days that are over are kept (calls.days): a year costs no more than a week."""
    outcomes = days.read(filters.shop, first, last, livemode=key_is_live())
    start, end = moments(first, last, filters.shop.time_zone)
    still = Call.objects.filter(merchant=filters.shop, livemode=key_is_live(), ended_at=None)
    talking = still.filter(started_at__gte=start, started_at__lt=end).count()
    stopped = {step: count for step, count in outcomes.items() if step and step != days.PAID and count}
    ranked = sorted(stopped.items(), key=lambda each: (-each[1], each[0]))
    return sum(outcomes.values()) - talking, outcomes[days.PAID], ranked
