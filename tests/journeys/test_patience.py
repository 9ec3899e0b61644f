"""Off the good path before the card: silence, wrong keys, amounts that cannot be, a person; word for word."""

import pytest

from tests.journeys.phone import SILENCE, Phone
from tests.journeys.shop import VISA, Shop

AMOUNT = "Enter the amount in dollars, then press the pound key. For forty-two fifty, enter 4 2 star 5 0."
CONFIRM = "Order 1, 0, 4, 2: forty-two dollars and fifty cents. To pay, press 1. To enter another number, press 2."
TOO_SOON = "That sounded like a card number. We did not keep it. We will ask for your card in a moment."


def test_silence_at_the_first_question(phone: Phone, shop: Shop) -> None:
    shop.line(person_number="")
    assert phone.tell(SILENCE, SILENCE, SILENCE)[1:] == [
        "Are you still there? Enter your order number, then press the pound key.",
        (
            "We did not hear any keys. On a mobile phone, open the keypad first. "
            "Enter your order number, then press the pound key."
        ),
        (
            "We did not hear from you, so we will stop here. You have not been charged. "
            "Please call again when you are ready. Goodbye."
        ),
    ]
    assert shop.call.ended == "silence"


def test_silence_with_a_person_on_the_line(phone: Phone, shop: Shop) -> None:
    shop.line()
    assert phone.tell(SILENCE, SILENCE, SILENCE)[-1] == "One moment, we are connecting you to a person."


def test_a_wrong_key_then_a_card_number_too_soon(phone: Phone, shop: Shop) -> None:
    shop.line()
    shop.order()
    caller = phone.dial()
    assert caller.then("1042#", "7") == f"Sorry, that is not one of the choices. {CONFIRM}"
    heard = caller.press("4242424242424242", per_second=5)
    assert heard.startswith(f"Sorry, that is not one of the choices. {TOO_SOON} ") and heard.endswith(f" {CONFIRM}")
    assert heard.count(TOO_SOON) == 1
    assert caller.press("1").endswith("Enter your card number.")


@pytest.mark.parametrize("pause", [False, True])
def test_a_card_number_for_an_order_number(phone: Phone, shop: Shop, pause: bool) -> None:
    shop.line()
    shop.order()
    caller = phone.dial()
    heard = caller.then("4242424242424242", SILENCE) if pause else caller.press("4242424242424242#", per_second=5)
    assert heard == f"{TOO_SOON} Enter your order number, then press the pound key."
    assert caller.press("1042#") == CONFIRM


def test_a_card_number_keyed_slowly_pays_nothing(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    caller = phone.dial()
    caller.press("4111111111111111", per_second=0.5)
    assert shop.payments == []


def test_above_the_ceiling(phone: Phone, shop: Shop) -> None:
    shop.line("caller")
    caller = phone.dial()
    assert caller.press("600#") == f"The largest amount you can pay here is five hundred dollars. {AMOUNT}"
    assert caller.press("60#") == "You are paying sixty dollars. To pay, press 1. To change it, press 2."


def test_below_the_floor(phone: Phone, shop: Shop) -> None:
    shop.line("caller", floor=500)
    assert phone.tell("4#")[-1] == f"The smallest amount is five dollars. {AMOUNT}"


def test_half_a_cent_is_asked_again_and_not_guessed(phone: Phone, shop: Shop) -> None:
    shop.line("caller")
    assert phone.tell("42*5#")[-1] == f"Sorry, we could not read that amount. {AMOUNT}"


def test_no_star(phone: Phone, shop: Shop) -> None:
    shop.line("caller", ceiling=500000)
    caller = phone.dial()
    assert caller.press("4250#") == (
        "Please check: four thousand two hundred fifty dollars, not forty-two dollars and fifty cents. "
        "To pay, press 1. To change it, press 2."
    )
    assert caller.press("2") == AMOUNT
    assert caller.press("42*50#").startswith("You are paying forty-two dollars and fifty cents.")
    caller.then("1", VISA)
    assert shop.bank.money == 4250


def test_a_line_that_counts_in_cents(phone: Phone, shop: Shop) -> None:
    shop.line("caller", amounts_keyed="minor")
    caller = phone.dial()
    assert "Enter the amount in dollars and cents, then press the pound key." in caller.heard
    assert caller.press("4250#").startswith("You are paying forty-two dollars and fifty cents.")


def test_a_person_who_answers_ends_the_call_without_us(phone: Phone, shop: Shop) -> None:
    shop.line()
    caller = phone.dial()
    caller.call.answered_by_person(after=5, talks_for=90)
    assert caller.press("0#") == "One moment, we are connecting you to a person."
    assert (shop.call.ended, shop.call.told, caller.ended) == ("person", "", "product")


def test_a_person_who_does_not_answer(phone: Phone, shop: Shop) -> None:
    shop.line()
    assert phone.tell("0#", SILENCE)[1:] == [
        "One moment, we are connecting you to a person.",
        "Sorry, nobody could take your call. You have not been charged. Please call again later. Goodbye.",
    ]
    assert shop.call.ended == "person_unanswered"


def test_0_alone_and_a_pause_is_enough(phone: Phone, shop: Shop) -> None:
    shop.line("caller")
    assert phone.tell("0", SILENCE)[-1] == "One moment, we are connecting you to a person."


def test_a_person_is_not_offered_where_there_is_none(phone: Phone, shop: Shop) -> None:
    shop.line("fixed", person_number="")
    caller = phone.dial()
    assert "press 0" not in caller.heard
    assert caller.press("0").startswith("There is nobody to talk to on this line. The amount is")


def test_nobody_answers_after_a_payment(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    caller = phone.dial()
    caller.then("1", VISA, "0")
    assert caller.wait() == (
        "Sorry, nobody could take your call. Your payment of forty-two dollars and fifty cents went through. Goodbye."
    )


def test_keys_while_the_person_rings_are_ignored(phone: Phone, shop: Shop) -> None:
    shop.line()
    caller = phone.dial()
    caller.press("0#")
    assert caller.then("1199", SILENCE).startswith("Sorry, nobody could take your call. You have not been charged.")


def test_nine_says_it_again(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    shop.order()
    assert (
        phone.tell("9")[-1]
        == "The amount is forty-two dollars and fifty cents. To pay, press 1. If not, you can hang up."
    )


def test_two_at_the_fixed_amount_ends_the_call(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    assert phone.tell("2")[-1] == "All right. You have not been charged. Goodbye."


def test_silence_at_the_fixed_amount_ends_the_call(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    assert phone.tell(SILENCE)[-1] == "You have not been charged. Goodbye."


def test_three_wrong_amounts_end_the_call(phone: Phone, shop: Shop) -> None:
    shop.line("caller", person_number="")
    assert phone.tell("1*2*3#", "9999#", "42*5#")[-1] == (
        "Sorry, this did not work. You have not been charged. Please call again. Goodbye."
    )
    assert shop.call.ended == "tries"
    assert shop.payments == []
