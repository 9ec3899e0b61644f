"""Waiting for the bank: the words of the wait, and what is heard when no answer comes."""

from itertools import pairwise

import pytest

from phonepay.payments.models import Payment
from tests.journeys.phone import Caller, Phone
from tests.journeys.shop import VISA, Shop, said

WAITED = (
    "One moment while we ask your bank. Still waiting for your bank. Please stay on the line. "
    "This is taking longer than usual. Thank you for waiting. "
)
REPEAT = "To hear that again, press 9. Otherwise, you can hang up. Goodbye."


def checking(shop: Shop, what_now: str = "To hear the result, call again in an hour.") -> str:
    number = said(Payment.objects.latest("agreed_at").confirmation or "")
    return (
        "Your bank has not answered yet, so we are checking. Please do not pay again. "
        f"Your reference number is {number}. {what_now} {REPEAT}"
    )


def kept_waiting(phone: Phone, shop: Shop, *keys: str) -> Caller:
    """A caller whose bank has not answered in 25 seconds."""
    shop.bank.hold(done=True)
    caller = phone.dial()
    caller.then(*keys, VISA)
    return caller


def after_the_card(caller: Caller) -> str:
    return caller.heard.partition("Thank you. ")[2]


def test_the_bank_does_not_answer(phone: Phone, shop: Shop) -> None:
    shop.line()
    shop.order()
    caller = kept_waiting(phone, shop, "1042#", "1")
    assert after_the_card(caller) == WAITED + checking(shop)
    assert caller.press("9") == checking(shop)
    caller.hang_up()
    assert (shop.call.told, shop.call.ended) == ("checking", "checking")


def test_the_words_of_the_wait_come_after_5_and_12_seconds_and_the_end_at_25(phone: Phone, shop: Shop) -> None:
    shop.line()
    shop.order()
    caller = kept_waiting(phone, shop, "1042#", "1")
    charging = next(turn for turn in caller.turns if "/pay/" in turn.path)
    began = charging.at + charging.seconds
    at = {heard.text[:13]: heard.at - began for heard in caller.call.heard}
    assert at["Still waiting"] == pytest.approx(5.5, abs=0.7)
    assert at["This is takin"] == pytest.approx(12.5, abs=0.7)
    assert 25 <= at["Your bank has"] < 27.5


def test_the_caller_is_never_left_in_silence_for_long(phone: Phone, shop: Shop) -> None:
    shop.line()
    shop.order()
    caller = kept_waiting(phone, shop, "1042#", "1")
    words = [heard for heard in caller.call.heard if heard.at > 60]
    gaps = [later.at - (earlier.at + earlier.seconds) for earlier, later in pairwise(words)]
    assert max(gaps) < 11


def test_who_calls_again_before_it_is_known_is_not_charged_again(phone: Phone, shop: Shop) -> None:
    shop.line()
    shop.order()
    kept_waiting(phone, shop, "1042#", "1").hang_up()
    shop.bank.standin.faults.drop("GET", "/v1/payment_intents/*", times=50)
    shop.bank.give_up()
    shop.work(seconds=10)
    assert shop.statuses == ["unknown"]
    shop.clock.turn(minutes=10)
    again = phone.dial()
    assert again.press("1042#") == (
        "An earlier payment for order 1, 0, 4, 2 is still being checked. Please do not pay again. "
        "Call again in an hour to hear the result. Goodbye."
    )
    assert shop.call.ended == "order_checking"
    shop.bank.let_go()
    shop.work(hours=1)
    assert shop.statuses == ["succeeded"]


def test_who_calls_again_when_it_is_known_hears_that_it_was_paid(phone: Phone, shop: Shop) -> None:
    shop.line()
    shop.order()
    shop.clock.turn(minutes=31)
    kept_waiting(phone, shop, "1042#", "1").hang_up()
    shop.bank.let_go()
    shop.clock.turn(hours=1)
    assert phone.tell("1042#")[-1] == (
        "Order 1, 0, 4, 2 was paid today at 2:32 PM. There is nothing to pay now. "
        "To enter another number, press 2. Otherwise, you can hang up."
    )
    assert shop.booked == [("sale", 4250)]


def test_a_lost_answer_is_found_out_by_asking_and_not_by_charging_again(phone: Phone, shop: Shop) -> None:
    shop.line()
    shop.order()
    shop.bank.drop("confirm", done=True)
    caller = phone.dial()
    assert "we are checking" in caller.then("1042#", "1", VISA)
    caller.hang_up()
    shop.work(seconds=10)
    assert (shop.statuses, shop.booked, len(shop.bank.charges)) == (["succeeded"], [("sale", 4250)], 1)


def test_a_charge_that_never_reached_the_bank_is_cancelled_before_it_is_said_not_to_be(
    phone: Phone, shop: Shop
) -> None:
    shop.line()
    shop.order()
    shop.bank.drop("confirm")
    caller = phone.dial()
    assert "we are checking" in caller.then("1042#", "1", VISA)
    caller.hang_up()
    shop.work(seconds=10)
    assert shop.statuses == ["failed"]
    assert [intent["status"] for intent in shop.bank.intents] == ["canceled"]
    assert "You have paid" in phone.tell("1042#", "1", VISA)[-1]


def test_an_answer_that_comes_during_the_wait_is_told(phone: Phone, shop: Shop) -> None:
    shop.line()
    shop.order()
    shop.bank.hold_for_waits(6)
    caller = phone.dial()
    heard = caller.then("1042#", "1", VISA)
    assert "Still waiting for your bank. Please stay on the line." in heard
    assert "You have paid" in heard


@pytest.mark.parametrize(("behavior", "keys"), [("fixed", ["1"]), ("caller", ["42*50#", "1"])])
def test_without_an_order_number_the_shop_tells_the_result(
    phone: Phone, shop: Shop, behavior: str, keys: list[str]
) -> None:
    shop.line(behavior)
    caller = kept_waiting(phone, shop, *keys)
    assert after_the_card(caller) == WAITED + checking(shop, "With that number, Harbor Garage can tell you the result.")
    caller.hang_up()
    again = phone.dial()
    asked = again.press(keys[0]) if behavior == "caller" else again.heard
    assert asked.endswith(
        "Your earlier payment of forty-two dollars and fifty cents is still being checked. "
        "Please do not pay again. Harbor Garage can tell you the result. Goodbye."
    )


def test_nobody_answers_while_a_payment_is_being_checked(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    caller = kept_waiting(phone, shop, "1")
    caller.press("0")
    assert caller.wait() == (
        "Sorry, nobody could take your call. Your payment is still being checked: please do not pay again. Goodbye."
    )


def test_the_same_amount_from_the_same_phone_is_paid_twice_only_on_purpose(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    phone.tell("1", VISA)
    shop.clock.turn(minutes=8)
    caller = phone.dial()
    assert (
        caller.heard.endswith(
            "A payment of forty-two dollars and fifty cents was made from this phone nine minutes ago. "
            "To pay again, press 1. To stop here, press 2."
        )
        or "eight minutes ago" in caller.heard
    )
    assert caller.press("2") == "All right. You have not been charged. Goodbye."
    assert "You have paid" in phone.dial().then("1", VISA)
    assert shop.booked == [("sale", 4250)] * 2


def test_a_hidden_number_is_warned_of_nothing(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    for _ in range(2):
        caller = phone.dial(hidden=True)
        assert "was made from this phone" not in caller.heard
        assert "You have paid" in caller.then("1", VISA)
    assert shop.call.phone == ""


def test_another_amount_from_the_same_phone_is_not_warned_of(phone: Phone, shop: Shop) -> None:
    shop.line("caller")
    phone.tell("42*50#", "1", VISA)
    assert phone.tell("43#")[-1].startswith("You are paying forty-three dollars.")
