"""How an order stands as the caller keys it, and what becomes of it while the card is keyed."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from phonepay.events.actors import SYSTEM
from phonepay.orders.operations import cancel_order, edit_order, mark_paid_another_way
from phonepay.payments.refunds import refund
from tests.journeys.phone import SILENCE, Phone
from tests.journeys.shop import VISA, Card, Shop

ANOTHER = "To enter another number, press 2. Otherwise, you can hang up."
CONFIRM = "Order 1, 0, 4, 2: forty-two dollars and fifty cents. To pay, press 1. To enter another number, press 2."


def paid_by_somebody(phone: Phone) -> None:
    phone.dial("+15550177").then("1042#", "1", VISA)


def test_an_order_paid_today(phone: Phone, shop: Shop) -> None:
    shop.line()
    shop.order()
    shop.clock.turn(minutes=31)
    paid_by_somebody(phone)
    shop.clock.turn(hours=1)
    assert (
        phone.tell("1042#")[-1] == f"Order 1, 0, 4, 2 was paid today at 2:32 PM. There is nothing to pay now. {ANOTHER}"
    )


def test_an_order_paid_on_another_day(phone: Phone, shop: Shop) -> None:
    shop.line()
    shop.order()
    paid_by_somebody(phone)
    shop.clock.turn(days=3)
    caller = phone.dial()
    assert caller.press("1042#").startswith("Order 1, 0, 4, 2 was paid on November 23. There is nothing to pay now.")
    assert caller.press("2") == "Enter your order number, then press the pound key."


def test_silence_after_nothing_to_pay_is_goodbye(phone: Phone, shop: Shop) -> None:
    shop.line()
    shop.order()
    paid_by_somebody(phone)
    assert phone.tell("1042#", SILENCE)[-1] == "Goodbye."
    assert (shop.call.ended, shop.call.told) == ("already_paid", "nothing_to_pay")


def test_an_order_paid_another_way(phone: Phone, shop: Shop) -> None:
    shop.line()
    mark_paid_another_way(order=shop.order(), note="cash", by=SYSTEM, now=shop.clock.now)
    assert phone.tell("1042#")[-1].startswith(
        "Order 1, 0, 4, 2 was paid today at 2:00 PM. There is nothing to pay now."
    )


def test_an_order_refunded(phone: Phone, shop: Shop) -> None:
    shop.line()
    order = shop.order()
    paid_by_somebody(phone)
    refund(of=order, amount=None, reason="requested_by_customer", key="all", by=SYSTEM, now=shop.clock.now)
    assert phone.tell("1042#")[-1] == (
        f"Order 1, 0, 4, 2 was paid and then refunded. There is nothing to pay now. {ANOTHER}"
    )


def test_an_order_cancelled(phone: Phone, shop: Shop) -> None:
    shop.line()
    cancel_order(order=shop.order(), by=SYSTEM, now=shop.clock.now)
    assert phone.tell("1042#")[-1] == f"Order 1, 0, 4, 2 was cancelled. There is nothing to pay. {ANOTHER}"


def test_an_order_being_paid_in_another_call(phone: Phone, shop: Shop) -> None:
    shop.line()
    shop.order()
    shop.bank.hold()
    other = phone.dial("+15550177")
    other.call.at(request="/waiting/").hang_up()
    other.then("1042#", "1", VISA)
    assert phone.tell("1042#")[-1] == (
        "Order 1, 0, 4, 2 is being paid in another call right now. You have not been charged. "
        "If it still needs paying, call again in ten minutes. Goodbye."
    )


@pytest.mark.database
def test_keying_a_card_blocks_nobody_and_who_comes_second_is_not_charged(phone: Phone, shop: Shop) -> None:
    shop.line()
    shop.order()
    slow = phone.dial()
    slow.then("1042#", "1")
    paid_by_somebody(phone)
    assert slow.pay_with(VISA).endswith(
        "Thank you. Order 1, 0, 4, 2 was paid in another call a moment ago. You have not been charged. Goodbye."
    )
    assert shop.bank.money == 4250
    assert shop.call.ended == "paid"


@pytest.mark.database
def test_who_comes_second_while_the_first_charge_is_under_way(phone: Phone, shop: Shop) -> None:
    shop.line()
    shop.order()
    second = phone.dial()
    second.then("1042#", "1")
    shop.bank.hold()
    first = phone.dial("+15550177")
    first.call.at(request="/waiting/").hang_up()
    first.then("1042#", "1", VISA)
    assert "is being paid in another call right now. You have not been charged." in second.pay_with(VISA)


@pytest.mark.database
def test_a_new_number_that_another_caller_pays_meanwhile(phone: Phone, shop: Shop) -> None:
    shop.line()
    slow = phone.dial()
    slow.then("1043#", "1")
    phone.dial("+15550177").then("1043#", "1", VISA)
    assert slow.pay_with(VISA).endswith(
        "Order 1, 0, 4, 3 was paid in another call a moment ago. You have not been charged. Goodbye."
    )
    assert shop.bank.money == 4250


def test_an_order_cancelled_while_the_card_is_keyed(phone: Phone, shop: Shop) -> None:
    shop.line()
    order = shop.order()
    caller = phone.dial()
    caller.then("1042#", "1")
    cancel_order(order=order, by=SYSTEM, now=shop.clock.now)
    assert caller.pay_with(VISA).endswith(f"Order 1, 0, 4, 2 was cancelled. There is nothing to pay. {ANOTHER}")
    assert shop.bank.money == 0


def test_an_order_whose_amount_changes_while_the_card_is_keyed(phone: Phone, shop: Shop) -> None:
    shop.line()
    order = shop.order()
    caller = phone.dial()
    caller.then("1042#", "1")
    edit_order(order=order, amount=5000, by=SYSTEM, now=shop.clock.now)
    assert caller.pay_with(VISA).endswith(
        "The amount of order 1, 0, 4, 2 has changed. You have not been charged. "
        "Order 1, 0, 4, 2: fifty dollars. To pay, press 1. To enter another number, press 2."
    )
    caller.then("1", VISA)
    assert (shop.bank.money, shop.booked) == (5000, [("sale", 5000)])


def test_a_new_number_that_the_shop_puts_on_its_list_meanwhile(phone: Phone, shop: Shop) -> None:
    shop.line()
    caller = phone.dial()
    caller.then("1043#", "1")
    shop.order("1043", 7000)
    assert caller.pay_with(VISA).endswith(
        "The amount of order 1, 0, 4, 3 has changed. You have not been charged. "
        "Order 1, 0, 4, 3: seventy dollars. To pay, press 1. To enter another number, press 2."
    )
    assert shop.bank.money == 0


def test_an_agreement_holds_for_ten_minutes(phone: Phone, shop: Shop) -> None:
    shop.line()
    shop.order()
    caller = phone.dial()
    caller.then("1042#", "1")
    shop.clock.turn(minutes=11)
    assert caller.pay_with(VISA).endswith(
        f"More than ten minutes have passed, so we did not use the card. You have not been charged. {CONFIRM}"
    )
    caller.then("1", VISA)
    assert shop.statuses == ["abandoned", "succeeded"]


def test_an_unknown_number_is_refused_three_times(phone: Phone, shop: Shop) -> None:
    shop.line(accepts_unknown_orders=False)
    no = "Please check the number and enter it again, then press the pound key."
    assert phone.tell("1#", "2222#", "33#")[1:] == [
        f"We have no order 1. {no}",
        f"We have no order 2, 2, 2, 2. {no}",
        "We could not find that number. You have not been charged. Please check it and call again. Goodbye.",
    ]
    assert shop.call.ended == "refused_number"


@pytest.mark.parametrize(("keys", "prefix"), [("4680042#", ""), ("4680042#", "INV-"), ("0042#", "INV-")])
def test_letters_are_keyed_by_their_keys_and_the_prefix_can_be_left_out(
    phone: Phone, shop: Shop, keys: str, prefix: str
) -> None:
    shop.merchant.order_prefix = prefix
    shop.merchant.save()
    shop.line()
    shop.order("INV-0042")
    assert phone.tell(keys)[-1].startswith("Order I, N, V. 0, 0, 4, 2: forty-two dollars and fifty cents.")


def test_how_letters_are_keyed_is_said_where_an_order_has_some(phone: Phone, shop: Shop) -> None:
    shop.line()
    hint = "For a letter, press its key once. Leave out dashes."
    assert hint not in phone.dial().heard
    shop.order("INV-0042")
    assert phone.dial().heard.endswith(hint)


def test_leading_zeros_count(phone: Phone, shop: Shop) -> None:
    shop.line(accepts_unknown_orders=False)
    shop.order("0042")
    heard = phone.tell("42#", "0042#")
    assert heard[1].startswith("We have no order 4, 2.")
    assert heard[2].startswith("Order 0, 0, 4, 2:")


def test_an_order_paid_in_test_mode_is_payable_in_live(phone: Phone, shop: Shop) -> None:
    shop.line()
    shop.order()
    phone.tell("1042#", "1", VISA)
    shop.use_key("sk_live_thetestsownkey00")
    assert phone.tell("1042#", "1", Card("4539578763621486"))[-1].find("You have paid") > 0
    assert [entry["livemode"] for entry in shop.ledger] == [False, True]


@pytest.mark.parametrize("late", [timedelta(minutes=1), timedelta(minutes=30)])
def test_2_after_nothing_to_pay_leads_to_a_payment_of_another(
    phone: Phone, shop: Shop, late: timedelta, phone_with: Callable[..., Phone]
) -> None:
    shop.line()
    shop.order()
    shop.order("1044", 9900)
    paid_by_somebody(phone)
    shop.clock.turn(late.total_seconds())
    assert "You have paid ninety-nine dollars." in phone.tell("1042#", "2", "1044#", "1", VISA)[-1]
    assert shop.bank.money == 4250 + 9900
