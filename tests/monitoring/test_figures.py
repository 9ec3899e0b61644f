"""What the database knows, as Prometheus reads it: the numbers are those of the shop, and name nobody."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from phonepay.calls.models import Call
from phonepay.configuration.presence import WORKER, Presence
from phonepay.monitoring.exposition import text
from phonepay.monitoring.figures import rows_with_a_time
from phonepay.payments.models import Payment, StripeEvent
from tests.shop import DECLINED, MARY, Till

Numbers = dict[tuple[str, str], float]


def numbers() -> Numbers:
    """Each sample by its name and its labels' values, as a scraper has them."""
    found = {}
    for family in text_string_to_metric_families(text(timezone.now()).decode()):
        for sample in family.samples:
            found[sample.name, " ".join(value for _, value in sorted(sample.labels.items()))] = sample.value
    return found


def call(till: Till, sid: str, **facts: object) -> Call:
    usual = {"started_at": timezone.now(), "last_at": timezone.now(), "script": {}, "state": {}}
    return Call.objects.create(sid=sid, merchant=till.shop, line=till.line, **(usual | facts))


def test_a_payment_is_counted_by_its_state(till: Till) -> None:
    till.pay(till.order())
    till.pay(till.order("1235"), number=DECLINED)
    found = numbers()
    assert found["phonepay_payments", "test succeeded"] == 1
    assert found["phonepay_payments", "test declined"] == 1
    assert found["phonepay_payments", "live succeeded"] == 0


def test_what_is_being_checked_is_counted_however_old_it_is(till: Till) -> None:
    payment = till.agree(till.order())
    long_ago = timezone.now() - timedelta(days=9)
    Payment.objects.filter(pk=payment.pk).update(status=Payment.Status.UNKNOWN, agreed_at=long_ago)
    assert numbers()["phonepay_payments", "test unknown"] == 1


def test_money_is_told_in_minor_units_by_kind(till: Till) -> None:
    order = till.order()
    till.pay(order)
    till.refund(order, 1000)
    found = numbers()
    assert found["phonepay_money_minor_units", "usd sale test"] == 4250
    assert found["phonepay_movements", "usd refund test"] == 1


def test_calls_are_counted_by_where_they_stopped(till: Till) -> None:
    call(till, "CA1", stopped="amount", ended_at=timezone.now())
    call(till, "CA2")
    found = numbers()
    assert (found["phonepay_calls", "test amount"], found["phonepay_calls", "test other"]) == (1, 1)
    assert found["phonepay_calls_on_the_line", ""] == 1


def test_what_is_owed_is_counted_with_the_age_of_the_oldest(till: Till) -> None:
    event = till.hear("payment_intent.succeeded", "pi_1")
    StripeEvent.objects.filter(pk=event.pk).update(due_at=timezone.now() - timedelta(minutes=5))
    found = numbers()
    assert found["phonepay_work_owed", "stripeevent"] == 1
    assert 300 <= found["phonepay_work_oldest_seconds", "stripeevent"] < 330


def test_what_is_not_due_yet_is_not_owed(till: Till) -> None:
    event = till.hear("payment_intent.succeeded", "pi_1")
    StripeEvent.objects.filter(pk=event.pk).update(due_at=timezone.now() + timedelta(minutes=5))
    assert numbers()["phonepay_work_owed", "stripeevent"] == 0


def test_every_kind_of_row_that_the_worker_takes_by_lease_is_counted() -> None:
    leased = {m for m in apps.get_models() if any(f.name == "lease_until" for f in m._meta.get_fields())}
    assert leased <= set(rows_with_a_time())


def test_books_that_were_never_compared_do_not_agree(till: Till) -> None:
    assert numbers()["phonepay_books_agree_until_timestamp_seconds", "test"] == 0


def test_a_worker_that_is_there_is_seen(till: Till) -> None:
    assert numbers()["phonepay_worker_seen_timestamp_seconds", ""] == 0
    Presence(WORKER, timezone.now()).beat(timezone.now())
    found = numbers()
    assert found["phonepay_processes", "worker"] == 1
    assert found["phonepay_worker_seen_timestamp_seconds", ""] > 0


def test_nobody_is_named(till: Till) -> None:
    payment = till.pay(till.order("1042"), phone=MARY)
    said = text(timezone.now()).decode()
    assert MARY not in said and str(payment.pk) not in said and till.shop.name not in said


def test_reading_takes_as_many_statements_with_many_rows_as_with_few(till: Till) -> None:
    till.pay(till.order())
    with CaptureQueriesContext(
        connection,
    ) as few:
        text(timezone.now())
    for number in range(5):
        till.pay(till.order(f"20{number}"))
        call(till, f"CA{number}")
    with CaptureQueriesContext(connection) as many:
        text(timezone.now())
    assert len(many) == len(few)


def test_without_the_database_the_rest_is_told(till: Till, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("takes SQLite's file away")
    connection.close()
    with monkeypatch.context() as away:
        away.setitem(connection.settings_dict, "NAME", str(tmp_path / "gone" / "nothing.sqlite3"))
        found = numbers()
    assert found["phonepay_database_up", ""] == 0
    assert ("phonepay_payments", "test succeeded") not in found
