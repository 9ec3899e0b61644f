"""Off the good path, word for word."""

from datetime import UTC, datetime

from phonepay.ivr import flow
from phonepay.ivr.events import ChargeStarted, EndUnpaid, NextCard, Settled
from phonepay.ivr.replies import Dial, Gather, Pay
from tests.ivr.call import SHOP, Call, alone, at_card, at_confirm, line, order

ASK_ORDER = "Enter your order number, then press the pound key."
CONFIRM = "Order 1, 0, 4, 2: forty-two dollars and fifty cents. To pay, press 1. To enter another number, press 2."
ASK_AMOUNT = "Enter the amount in dollars, then press the pound key. For forty-two fifty, enter 4 2 star 5 0."


def declined(call: Call, code: str) -> str:
    call.hear(ChargeStarted())
    return call.hear(Settled("declined", code, "407219", 4250))


def test_silence_at_the_first_question() -> None:
    call = Call(alone())
    call.start()
    assert call.silence() == f"Are you still there? {ASK_ORDER}"
    assert call.silence() == (f"We did not hear any keys. On a mobile phone, open the keypad first. {ASK_ORDER}")
    assert call.silence() == (
        "We did not hear from you, so we will stop here. You have not been charged. Please call again when you are ready. "
        "Goodbye."
    )
    assert call.ended == "silence"


def test_silence_ends_with_a_person_where_there_is_one() -> None:
    call = Call(line())
    call.start()
    call.silence()
    call.silence()
    assert call.silence() == "One moment, we are connecting you to a person."
    assert call.reply == Dial(call.reply.say, "+14155550100", 25)


def test_a_wrong_key_then_a_card_number_too_soon() -> None:
    call = at_confirm()
    assert call.keys("7") == f"Sorry, that is not one of the choices. {CONFIRM}"
    assert isinstance(call.reply, Gather)
    assert [speech.key for speech in call.reply.before] == ["wrong.1"]
    assert call.keys("4", after=3.0) == (
        f"That sounded like a card number. We did not keep it. We will ask for your card in a moment. {CONFIRM}"
    )
    assert [speech.key for speech in call.reply.before] == ["card.too_soon"]
    call.keys("1")
    assert isinstance(call.reply, Pay)


def test_an_amount_above_the_ceiling() -> None:
    call = Call(alone("caller"))
    call.start()
    assert call.keys("500*01") == f"The largest amount you can pay here is five hundred dollars. {ASK_AMOUNT}"


def test_an_amount_below_the_floor() -> None:
    call = Call(alone("caller"))
    call.start()
    assert call.keys("0*99") == f"The smallest amount is one dollar. {ASK_AMOUNT}"


def test_a_forgotten_star_is_read_back() -> None:
    call = Call(alone("caller", ceiling=500000))
    call.start()
    assert call.keys("4250") == (
        "Please check: four thousand two hundred fifty dollars, not forty-two dollars and fifty cents. To pay, press 1. "
        "To change it, press 2."
    )
    assert call.keys("2") == ASK_AMOUNT
    assert call.keys("42*50").startswith("You are paying forty-two dollars and fifty cents.")


def test_a_sum_of_a_thousand_keyed_with_a_star_is_not_doubted() -> None:
    call = Call(alone("caller", ceiling=500000))
    call.start()
    assert call.keys("1000*00").startswith("You are paying one thousand dollars.")


def test_ten_times_the_usual_is_doubted_without_a_star() -> None:
    call = Call(alone("caller", usual_amount=4000))
    call.start()
    assert call.keys("400").startswith("Please check: four hundred dollars, not four dollars.")


def test_a_doubted_amount_for_a_new_number_is_confirmed_with_the_number() -> None:
    call = Call(alone("caller-with-order", ceiling=500000))
    call.start()
    call.keys("1043")
    assert call.keys("4250") == (
        "That is four thousand two hundred fifty dollars, not forty-two dollars and fifty cents, for order 1, 0, 4, 3. "
        "To pay, press 1. To change it, press 2. To change the number, press 3."
    )
    assert call.keys("3") == ASK_ORDER


def test_an_order_that_is_already_paid() -> None:
    paid = order("paid", paid_at=datetime(2026, 11, 3, 12, 0, tzinfo=UTC))
    call = Call(alone(), {"1042": paid, "1044": SHOP["1042"]})
    call.start()
    assert call.keys("1042") == (
        "Order 1, 0, 4, 2 was paid on November 3. There is nothing to pay now. To enter another number, press 2. "
        "Otherwise, you can hang up."
    )
    assert call.keys("9") == call.heard
    assert call.keys("2") == ASK_ORDER
    assert call.keys("1044") == CONFIRM


def test_who_may_hang_up_and_stays_silent_hears_goodbye() -> None:
    call = Call(alone(), {"1042": order("cancelled")})
    call.start()
    assert call.keys("1042") == (
        "Order 1, 0, 4, 2 was cancelled. There is nothing to pay. To enter another number, press 2. "
        "Otherwise, you can hang up."
    )
    assert call.silence() == "Goodbye."
    assert call.ended == "already_paid"


def test_silence_at_a_fixed_amount_ends_with_the_state_of_the_money() -> None:
    call = Call(alone("fixed"))
    call.start()
    assert call.silence() == "You have not been charged. Goodbye."
    assert call.ended == "stopped"


def test_2_at_a_fixed_amount_stops() -> None:
    call = Call(alone("fixed"))
    call.start()
    assert call.keys("2") == "All right. You have not been charged. Goodbye."


def test_an_order_refunded_in_full() -> None:
    call = Call(alone(), {"1042": order("refunded")})
    call.start()
    assert call.keys("1042").startswith("Order 1, 0, 4, 2 was paid and then refunded. There is nothing to pay now.")


def test_an_order_that_is_being_paid_in_another_call() -> None:
    call = Call(alone(), {"1042": order("busy")})
    call.start()
    assert call.keys("1042") == (
        "Order 1, 0, 4, 2 is being paid in another call right now. You have not been charged. If it still needs paying, "
        "call again in ten minutes. Goodbye."
    )


def test_declined_twice_then_paid() -> None:
    call = at_card()
    assert declined(call, "insufficient_funds") == (
        "Your bank says there is not enough money available on this card. You have not been charged. "
        "To try another card, press 1. To stop here, press 2."
    )
    assert call.keys("1") == "We take Visa, Mastercard, American Express and Discover. To stop, press star."
    assert call.in_pay["card.number"] == "Enter your card number."
    assert declined(call, "incorrect_cvc") == (
        "The security code did not match. You have not been charged. To enter a card again, press 1. "
        "To stop here, press 2."
    )
    call.keys("1")
    call.hear(ChargeStarted())
    assert call.hear(Settled("paid", "", "407219", 4250)) == (
        "Thank you. You have paid forty-two dollars and fifty cents. Your confirmation number is 4, 0, 7. 2, 1, 9. "
        "To hear that again, press 9. Otherwise, you can hang up. Goodbye."
    )
    assert [type(effect) for effect in call.effects[1:]] == [NextCard, NextCard]


def test_declined_a_third_time() -> None:
    call = at_card()
    for _ in range(2):
        declined(call, "generic_decline")
        call.keys("1")
    assert declined(call, "stolen_card") == (
        "Your bank said no to this payment. You have not been charged. We cannot try more cards on this call. For help, "
        "call Harbor Garage at five five five, zero one, four two. Goodbye."
    )
    assert call.ended == "declined"
    assert call.effects[-1] == EndUnpaid()


def test_a_third_decline_goes_to_a_person_where_there_is_one() -> None:
    call = at_card(line())
    for _ in range(2):
        declined(call, "generic_decline")
        call.keys("1")
    assert declined(call, "generic_decline").endswith(
        "We cannot try more cards on this call. One moment, we are connecting you to a person."
    )


def test_the_bank_does_not_answer() -> None:
    call = at_card()
    words = [call.hear(ChargeStarted())]
    said = 1
    for seconds in (3, 5, 9, 12, 20):
        wait = flow.waiting(call.script, call.state, seconds, said)
        said = wait.said
        words += [speech.text for speech in wait.say]
    assert " ".join(words) == (
        "One moment while we ask your bank. Still waiting for your bank. Please stay on the line. "
        "This is taking longer than usual. Thank you for waiting."
    )
    checking = (
        "Your bank has not answered yet, so we are checking. Please do not pay again. Your reference number is "
        "4, 0, 7. 2, 1, 9. To hear the result, call again in an hour. To hear that again, press 9. Otherwise, you can "
        "hang up. Goodbye."
    )
    assert call.hear(Settled("checking", "", "407219", 4250)) == checking
    assert call.keys("9") == checking
    assert call.ended == "checking"


def test_without_order_number_the_shop_can_tell_the_result() -> None:
    call = Call(alone("fixed"))
    call.start()
    call.keys("1")
    call.hear(ChargeStarted())
    assert "With that number, Harbor Garage can tell you the result." in call.hear(
        Settled("checking", "", "407219", 4250)
    )


def test_calling_back_while_the_payment_is_checked() -> None:
    call = Call(alone(), {"1042": order("checking")})
    call.start()
    assert call.keys("1042") == (
        "An earlier payment for order 1, 0, 4, 2 is still being checked. Please do not pay again. Call again in an hour "
        "to hear the result. Goodbye."
    )


def test_calling_back_after_it_went_through() -> None:
    paid = order(
        "paid", paid_at=datetime(2026, 11, 23, 22, 32, tzinfo=UTC), now=datetime(2026, 11, 23, 23, 10, tzinfo=UTC)
    )
    call = Call(alone(time_zone="America/Los_Angeles"), {"1042": paid})
    call.start()
    assert call.keys("1042").startswith("Order 1, 0, 4, 2 was paid today at 2:32 PM. There is nothing to pay now.")
