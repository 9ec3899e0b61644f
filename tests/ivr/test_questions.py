"""Patience, later charges, languages, letters, limits: what else a question meets."""

from dataclasses import replace
from typing import Any

import pytest

from phonepay.ivr.events import Agree, ChargeStarted, FindRepeat, LineProtected, RepeatFound, Settled
from phonepay.ivr.replies import Gather, Hangup, Pay
from tests.ivr.call import SHOP, Call, alone, at_card, at_confirm, line

LATER = {"overage_cap": 5000, "overage_days": 30}
CONSENT = (
    "May Harbor Garage charge this card again for extras, up to fifty dollars, in the next thirty days? To allow it, "
    "press 1. If not, press 2. You can pay either way."
)


def agreement(call: Call) -> Agree:
    (agreed,) = [effect for effect in call.effects if isinstance(effect, Agree)]
    return agreed


def test_1_agrees_to_the_order_and_the_amount_that_were_said() -> None:
    call = at_confirm()
    assert call.effects == []
    call.keys("1")
    assert agreement(call) == Agree(7, "1042", "1042", 4250, False, "", "")


@pytest.mark.parametrize(("key", "allowed"), [("1", True), ("2", False), ("", False)])
def test_the_answer_about_later_charges_is_kept_with_its_words(key: str, allowed: bool) -> None:
    call = at_confirm(alone(overage="ask", **LATER))
    assert call.keys("1") == CONSENT
    call.keys(key)
    assert isinstance(call.reply, Pay)
    agreed = agreement(call)
    assert (agreed.consent, agreed.consent_wording, agreed.consent_key) == (allowed, CONSENT, key)


def test_a_condition_is_said_just_before_the_question_that_agrees_to_both() -> None:
    call = at_confirm(alone(overage="condition", **LATER))
    condition = "By paying, you let Harbor Garage charge this card again for extras, up to fifty dollars, in the next thirty days."
    assert call.heard.startswith(f"{condition} Order 1, 0, 4, 2: forty-two dollars")
    call.keys("1")
    agreed = agreement(call)
    assert (agreed.consent, agreed.consent_wording, agreed.consent_key) == (True, condition, "1")


def test_9_says_a_question_again() -> None:
    call = at_confirm()
    question = call.heard
    assert call.keys("9") == question
    assert call.state.tries == 0


def test_hash_alone_is_no_mistake_but_it_counts() -> None:
    call = at_confirm()
    question = call.heard
    assert call.keys("#") == question
    assert call.state.tries == 1


def test_three_wrong_keys_end_the_call() -> None:
    call = at_confirm()
    call.keys("7")
    call.keys("7")
    assert call.keys("7") == "Sorry, this did not work. You have not been charged. Please call again. Goodbye."
    assert call.ended == "tries"


def test_an_answer_renews_the_patience_of_a_question_but_not_of_the_call() -> None:
    call = Call(alone("caller-with-order"))
    call.start()
    call.keys("1*")
    call.keys("1*")
    call.keys("1043")
    call.keys("1*")
    call.keys("1*")
    call.keys("42*50")
    assert (call.state.tries, call.state.tries_in_call) == (0, 4)
    call.keys("7")
    assert call.keys("7").startswith("Sorry, this did not work.")


def test_a_number_with_a_star_is_asked_again_in_the_same_breath() -> None:
    call = Call(alone())
    call.start()
    assert call.keys("10*42").startswith("Sorry, we could not read that number. Enter your order number")
    assert isinstance(call.reply, Gather) and not call.reply.before


def test_an_amount_that_is_not_clear_is_asked_again_in_the_same_breath() -> None:
    call = Call(alone("caller"))
    call.start()
    assert call.keys("42*5").startswith("Sorry, we could not read that amount. Enter the amount in dollars")


def test_the_third_unknown_number_ends_the_call_where_they_are_refused() -> None:
    call = Call(alone(accepts_unknown_orders=False))
    call.start()
    refused = "We have no order 1, 0, 4, 3. Please check the number and enter it again, then press the pound key."
    assert call.keys("1043") == refused
    assert call.keys("1043") == refused
    assert call.keys("1043") == (
        "We could not find that number. You have not been charged. Please check it and call again. Goodbye."
    )


def test_2_never_throws_away_more_than_what_was_keyed_last() -> None:
    call = Call(alone("caller-with-order"))
    call.start()
    call.keys("1043")
    call.keys("42*50")
    assert call.keys("2").startswith("Enter the amount in dollars")
    assert call.keys("50").startswith("That is fifty dollars for order 1, 0, 4, 3.")


def test_how_letters_are_keyed_is_said_where_there_are_some() -> None:
    call = Call(alone())
    assert call.start(letters=True).endswith(
        "then press the pound key. For a letter, press its key once. Leave out dashes."
    )


def test_the_shops_own_noun_is_said() -> None:
    assert "Enter your invoice number" in Call(alone(order_noun="invoice")).start()
    assert "Marque su número de factura" in Call(alone(order_noun="invoice", locales=("es-US",))).start()


def test_each_half_of_the_language_question_has_its_own_voice() -> None:
    call = Call(alone("fixed", locales=("en-US", "es-US"), voices={"en-US": "Polly.Joanna", "es-US": "Polly.Lupe"}))
    assert call.start() == "For English, press 1. Para español, oprima el 2."
    assert isinstance(call.reply, Gather)
    assert [speech.voice for speech in call.reply.say] == ["Polly.Joanna", "Polly.Lupe"]


@pytest.mark.parametrize(("key", "word"), [("1", "Hello"), ("2", "Hola"), ("", "Hello"), ("7", "Hello")])
def test_silence_or_another_key_is_the_lines_first_language(key: str, word: str) -> None:
    call = Call(alone("fixed", locales=("en-US", "es-US")))
    call.start()
    assert call.keys(key).startswith(word)


def test_a_test_line_says_so_first() -> None:
    assert Call(alone(test_mode=True)).start().startswith("This is a test line. No real money is taken. Hello")


@pytest.mark.parametrize(
    ("kind", "phone", "then"),
    [
        ("caller_refused", "+15550142", "For help, call Harbor Garage at five five five, zero one, four two. Goodbye."),
        ("caller_refused", "", "Please contact Harbor Garage another way. Goodbye."),
        ("again", "", "Please call again from this phone in five minutes. Goodbye."),
    ],
)
def test_a_caller_who_is_refused_is_told_what_to_do(kind: Any, phone: str, then: str) -> None:
    call = Call(alone(shop_phone=phone))
    assert call.hear(LineProtected(kind)) == (
        f"We cannot take a card payment from this phone right now. You have not been charged. {then}"
    )
    assert isinstance(call.reply, Hangup)


def test_who_has_chosen_no_language_yet_is_refused_in_each() -> None:
    call = Call(alone(locales=("en-US", "es-US")))
    heard = call.hear(LineProtected("paused"))
    assert "You have not been charged. Please call again later. Goodbye." in heard
    assert "No se le ha cobrado nada. Vuelva a llamar más tarde. Adiós." in heard


def test_a_person_out_of_hours_is_not_offered() -> None:
    assert "press 0" not in Call(line(person_open=False)).start()


def test_the_same_payment_from_the_same_phone_is_asked_about() -> None:
    call = Call(alone("caller"), repeat=RepeatFound("paid", 480))
    call.start()
    assert call.keys("42*50") == (
        "A payment of forty-two dollars and fifty cents was made from this phone eight minutes ago. To pay again, press 1. "
        "To stop here, press 2."
    )
    assert call.queries == [FindRepeat(4250)]
    call.keys("1")
    assert agreement(call).amount == 4250


def test_the_greeting_is_not_lost_while_the_driver_looks_for_a_repeat() -> None:
    call = Call(alone("fixed"), repeat=RepeatFound("checking"))
    assert call.start() == (
        "Hello, this is Harbor Garage. You can pay by card on this call. Your earlier payment of forty-two dollars and "
        "fifty cents is still being checked. Please do not pay again. Harbor Garage can tell you the result. Goodbye."
    )


@pytest.mark.parametrize(
    ("facts", "question"),
    [
        ({"amounts_keyed": "minor"}, "Enter the amount in dollars and cents, then press the pound key. For forty-two fifty, enter 4 2 5 0."),
        ({"currency": "jpy", "ceiling": 90000}, "Enter the amount in yen, then press the pound key."),
        ({"currency": "kwd", "ceiling": 90000}, "Enter the amount in dinars, then press the pound key. For forty-two five hundred, enter 4 2 star 5 0 0."),
    ],
)  # fmt: skip
def test_the_question_shows_how_an_amount_of_the_currency_is_keyed(facts: dict[str, object], question: str) -> None:
    assert Call(alone("caller", **facts)).start().endswith(question)


def test_the_outcome_tells_of_the_statement_and_the_receipt() -> None:
    call = at_card(alone(says_statement=True, descriptor="HARBOR GARAGE", receipt_to="phone"))
    call.hear(ChargeStarted())
    assert (
        "2, 1, 9. Your card statement will show HARBOR GARAGE. A receipt is on its way to this phone. To hear that again"
        in call.hear(Settled("paid", "", "407219", 4250))
    )


def test_the_receipt_of_an_order_goes_to_its_own_address() -> None:
    call = Call(alone(), {"1042": replace(SHOP["1042"], receipt_to="email")})
    call.start()
    call.keys("1042")
    call.keys("1")
    call.hear(ChargeStarted())
    assert "2, 1, 9. A receipt is on its way to your e-mail. To hear" in call.hear(Settled("paid", "", "407219", 4250))


def test_no_receipt_is_promised_where_none_will_be_sent() -> None:
    call = at_card()
    call.hear(ChargeStarted())
    assert "receipt" not in call.hear(Settled("paid", "", "407219", 4250))


def test_the_outcome_is_repeated_three_times_at_most() -> None:
    call = at_card()
    call.hear(ChargeStarted())
    call.hear(Settled("paid", "", "407219", 4250))
    assert isinstance(call.reply, Gather) and call.reply.then_hang_up and call.reply.timeout == 4
    call.keys("9")
    call.keys("9")
    assert call.keys("9").endswith("2, 1, 9. Goodbye.")
    assert isinstance(call.reply, Hangup)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("insufficient_funds", "decline.funds"),
        ("withdrawal_count_limit_exceeded", "decline.limit"),
        ("expired_card", "decline.expired"),
        ("transaction_not_allowed", "decline.unsupported"),
        ("authentication_required", "decline.confirm"),
        ("incorrect_number", "decline.details"),
        ("incorrect_cvc", "decline.code"),
        ("incorrect_zip", "decline.postal"),
        ("issuer_not_available", "decline.later"),
        ("lost_card", "decline.generic"),
        ("stolen_card", "decline.generic"),
        ("fraudulent", "decline.generic"),
        ("a_code_of_next_year", "decline.generic"),
    ],
)
def test_a_decline_is_said_in_words_that_accuse_nobody(code: str, reason: str) -> None:
    call = at_card()
    call.hear(ChargeStarted())
    call.hear(Settled("declined", code, "407219", 4250))
    same = {"decline.details", "decline.code", "decline.postal", "decline.later"}
    assert call.said == [reason, "decline.same_card" if reason in same else "decline.other_card"]
