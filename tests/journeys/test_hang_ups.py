"""Hanging up, at any point: what is written, what is cancelled, and what is charged all the same."""

from collections.abc import Callable

import pytest

from phonepay.orders.models import Order
from phonepay.payments.models import Payment
from tests.journeys.phone import Caller, Phone
from tests.journeys.shop import NO_FUNDS, VISA, Shop


@pytest.mark.parametrize("keys", [[], ["1043#"], ["1043#", "42*50#"]], ids=["at once", "number", "amount"])
def test_before_agreeing_nothing_is_written_to_orders_or_payments(phone: Phone, shop: Shop, keys: list[str]) -> None:
    shop.line("caller-with-order")
    caller = phone.dial()
    for each in keys:
        caller.press(each)
    caller.hang_up()
    assert not Payment.objects.exists()
    assert not Order.with_reserved.exists()
    assert (shop.call.ended, shop.call.told) == ("hung_up", "")
    assert shop.call.seconds == caller.call.duration


@pytest.mark.parametrize("told", [True, False])
def test_agreed_without_a_card_is_cancelled_after_two_minutes(
    phone_with: Callable[..., Phone], shop: Shop, told: bool
) -> None:
    shop.line("fixed")
    caller = phone_with(action_on_hangup=told).dial()
    caller.press("1")
    caller.hang_up()
    shop.work(seconds=100)
    assert shop.statuses == ["agreed"]
    shop.work(seconds=21)
    assert (shop.statuses, [intent["status"] for intent in shop.bank.intents]) == (["abandoned"], ["canceled"])
    assert not Order.with_reserved.exists()


@pytest.mark.parametrize("field", ["expiration-date", "security-code", "postal-code"])
def test_in_the_middle_of_the_card(phone: Phone, shop: Shop, field: str) -> None:
    shop.line("fixed")
    caller = phone.dial()
    caller.call.at(field).hang_up()
    caller.then("1", VISA)
    assert caller.ended == "caller"
    shop.work(minutes=3)
    assert shop.statuses == ["abandoned"]


def hangs_up_in_the_wait(phone: Phone) -> Caller:
    caller = phone.dial()
    caller.call.at(request="/waiting/").hang_up()
    caller.then("1", VISA)
    assert caller.ended == "caller"
    return caller


def test_success_then_hang_up_is_paid_and_not_told(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    hangs_up_in_the_wait(phone)
    assert (shop.statuses, shop.booked) == (["succeeded"], [("sale", 4250)])
    assert (shop.call.told, shop.call.ended) == ("", "hung_up")


def test_our_own_fault_then_hang_up_is_our_fault_and_not_told(phone: Phone, shop: Shop) -> None:
    shop.line("fixed", connector="Another")
    caller = phone.dial()
    caller.call.at(words="we cannot reach the card service").hang_up()
    caller.press("1")
    assert caller.ended == "caller"
    assert (shop.call.ended, shop.call.told) == ("unreachable", "")


def test_success_then_hang_up_while_the_bank_is_slow(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    shop.bank.hold()
    hangs_up_in_the_wait(phone)
    shop.clock.turn(minutes=1)
    shop.bank.let_go()
    assert (shop.statuses, shop.call.told) == (["succeeded"], "")


def test_after_not_charged_and_another_card_nothing_is_said_of_the_money(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    caller = phone.dial()
    caller.then("1", NO_FUNDS)
    assert shop.call.told == "not_charged"
    caller.call.at(request="/waiting/").hang_up()
    caller.then("1", VISA)
    assert (shop.call.told, shop.statuses) == ("", ["succeeded"])


def test_hanging_up_after_a_decline_cancels_at_once(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    caller = phone.dial()
    caller.then("1", NO_FUNDS)
    caller.hang_up()
    shop.work()
    assert [intent["status"] for intent in shop.bank.intents] == ["canceled"]
    assert shop.call.told == "not_charged"


def hangs_up_while_the_card_is_sent(phone: Phone, shop: Shop) -> Caller:
    """The token was made, and the caller is gone before the connector has answered."""
    shop.line("fixed")
    caller = phone.dial()
    caller.call.at("payment-processing").hang_up(after_seconds=1.2)
    caller.then("1", VISA)
    assert caller.ended == "caller"
    return caller


@pytest.mark.parametrize("late", [False, True], ids=["before the call's end", "after it"])
def test_a_success_of_a_call_that_is_over_is_charged(phone_with: Callable[..., Phone], shop: Shop, late: bool) -> None:
    phone = phone_with(hangup_while_processing="success", action_after_status=late)
    hangs_up_while_the_card_is_sent(phone, shop)
    assert (shop.statuses, shop.call.told) == (["succeeded"], "")


@pytest.mark.parametrize(("seconds", "status"), [(119, "succeeded"), (121, "abandoned")])
def test_a_success_is_charged_up_to_two_minutes_after_the_end(
    phone_with: Callable[..., Phone], shop: Shop, seconds: int, status: str
) -> None:
    phone = phone_with(action_on_hangup=False)
    caller = hangs_up_while_the_card_is_sent(phone, shop)
    token = shop.bank.account.payment_methods[0]["id"]
    shop.clock.turn(seconds)
    phone.forge(caller, f"/twilio/pay/{shop.payment.attempt}", Result="success", PaymentToken=token)
    shop.bank.let_go()
    assert shop.statuses == [status]


def test_a_success_after_the_sweeper_has_cancelled_charges_nothing(
    phone_with: Callable[..., Phone], shop: Shop
) -> None:
    phone = phone_with(action_on_hangup=False)
    caller = hangs_up_while_the_card_is_sent(phone, shop)
    shop.work(seconds=125)
    token = shop.bank.account.payment_methods[0]["id"]
    answer = phone.forge(caller, f"/twilio/pay/{shop.payment.attempt}", Result="success", PaymentToken=token)
    assert answer.startswith("<?xml")
    assert (shop.statuses, shop.bank.charges) == (["abandoned"], [])


def test_while_a_person_rings(phone: Phone, shop: Shop) -> None:
    shop.line()
    caller = phone.dial()
    caller.press("0#")
    caller.hang_up(after=3)
    assert (shop.call.ended, shop.call.told) == ("hung_up", "")


def test_the_end_that_twilio_did_not_tell_is_found_out(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    phone.telephone.status_url = None
    caller = phone.dial()
    caller.press("1")
    caller.hang_up()
    assert shop.call.ended_at is None
    shop.work(hours=5)
    assert shop.call.ended == "hung_up"
    assert shop.statuses == ["abandoned"]
