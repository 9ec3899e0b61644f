"""Eight keys or more that name no order are forgotten with the call, unless somebody agreed to pay for them."""

from __future__ import annotations

import json

from phonepay.calls.models import Call
from tests.journeys.phone import Phone
from tests.journeys.shop import VISA, Shop

PIECE = "52008282"


def kept(shop: Shop) -> str:
    """All that the call's row says, the words digit by digit too."""
    row = json.dumps([dict(each) for each in Call.objects.filter(pk=shop.call.pk).values("state", "turns")])
    return row + row.replace(", ", "").replace(". ", "")


def test_it_is_blanked_when_nobody_agreed_to_pay_for_it(phone: Phone, shop: Shop) -> None:
    shop.line("caller-with-order")
    caller = phone.dial()
    caller.then(f"{PIECE}#", "42*50#")
    assert PIECE in kept(shop)
    caller.hang_up()
    assert PIECE not in kept(shop) and "xxxxxxxx" in kept(shop)
    assert (shop.call.state["order_keys"], shop.call.state["amount"]) == ("", 4250)


def test_so_is_one_that_was_changed_for_another(phone: Phone, shop: Shop) -> None:
    shop.line("caller-with-order")
    caller = phone.dial()
    caller.then(f"{PIECE}#", "42*50#", "3", "77123456#")
    caller.hang_up()
    assert PIECE not in kept(shop) and "77123456" not in kept(shop)


def test_one_that_was_agreed_to_stays(phone: Phone, shop: Shop) -> None:
    shop.line("caller-with-order")
    phone.tell(f"{PIECE}#", "42*50#", "1", VISA)
    assert shop.payment.number == PIECE and PIECE in kept(shop)


def test_a_number_of_the_shop_stays(phone: Phone, shop: Shop) -> None:
    shop.line("fixed-with-order")
    shop.order(PIECE)
    caller = phone.dial()
    caller.press(f"{PIECE}#")
    caller.hang_up()
    assert shop.call.state["order_keys"] == PIECE and PIECE in kept(shop)


def test_short_numbers_stay(phone: Phone, shop: Shop) -> None:
    shop.line("caller-with-order")
    caller = phone.dial()
    caller.press("9876#")
    caller.hang_up()
    assert shop.call.state["order_keys"] == "9876"
