"""`phonepay order`."""

import json

import pytest

from phonepay.orders.models import Order
from tests.cli.conftest import Command

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_line(phonepay: Command, db: None) -> None:
    phonepay("line", "set", "--behavior", "fixed-with-order", "--amount", "42.50")


def test_an_order_is_added_in_the_lines_currency(phonepay: Command) -> None:
    printed = phonepay("order", "add", "1234", "42.50")
    order = Order.objects.get()
    assert (printed.code, order.amount, order.currency) == (0, 4250, "usd")
    assert "$42.50" in printed.out and "1 2 3 4" in printed.out


def test_a_yen_order_has_no_decimals(phonepay: Command) -> None:
    phonepay("order", "add", "1234", "4250", "--currency", "JPY")
    assert (Order.objects.get().amount, Order.objects.get().currency) == (4250, "jpy")


@pytest.mark.parametrize(
    ("number", "amount"),
    [("1234", "much"), ("1234", "42.505"), ("1234", "0.10"), ("#12", "42.50"), ("1" * 13, "42.50")],
)
def test_what_cannot_be_an_order_is_refused(phonepay: Command, number: str, amount: str) -> None:
    printed = phonepay("order", "add", number, amount)
    assert printed.code == 1 and printed.err.strip().endswith(".") and not Order.objects.exists()


def test_a_card_number_is_refused_and_not_repeated(phonepay: Command) -> None:
    printed = phonepay("order", "add", "4242424242424242", "42.50")
    assert printed.code == 1 and "4242" not in printed.out + printed.err


def test_a_number_that_is_keyed_alike_is_refused(phonepay: Command) -> None:
    phonepay("order", "add", "INV-0042", "42.50")
    printed = phonepay("order", "add", "468-0042", "42.50")
    assert printed.code == 1 and "INV-0042" in printed.err


def test_an_order_is_found_in_either_case_and_by_its_keys(phonepay: Command) -> None:
    phonepay("order", "add", "INV-0042", "42.50")
    assert phonepay("order", "show", "inv-0042").out == phonepay("order", "show", "4680042").out


def test_orders_are_listed_with_what_is_to_pay(phonepay: Command) -> None:
    phonepay("order", "add", "1234", "42.50", "--name", "Ana Ruiz")
    listed = phonepay("order", "list").out
    assert "Ana Ruiz" in listed and "To pay" in listed and "$42.50" in listed


def test_orders_are_listed_by_status_for_programs(phonepay: Command) -> None:
    phonepay("order", "add", "1234", "42.50")
    phonepay("order", "add", "1235", "42.50")
    phonepay("order", "cancel", "1235")
    (order,) = json.loads(phonepay("order", "list", "--status", "cancelled", "--json").out)
    assert (order["number"], order["amount"]) == ("1235", 4250)


def test_an_order_is_edited(phonepay: Command) -> None:
    phonepay("order", "add", "1234", "42.50")
    phonepay("order", "edit", "1234", "--amount", "45.00", "--number", "1235")
    assert (Order.objects.get().number, Order.objects.get().amount) == ("1235", 4500)


def test_an_edit_of_nothing_is_written_wrong(phonepay: Command) -> None:
    phonepay("order", "add", "1234", "42.50")
    assert phonepay("order", "edit", "1234").code == 2


def test_an_order_is_cancelled_and_reopened(phonepay: Command) -> None:
    phonepay("order", "add", "1234", "42.50")
    phonepay("order", "cancel", "1234")
    assert Order.objects.get().status == "cancelled"
    phonepay("order", "reopen", "1234")
    assert Order.objects.get().status == "unpaid"


def test_an_order_is_noted_as_paid_another_way(phonepay: Command) -> None:
    phonepay("order", "add", "1234", "42.50")
    assert "paid another way: cash" in phonepay("order", "paid", "1234", "--note", "cash").out
    assert phonepay("order", "cancel", "1234").code == 1


def test_an_order_that_is_not_there_is_said(phonepay: Command) -> None:
    assert "There is no order “9”" in phonepay("order", "show", "9").err


def test_a_cancelled_order_is_restored_and_no_other(phonepay: Command) -> None:
    phonepay("order", "add", "1234", "42.50")
    phonepay("order", "cancel", "1234")
    assert phonepay("order", "restore", "1234").out == "Order 1234 is to pay again: $42.50.\n"
    phonepay("order", "paid", "1234", "--note", "cash")
    assert phonepay("order", "restore", "1234").code == 1


def test_more_is_asked_for_by_phone(phonepay: Command) -> None:
    phonepay("order", "add", "1234", "42.50")
    printed = phonepay("order", "ask", "1234", "18.00", "--for", "Broken cup").out
    assert printed == "Added order 1234-2: $18.00 to pay. Callers key 1 2 3 4 2.\n"
