"""What the database knows about the work, read when somebody asks: no turn of a call and no charge pays for it.

Nothing is read that grows with the years: calls and movements come from the sums per day (calls.days, payments.days),
payments by state are those of the last day and those that are still open, and what is owed goes by an index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Count, Min, Model
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from phonepay.calls import days as call_days
from phonepay.calls.models import Call
from phonepay.configuration.presence import WEB, WORKER, at_work, last_seen
from phonepay.merchant.models import Merchant
from phonepay.payments import days as ledger_days
from phonepay.payments.books import agree_until, open_discrepancies
from phonepay.payments.models import Payment

LATELY = timedelta(days=1)
MODES = ((False, "test"), (True, "live"))
_FIRST = date(2000, 1, 1)  # before every call
COUNTED_TO = 10_000  # of what is owed


def families(now: datetime) -> Iterator[Metric]:
    """All of them, one statement or a few each."""
    shops = list(Merchant.objects.all())
    yield from _calls(shops, now)
    yield _payments(shops, now)
    yield from _money(shops, now)
    yield from _owed(now)
    yield from _books(shops)
    yield from _processes(now)


def _calls(shops: Iterable[Merchant], now: datetime) -> Iterator[Metric]:
    total = GaugeMetricFamily(
        "phonepay_calls",
        "Calls ever, by where they stopped; paid, and other for those on the line. An outcome may still be corrected.",
        labels=("mode", "outcome"),
    )
    for livemode, mode in MODES:
        found: Counter[str] = Counter()
        for shop in shops:
            found.update(call_days.read(shop, _FIRST, ledger_days.day_of(now, shop.time_zone), livemode=livemode))
        for outcome, count in sorted(found.items()):
            total.add_metric((mode, outcome or "other"), count)
    yield total
    on_the_line = Call.objects.filter(ended_at=None).count()
    yield GaugeMetricFamily("phonepay_calls_on_the_line", "Calls that go on now.", value=on_the_line)


def _payments(shops: Iterable[Merchant], now: datetime) -> Metric:
    family = GaugeMetricFamily(
        "phonepay_payments",
        "Payments by state: of the last 24 hours, and whatever is older and being checked.",
        labels=("mode", "state"),
    )
    for livemode, mode in MODES:
        counted: Counter[str] = Counter()
        for shop in shops:
            rows = Payment.objects.filter(merchant=shop, livemode=livemode).order_by()
            lately = rows.filter(agreed_at__gt=now - LATELY)
            older = rows.filter(agreed_at__lte=now - LATELY, status__in=Payment.UNDER_WAY)
            for each in (lately, older):
                counted.update(dict(each.values_list("status").annotate(total=Count("pk"))))
        for state in Payment.Status.values:
            family.add_metric((mode, state), counted[state])
    return family


def _money(shops: Iterable[Merchant], now: datetime) -> Iterator[Metric]:
    moved = GaugeMetricFamily(
        "phonepay_movements", "Movements of money ever, by the ledger's kind.", labels=("mode", "kind", "currency")
    )
    amount = GaugeMetricFamily(
        "phonepay_money_minor_units",
        "Money moved ever, in the currency's smallest unit, signed as the shop sees it.",
        labels=("mode", "kind", "currency"),
    )
    for livemode, mode in MODES:
        counts: Counter[tuple[str, str]] = Counter()
        sums: Counter[tuple[str, str]] = Counter()
        for shop in shops:
            today = ledger_days.day_of(now, shop.time_zone)
            for day in ledger_days.read(shop, _FIRST, today, livemode=livemode):
                counts[day.kind, day.currency] += day.count
                sums[day.kind, day.currency] += day.sum
        for kind, currency in sorted(counts):
            moved.add_metric((mode, kind, currency), counts[kind, currency])
            amount.add_metric((mode, kind, currency), sums[kind, currency])
    yield moved
    yield amount


def _owed(now: datetime) -> Iterator[Metric]:
    waiting = GaugeMetricFamily(
        "phonepay_work_owed", "Rows whose time has come and that no worker has done yet.", labels=("kind",)
    )
    oldest = GaugeMetricFamily(
        "phonepay_work_oldest_seconds", "For how long the oldest of them has been due.", labels=("kind",)
    )
    for model in rows_with_a_time():
        due = model._default_manager.filter(due_at__lte=now)
        count = due.order_by()[:COUNTED_TO].count()
        first = due.aggregate(first=Min("due_at"))["first"] if count else None
        waiting.add_metric((str(model._meta.model_name),), count)
        oldest.add_metric((str(model._meta.model_name),), (now - first).total_seconds() if first else 0)
    yield waiting
    yield oldest


def rows_with_a_time() -> list[type[Model]]:
    """Every kind of row that the worker owes something: what has `due_at`, so that a new kind is counted by itself."""
    found = []
    for model in apps.get_models():
        try:
            model._meta.get_field("due_at")
        except FieldDoesNotExist:
            continue
        found.append(model)
    return sorted(found, key=lambda each: str(each._meta.model_name))


def _books(shops: Iterable[Merchant]) -> Iterator[Metric]:
    agree = GaugeMetricFamily(
        "phonepay_books_agree_until_timestamp_seconds",
        "Up to when our books and Stripe's agree, in Unix time; 0 where something does not agree.",
        labels=("mode",),
    )
    differ = GaugeMetricFamily("phonepay_books_discrepancies", "What does not agree now.", labels=("mode",))
    for livemode, mode in MODES:
        until = [agree_until(shop, livemode) for shop in shops]
        open_ones = sum(open_discrepancies(shop, livemode=livemode).count() for shop in shops)
        first = min((each.timestamp() if each else 0.0 for each in until), default=0.0)
        agree.add_metric((mode,), first)
        differ.add_metric((mode,), open_ones)
    yield agree
    yield differ


def _processes(now: datetime) -> Iterator[Metric]:
    there = GaugeMetricFamily("phonepay_processes", "Processes at work, on all hosts.", labels=("kind",))
    for kind in (WEB, WORKER):
        there.add_metric((kind,), len(at_work(kind, now)))
    yield there
    last = last_seen(WORKER)
    yield GaugeMetricFamily(
        "phonepay_worker_seen_timestamp_seconds",
        "When a worker was last heard of, in Unix time; 0 for never. They say it every 15 seconds.",
        value=last.seen_at.timestamp() if last else 0,
    )
