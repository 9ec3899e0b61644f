"""The ledger's sums per day of the shop's, as home shows them: kept for the days that are over, summed for the rest.

A day is counted once, by the worker, when it is over and whoever was booking at midnight has committed. Until then its
few entries are summed where they are read. So an entry costs its charge no statement, no charge waits for another's
count, and what is read is the ledger's own sum at any moment. What is booked into a day that is over (a refund found
months later, say) opens that day and those after it again, in the entry's own transaction; the worker closes them.
Another time zone has other days: they are all counted anew.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Case, Count, F, IntegerField, Q, Sum, When
from django.utils import timezone

from phonepay.lib.stopping import STOPPING
from phonepay.merchant.models import Merchant
from phonepay.payments.day_models import DaysKept, LedgerDay
from phonepay.payments.models import LedgerEntry

logger = logging.getLogger(__name__)

COMMITTED_IN = timedelta(minutes=15)  # after midnight: no transaction lives that long, and clocks differ by less
_LATE = timedelta(minutes=5)  # booked this long after its time, an entry may belong to a day that is counted
BATCH = 31  # days, in one transaction
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayOf:
    """Movements of one kind on one day: `sum` in minor units of `currency`, signed as the ledger's entries are."""

    day: date
    kind: str
    currency: str
    count: int
    sum: int


def day_of(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def moments(first: date, last: date, zone: str) -> tuple[datetime, datetime]:
    """From the first midnight on, and before the midnight after the last day."""
    clock = ZoneInfo(zone)
    return datetime.combine(first, time(), clock), datetime.combine(last + _ONE_DAY, time(), clock)


def read(merchant: Merchant, first: date, last: date, *, livemode: bool) -> list[DayOf]:
    """What moved on these days, both included: one for each day, kind and currency, in no order."""
    kept = DaysKept.objects.filter(merchant=merchant, zone=merchant.time_zone).values_list("until", flat=True).first()
    found: list[DayOf] = []
    if kept is not None and kept >= first:
        rows = LedgerDay.objects.filter(merchant=merchant, livemode=livemode, day__gte=first, day__lte=min(kept, last))
        sums = rows.order_by().values_list("day", "kind", "currency").annotate(counted=Sum("count"), total=Sum("sum"))
        found = [DayOf(*facts) for facts in sums]
        first = kept + _ONE_DAY
    return found + _summed(merchant, first, last, livemode) if first <= last else found


def _summed(merchant: Merchant, first: date, last: date, livemode: bool) -> list[DayOf]:
    """Told apart by their midnights: MariaDB can tell the day of a zone only where somebody loaded its zones."""
    start, end = moments(first, last, merchant.time_zone)
    entries = LedgerEntry.objects.filter(merchant=merchant, livemode=livemode, at__gte=start, at__lt=end).order_by()
    if last - first > BATCH * _ONE_DAY:  # of years without entries nothing need be asked
        earliest = entries.order_by("at").values_list("at", flat=True).first()
        if earliest is None:
            return []
        first = day_of(earliest, merchant.time_zone)
    midnights = [moments(day, day, merchant.time_zone)[1] for day in _days(first, last)]
    place = Case(*(When(at__lt=end, then=number) for number, end in enumerate(midnights)), output_field=IntegerField())
    rows = entries.annotate(place=place).values_list("place", "kind", "currency")
    return [
        DayOf(first + number * _ONE_DAY, *facts)
        for number, *facts in rows.annotate(counted=Count("pk"), total=Sum("amount"))
    ]


def _days(first: date, last: date) -> list[date]:
    return [first + place * _ONE_DAY for place in range((last - first).days + 1)]


def noted(entry: LedgerEntry) -> None:
    """An entry was written: where its day may be counted already, count it anew. Call in its transaction."""
    if entry.at < timezone.now() - _LATE:
        # A day before, whatever the time zone: the row alone knows which it is kept in.
        before = entry.at.date() - 2 * _ONE_DAY
        # Written whatever it says now: only so does this wait for a worker that is counting without this entry, and
        # set back what that worker is about to say.
        earlier = Case(When(until__gt=before, then=before), default=F("until"))
        DaysKept.objects.filter(merchant_id=entry.merchant_id).update(until=earlier)


def run_due(now: datetime) -> int:
    """The worker's part: count the days that are over; returns how many."""
    due = 0
    for merchant in Merchant.objects.select_related("days_kept"):
        if STOPPING.is_set():
            break
        kept = getattr(merchant, "days_kept", None)
        if kept is None or kept.zone != merchant.time_zone or kept.until is None or kept.until < _over(merchant, now):
            due += count_next(merchant, now)
    return due


def recount(merchant: Merchant, now: datetime) -> int:
    """Count all days anew; returns how many there are. It may run while payments come in."""
    DaysKept.objects.filter(merchant=merchant).update(until=None)
    total = 0
    while counted := count_next(merchant, now):
        total += counted
    return total


def count_next(merchant: Merchant, now: datetime) -> int:
    """Count the next days that are over, BATCH at most; returns how many. Several workers do so one after the other."""
    last = _over(merchant, now)
    DaysKept.objects.get_or_create(merchant=merchant, defaults={"zone": merchant.time_zone})
    with transaction.atomic(durable=True):
        mine = DaysKept.objects.filter(merchant=merchant)
        mine.update(zone=F("zone"))  # the lock: who notes a late entry waits for it
        kept = mine.get()
        if kept.zone != merchant.time_zone:
            kept.zone, kept.until = merchant.time_zone, None
        first = kept.until + _ONE_DAY if kept.until else _first_day(merchant)
        if first is None or first > last:
            mine.update(zone=kept.zone, until=max(kept.until or last, last))
            return 0
        last = min(last, first + (BATCH - 1) * _ONE_DAY)
        stale = Q(day__gte=first) if kept.until else Q()
        LedgerDay.objects.filter(stale, merchant=merchant).delete()
        days = _days(first, last)
        LedgerDay.objects.bulk_create(row for day in days for row in _counted(merchant, day))
        mine.update(zone=kept.zone, until=last)
    return len(days)


def _over(merchant: Merchant, now: datetime) -> date:
    """The last day that is over for everybody."""
    return day_of(now - COMMITTED_IN, merchant.time_zone) - _ONE_DAY


def _first_day(merchant: Merchant) -> date | None:
    first = LedgerEntry.objects.filter(merchant=merchant).order_by("at").values_list("at", flat=True).first()
    return day_of(first, merchant.time_zone) if first else None


def _counted(merchant: Merchant, day: date) -> Iterable[LedgerDay]:
    start, end = moments(day, day, merchant.time_zone)
    entries = LedgerEntry.objects.filter(merchant=merchant, at__gte=start, at__lt=end).order_by()
    groups = entries.values_list("kind", "currency", "livemode", "stripe_account")
    for kind, currency, livemode, account, count, total in groups.annotate(counted=Count("pk"), total=Sum("amount")):
        yield LedgerDay(
            merchant=merchant, day=day, kind=kind, currency=currency, livemode=livemode, stripe_account=account,
            count=count, sum=total,
        )  # fmt: skip
