"""Loading is all or nothing, once, whoever comes between or is killed on the way."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from phonepay.events import types
from phonepay.events.models import Event
from phonepay.merchant.models import Merchant
from phonepay.orders import due
from phonepay.orders.loading import operations, writing
from phonepay.orders.loading.models import Load, LoadPiece, LoadRow
from phonepay.orders.loading.reasons import LoadRefused
from phonepay.orders.loading.work import work
from phonepay.orders.models import Order
from phonepay.people.permissions import NotAllowed, Person
from tests.orders.files import confirmed, order, read, started
from tests.shop import OLIVIA

pytestmark = pytest.mark.database


def test_with_errors_nothing_is_loaded_unless_they_are_left_out(shop: Merchant) -> None:
    load = read(shop, "order,amount\n1042,42.50\n1043,free\n")
    with pytest.raises(LoadRefused) as refused:
        confirmed(load)
    assert refused.value.reason == "has_errors" and not Order.objects.exists()
    confirmed(load, leaves_out=True)
    assert [each.number for each in Order.objects.all()] == ["1042"]


def test_confirming_twice_loads_once(shop: Merchant) -> None:
    load = confirmed(read(shop))
    with pytest.raises(LoadRefused):
        confirmed(load)
    assert Order.objects.count() == 2


def test_an_order_that_came_meanwhile_stops_all_of_it(shop: Merchant) -> None:
    load = read(shop)
    order(shop, "1043")
    confirmed(load)
    assert (load.status, load.failure) == (Load.Status.READING, "moved") and Order.objects.count() == 1
    work(load, timezone.now(), seconds=60)
    assert (load.status, load.new, load.changing) == (Load.Status.READY, 1, 1)


def test_an_order_that_is_being_paid_meanwhile_is_not_changed(shop: Merchant) -> None:
    claimed = order(shop, "2", 4250)
    load = read(shop, "order,amount\n2,50.00\n")
    Order.objects.filter(pk=claimed.pk).update(claimed_by=uuid4())
    confirmed(load, updates=True)
    claimed.refresh_from_db()
    assert load.failure == "moved" and claimed.amount == 4250
    assert not Event.objects.filter(type=types.ORDER_EDITED).exists()


def many(count: int) -> str:
    return "order,amount\n" + "".join(f"{number},42.50\n" for number in range(count))


def test_a_slice_ends_where_its_time_is_over_and_the_next_goes_on(shop: Merchant) -> None:
    load = read(shop, many(1_700), seconds=0)
    assert (load.status, load.rows_read) == (Load.Status.READING, 500)
    while load.status == Load.Status.READING:
        due.run_due(timezone.now() + timedelta(seconds=5))
        load.refresh_from_db()
    assert (load.status, load.new, load.wrong) == (Load.Status.READY, 1_700, 0)


def test_a_worker_that_was_killed_is_taken_over_when_its_lease_is_over(shop: Merchant) -> None:
    load = read(shop, many(1_700), seconds=0)
    now = timezone.now()
    Load.objects.update(lease_until=now + timedelta(seconds=60), due_at=now)
    assert due.run_due(now) == 0
    assert due.run_due(now + timedelta(seconds=61)) == 1
    load.refresh_from_db()
    while load.status == Load.Status.READING:  # a slow machine needs another slice
        assert due.run_due(now + timedelta(seconds=300)) == 1
        load.refresh_from_db()
    assert (load.status, load.new) == (Load.Status.READY, 1_700)


def test_a_failure_in_the_middle_of_writing_leaves_no_order(shop: Merchant, monkeypatch: pytest.MonkeyPatch) -> None:
    load = read(shop)
    monkeypatch.setattr(writing, "record", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        confirmed(load)
    assert not Order.objects.exists()
    monkeypatch.undo()
    due.run_due(timezone.now() + timedelta(seconds=5))
    assert Order.objects.count() == 2


def test_what_nobody_goes_on_with_is_gone_after_a_day(shop: Merchant) -> None:
    load = read(shop)
    for _ in range(2):
        due.run_due(timezone.now() + timedelta(hours=25))
    load.refresh_from_db()
    assert load.status == Load.Status.DISCARDED and load.sample == []
    assert not LoadRow.objects.exists() and not LoadPiece.objects.exists()


def test_given_up_it_changes_nothing(shop: Merchant) -> None:
    load = operations.discard_load(load=read(shop), by=OLIVIA, now=timezone.now())
    with pytest.raises(LoadRefused):
        confirmed(load)
    assert not Order.objects.exists()


def test_columns_can_be_matched_anew_after_reading(shop: Merchant) -> None:
    load = read(shop, "order,amount,deposit\n1042,42.50,10.00\n")
    now = timezone.now()
    operations.match_load(load=load, columns={"number": 0, "amount": 2}, currency="usd", mark=".", by=OLIVIA, now=now)
    work(load, now, seconds=60)
    assert [row.amount for row in LoadRow.objects.all()] == [1000]


def test_another_form_is_read_from_its_start(shop: Merchant) -> None:
    load = started(shop, "order;amount\n1042;42,50\n")
    operations.form_load(
        load=load, by=OLIVIA, now=timezone.now(), encoding="utf-8", delimiter=",", sheet=0, headed=True
    )
    assert load.sample == [["order;amount"], ["1042;42", "50"]]


def test_an_auditor_loads_nothing(shop: Merchant) -> None:
    auditor = Person("person", "3", "Aisha Auditor", role="auditor")
    with pytest.raises(NotAllowed):
        started(shop, by=auditor)
    load = read(shop)
    with pytest.raises(NotAllowed):
        operations.confirm_load(load=load, updates=False, leaves_out=False, by=auditor, now=timezone.now())


def test_a_file_with_a_header_alone_goes_back_to_its_columns(shop: Merchant) -> None:
    load = read(shop, "order,amount\n")
    assert (load.status, load.failure) == (Load.Status.MATCHING, "no_rows")
