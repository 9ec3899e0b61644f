"""Off the good path, word for word: the card, a person, and what ends a call."""

from datetime import UTC, datetime

import pytest

from phonepay.ivr.events import CardEnded, ChargeStarted, ClaimRefused, EndUnpaid, NextCard, PersonEnded, Settled
from phonepay.ivr.replies import Hangup, Pay
from tests.ivr.call import NOW, Call, alone, at_card, line, order

ASK_ORDER = "Enter your order number, then press the pound key."
CONFIRM = "Order 1, 0, 4, 2: forty-two dollars and fifty cents. To pay, press 1. To enter another number, press 2."
ASK_AMOUNT = "Enter the amount in dollars, then press the pound key. For forty-two fifty, enter 4 2 star 5 0."


def test_star_while_keying_the_card() -> None:
    call = at_card()
    assert call.hear(CardEnded("stopped")) == (
        "Card entry stopped. You have not been charged. To enter a card, press 1. To stop here, press 2."
    )
    assert call.keys("2") == "All right. You have not been charged. Goodbye."
    assert call.ended == "stopped"
    assert call.effects[-1] == EndUnpaid()


def test_a_card_that_could_not_be_read() -> None:
    call = at_card()
    assert call.hear(CardEnded("unread")) == (
        "We could not read the card. You have not been charged. To try once more, press 1. To stop here, press 2."
    )
    call.keys("1")
    assert call.effects[-1] == NextCard()
    assert isinstance(call.reply, Pay)


def test_pay_out_of_reach() -> None:
    call = at_card()
    assert call.hear(CardEnded("unreachable")) == (
        "Sorry, we cannot reach the card service. You have not been charged. Please call again in a few minutes. Goodbye."
    )
    assert call.effects[-1] == EndUnpaid()


def test_0_and_nobody_answers() -> None:
    call = Call(line())
    call.start()
    assert call.keys("0") == "One moment, we are connecting you to a person."
    assert call.hear(PersonEnded(answered=False)) == (
        "Sorry, nobody could take your call. You have not been charged. Please call again later. Goodbye."
    )
    assert call.ended == "person_unanswered"


@pytest.mark.parametrize(
    ("kind", "statement"),
    [
        ("paid", "Your payment of forty-two dollars and fifty cents went through. Goodbye."),
        ("checking", "Your payment is still being checked: please do not pay again. Goodbye."),
    ],
)
def test_an_unanswered_transfer_after_the_outcome_tells_the_state_of_the_money(kind: str, statement: str) -> None:
    call = at_card(line())
    call.hear(ChargeStarted())
    call.hear(Settled(kind, "", "407219", 4250))
    call.keys("0")
    assert call.hear(PersonEnded(answered=False)) == f"Sorry, nobody could take your call. {statement}"


def test_an_answered_transfer_ends_the_call_without_words() -> None:
    call = Call(line())
    call.start()
    call.keys("0")
    assert call.hear(PersonEnded(answered=True)) == ""
    assert (call.reply, call.ended) == (Hangup(()), "person")


def test_0_where_there_is_no_person() -> None:
    call = Call(alone())
    call.start()
    assert call.keys("0") == f"There is nobody to talk to on this line. {ASK_ORDER}"


def test_our_own_fault_offers_a_person() -> None:
    call = at_card(line())
    call.hear(ChargeStarted())
    assert call.hear(Settled("failed", "", "407219", 4250)) == (
        "Sorry, something went wrong on our side. You have not been charged. To talk to a person, press 0."
    )
    assert call.effects[-1] == EndUnpaid()
    assert call.keys("0") == "One moment, we are connecting you to a person."


def test_our_own_fault_without_a_person() -> None:
    call = at_card()
    call.hear(ChargeStarted())
    assert call.hear(Settled("failed", "", "407219", 4250)) == (
        "Sorry, something went wrong on our side. You have not been charged. Please call again in a few minutes. Goodbye."
    )


def test_somebody_else_was_first() -> None:
    call = at_card()
    assert call.hear(ClaimRefused("just_paid", "1042", 4250)) == (
        "Order 1, 0, 4, 2 was paid in another call a moment ago. You have not been charged. Goodbye."
    )
    assert call.effects[-1] == EndUnpaid()


def test_an_order_whose_amount_changed_is_confirmed_from_scratch() -> None:
    call = at_card()
    assert call.hear(ClaimRefused("changed", "1042", 5000)) == (
        "The amount of order 1, 0, 4, 2 has changed. You have not been charged. "
        "Order 1, 0, 4, 2: fifty dollars. To pay, press 1. To enter another number, press 2."
    )
    call.keys("1")
    assert [type(effect).__name__ for effect in call.effects] == ["Agree", "EndUnpaid", "Agree"]
    assert call.effects[-1].amount == 5000


def test_an_order_cancelled_while_the_card_was_keyed() -> None:
    call = at_card()
    assert call.hear(ClaimRefused("cancelled", "1042", 4250)).startswith(
        "Order 1, 0, 4, 2 was cancelled. There is nothing to pay."
    )


def test_a_card_that_comes_too_late_is_not_used() -> None:
    call = at_card()
    assert call.hear(ClaimRefused("late", "1042", 4250)) == (
        f"More than ten minutes have passed, so we did not use the card. You have not been charged. {CONFIRM}"
    )


def test_a_paused_line_and_a_refused_caller() -> None:
    paused = Call(alone(paused=True))
    assert paused.start().startswith(
        "Card payments are not available on this line right now. You have not been charged."
    )
    assert paused.ended == "line_paused"


def test_now_is_the_shops_own_day() -> None:
    # Eight in the evening in New York is the next day in Greenwich.
    paid = order(
        "paid", paid_at=datetime(2026, 11, 24, 1, 0, tzinfo=UTC), now=datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
    )
    call = Call(alone(time_zone="America/New_York"), {"1042": paid})
    call.start()
    assert "was paid on November 23." in call.keys("1042")
    assert NOW.tzinfo is UTC
