"""`phonepay order number` and `attach`: an order that a caller made."""

import pytest

from tests.cli.conftest import Command
from tests.shop import Till

pytestmark = pytest.mark.django_db


def test_an_order_of_a_call_gets_its_right_number(phonepay: Command, till: Till) -> None:
    till.pay(None, keys="1243")
    assert phonepay("order", "number", "1243", "1234").out == "Order 1243 is 1234 now.\n"
    assert phonepay("order", "show", "1234").out.startswith("$42.50  Paid")


def test_what_a_caller_paid_under_a_wrong_number_is_attached(phonepay: Command, till: Till) -> None:
    made = till.pay(None, keys="1243").order
    meant = till.order("1234", 6000)
    assert "$42.50 was paid, and order 1234 is $60.00." in phonepay("order", "attach", "1243", "1234").err
    printed = phonepay("order", "attach", "1243", "1234", "--fit", "rest").out
    meant.refresh_from_db()
    assert "What was paid under 1243 is order 1234's now." in printed and meant.amount == 1750
    assert made is not None
    made.refresh_from_db()
    assert made.attached_to_id == meant.pk and "Attached to another" in phonepay("order", "list").out
