"""A file of orders as it is read: columns, rows, what is wrong with them, and how they compare."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone

from phonepay.events import types
from phonepay.events.models import Event
from phonepay.merchant.models import Merchant
from phonepay.orders.loading import operations
from phonepay.orders.loading.models import Load, LoadPiece, LoadRow
from phonepay.orders.loading.work import work
from phonepay.orders.models import Order
from phonepay.orders.operations import cancel_order
from tests.orders.files import confirmed, order, outcomes, read, started
from tests.shop import OLIVIA


def test_a_file_becomes_orders(shop: Merchant) -> None:
    load = confirmed(read(shop))
    assert load.status == Load.Status.LOADED and load.new == 2
    ana = Order.objects.get(number="INV-0042")
    assert (ana.amount, ana.currency, ana.keyed, ana.status, ana.load) == (4250, "usd", "0042", "unpaid", load)
    assert (ana.customer_name, ana.customer_phone) == ("Ana Ruiz", "+12025550101")
    assert Order.objects.get(number="1043").amount == 123450


def test_an_order_that_was_loaded_is_like_one_that_was_entered(shop: Merchant) -> None:
    entered = order(shop, "INV-7A", 4250, customer_name="Ana")
    confirmed(read(shop, "order,amount,name\nINV-8K,42.50,Ana\n"))
    apart = ("id", "number", "keyed", "load")
    alike = [each.name for each in Order._meta.fields if each.name not in apart and not each.generated]
    loaded = Order.objects.get(number="INV-8K")
    assert (
        all(getattr(loaded, name) == getattr(entered, name) for name in alike if not name.endswith("_at"))
        and loaded.lettered == entered.lettered
    )


def test_loading_is_an_event(shop: Merchant) -> None:
    load = confirmed(read(shop))
    event = Event.objects.get(type=types.ORDERS_LOADED)
    assert (event.subject_id, event.actor_name) == (str(load.pk), "Olivia Owner")
    assert event.data == {"file": "orders.csv", "added": 2, "changed": 0, "left_out": 0}


def test_the_file_is_gone_when_it_is_loaded(shop: Merchant) -> None:
    confirmed(read(shop))
    assert not LoadPiece.objects.exists()


def test_the_file_is_kept_unreadable(shop: Merchant) -> None:
    started(shop)
    assert b"Ana Ruiz" not in bytes(LoadPiece.objects.get().data)


def test_headings_in_spanish_are_matched(shop: Merchant) -> None:
    load = started(shop, "N.º de pedido;Cliente;Teléfono;Importe\n1042;Ana;;42,50\n")
    assert load.columns == {"number": 0, "customer_name": 1, "customer_phone": 2, "amount": 3}
    assert (load.delimiter, load.decimal_mark) == (";", ",")


def test_columns_without_headings_are_matched_by_what_is_in_them(shop: Merchant) -> None:
    load = started(shop, "42.50,1042,ana@example.com,+12025550101\n18.00,1043,bo@example.com,+12025550103\n")
    assert not load.headed
    assert load.columns == {"amount": 0, "number": 1, "customer_email": 2, "customer_phone": 3}


def test_a_shop_is_asked_once_which_column_is_what(shop: Merchant) -> None:
    text = "A,B,C\n1042,42.50,7.50\n"
    load = started(shop, text)
    now = timezone.now()
    operations.match_load(load=load, columns={"number": 0, "amount": 2}, currency="usd", mark=".", by=OLIVIA, now=now)
    work(load, now, seconds=60)
    confirmed(load)
    assert started(shop, "A,B,C\n1050,1.00,2.00\n").columns == {"number": 0, "amount": 2}


def test_rows_are_compared_with_the_orders_there_are(shop: Merchant) -> None:
    order(shop, "1", 4250)
    order(shop, "2", 4250)
    cancel_order(order=order(shop, "3"), by=OLIVIA, now=timezone.now())
    Order.objects.filter(pk=order(shop, "4").pk).update(claimed_by=uuid4())
    load = read(shop, "order,amount\n1,42.50\n2,50.00\n3,42.50\n4,42.50\n5,42.50\n")
    assert outcomes(load) == [
        (2, "same", ""),
        (3, "change", ""),
        (4, "refused", "cancelled"),
        (5, "refused", "being_paid"),
        (6, "new", ""),
    ]
    assert (load.same, load.changing, load.refused, load.new) == (1, 1, 2, 1)


def test_only_new_ones_are_added_unless_changes_are_asked_for(shop: Merchant) -> None:
    order(shop, "2", 4250)
    confirmed(read(shop, "order,amount\n2,50.00\n5,42.50\n"))
    assert Order.objects.get(number="2").amount == 4250 and Order.objects.filter(number="5").exists()


def test_unpaid_orders_that_differ_are_changed_if_asked(shop: Merchant) -> None:
    before = order(shop, "2", 4250, customer_name="Ana", note="Call first")
    confirmed(read(shop, "order,amount,name,note\n2,50.00,Ana Ruiz,\n"), updates=True)
    after = Order.objects.get(number="2")
    assert (after.amount, after.customer_name, after.note) == (5000, "Ana Ruiz", "Call first")
    event = Event.objects.get(type=types.ORDER_EDITED, subject_id=str(before.pk))
    assert event.data == {
        "before": {"amount": 4250, "customer_name": "Ana"},
        "after": {"amount": 5000, "customer_name": "Ana Ruiz"},
    }


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ("4242 4242 4242 4242,42.50,", "number", "card"),
        ("1042,42.50,my card is 4242-4242-4242-4242", "note", "card"),
        (",42.50,", "number", "number_missing"),
        ("10/42,42.50,", "number", "number_characters"),
        ("1234567890123,42.50,", "number", "number_keys"),
        ("1042,,", "amount", "amount_missing"),
        ("1042,free,", "amount", "amount_unreadable"),
        ("1042,-5.00,", "amount", "amount_negative"),
        ('1042,"1.234",', "amount", "amount_ambiguous"),
        ("1042,0.10,", "amount", "amount_too_little"),
        ("1042,42.50," + "x" * 501, "note", "long"),
    ],
)
def test_a_row_in_error_says_where_and_why(shop: Merchant, row: str, field: str, reason: str) -> None:
    load = started(shop, f"order,amount,note\n{row}\n")
    now = timezone.now()
    columns = {"number": 0, "amount": 1, "note": 2}
    operations.match_load(load=load, columns=columns, currency="usd", mark="", by=OLIVIA, now=now)
    work(load, now, seconds=60)
    found = LoadRow.objects.get(load=load)
    assert (found.line, found.outcome, found.field, found.reason) == (2, "wrong", field, reason)


def test_a_card_number_is_kept_nowhere(shop: Merchant) -> None:
    load = read(shop, "order,amount,secret 4242424242424242\n1042,42.50,4242 4242 4242 4242\n1043,42.50,fine\n")
    rows = str(list(LoadRow.objects.values())) + str(load.sample) + str(load.file_name)
    assert "4242 4242" not in rows and "42424242" not in rows
    assert LoadRow.objects.get(line=2).reason == "card"


def test_the_same_order_twice_in_a_file_is_an_error_of_the_second(shop: Merchant) -> None:
    load = read(shop, "order,amount\nINV-1,42.50\ninv 1,50.00\n1,60.00\n")
    assert [row[2] for row in outcomes(load)] == ["", "twice", "alike_in_file"]


def test_an_order_that_is_keyed_like_another_is_an_error(shop: Merchant) -> None:
    order(shop, "ABC")
    assert outcomes(read(shop, "order,amount\n222,42.50\n")) == [(2, "wrong", "alike")]
