"""How many calls there were, how many paid, where the others stopped: per day of the shop's, kept once it is over.

A call's result may still come to be known after its day (a payment that was being checked), so that the latest days
are counted again each hour. The days that go on are counted where they are read.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, CharField, Count, F, QuerySet, Sum, Value, When

from phonepay.calls.day_models import CallDay, CallDaysKept
from phonepay.calls.models import Call
from phonepay.lib.stopping import STOPPING
from phonepay.merchant.models import Merchant
from phonepay.payments.days import BATCH, COMMITTED_IN, day_of, moments
from phonepay.payments.models import Payment

PAID = "paid"
AGAIN_EVERY = timedelta(hours=1)
AGAIN_DAYS = timedelta(days=3)
_ONE_DAY = timedelta(days=1)


def read(merchant: Merchant, first: date, last: date, *, livemode: bool) -> Counter[str]:
    """How many calls began on these days, both included, by outcome: PAID, the step where they stopped, "" for others.

    Calls on the line count as others.
    """
    kept = CallDaysKept.objects.filter(merchant=merchant, zone=merchant.time_zone)
    until = kept.values_list("until", flat=True).first()
    found: Counter[str] = Counter()
    if until is not None and until >= first:
        rows = CallDay.objects.filter(merchant=merchant, livemode=livemode, day__gte=first, day__lte=min(until, last))
        found.update(dict(rows.order_by().values_list("outcome").annotate(total=Sum("count"))))
        first = until + _ONE_DAY
    if first <= last:
        calls = _calls(merchant, first, last).filter(livemode=livemode)
        found.update(dict(_by_outcome(calls).values_list("outcome").annotate(total=Count("pk"))))
    return found


def run_due(now: datetime) -> int:
    """The worker's part: count the days that are over, and the latest of them again; returns how many were new."""
    counted = 0
    for merchant in Merchant.objects.select_related("call_days_kept"):
        if STOPPING.is_set():
            break
        kept = getattr(merchant, "call_days_kept", None)
        until = kept.until if kept is not None and kept.zone == merchant.time_zone else None
        looked = kept.looked_at if kept is not None else None
        if until is None or until < _over(merchant, now) or looked is None or looked <= now - AGAIN_EVERY:
            counted += count_next(merchant, now)
    return counted


def count_next(merchant: Merchant, now: datetime) -> int:
    """Count the next days that are over, BATCH at most, and the latest that were counted; returns how many are new."""
    last = _over(merchant, now)
    CallDaysKept.objects.get_or_create(merchant=merchant, defaults={"zone": merchant.time_zone})
    with transaction.atomic(durable=True):
        mine = CallDaysKept.objects.filter(merchant=merchant)
        mine.update(zone=F("zone"))  # the lock: one worker at a time
        kept = mine.get()
        rows = CallDay.objects.filter(merchant=merchant)
        if kept.zone != merchant.time_zone or kept.until is None:
            rows.delete()
            first = _first_day(merchant) or last + _ONE_DAY
            new = first
        else:
            first, new = kept.until + _ONE_DAY - AGAIN_DAYS, kept.until + _ONE_DAY
        until = min(last, new + (BATCH - 1) * _ONE_DAY)
        rows.filter(day__gte=first).delete()
        days = [first + place * _ONE_DAY for place in range((until - first).days + 1)]
        CallDay.objects.bulk_create(row for day in days for row in _counted(merchant, day))
        mine.update(zone=merchant.time_zone, until=max(until, new - _ONE_DAY), looked_at=now)
    return max(0, (until - new).days + 1)


def _over(merchant: Merchant, now: datetime) -> date:
    return day_of(now - COMMITTED_IN, merchant.time_zone) - _ONE_DAY


def _first_day(merchant: Merchant) -> date | None:
    first = Call.objects.filter(merchant=merchant).order_by("started_at").values_list("started_at", flat=True).first()
    return day_of(first, merchant.time_zone) if first else None


def _calls(merchant: Merchant, first: date, last: date) -> QuerySet[Call]:
    start, end = moments(first, last, merchant.time_zone)
    return Call.objects.filter(merchant=merchant, started_at__gte=start, started_at__lt=end)


def _by_outcome(calls: QuerySet[Call]) -> QuerySet[Any]:
    paid = When(payment__status=Payment.Status.SUCCEEDED, then=Value(PAID))
    return calls.order_by().annotate(outcome=Case(paid, default=F("stopped"), output_field=CharField()))


def _counted(merchant: Merchant, day: date) -> list[CallDay]:
    groups = _by_outcome(_calls(merchant, day, day)).values_list("livemode", "outcome").annotate(total=Count("pk"))
    return [
        CallDay(merchant=merchant, day=day, livemode=livemode, outcome=outcome, count=count)
        for livemode, outcome, count in groups
    ]
