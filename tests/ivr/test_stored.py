"""What a call stores comes back equal, through JSON; and what `<Pay>` is asked for."""

import json
from typing import cast

import pytest

from phonepay.ivr import flow, replies
from phonepay.ivr.events import ChargeStarted, PersonEnded, Settled
from phonepay.ivr.flow import UnexpectedEvent
from phonepay.ivr.replies import Pay
from phonepay.ivr.script import Behavior, Script
from phonepay.ivr.state import State
from tests.ivr.call import HARBOR_GARAGE, Call, alone, at_card, line


def through_json(value: dict[str, object]) -> dict[str, object]:
    return cast("dict[str, object]", json.loads(json.dumps(value)))


def test_a_script_comes_back_equal() -> None:
    script = line(
        "caller", locales=("es-US", "en-US"), voices={"es-US": "Polly.Lupe"}, words={"es-US": {"welcome": "Hola"}}
    )
    assert Script.from_dict(through_json(script.to_dict())) == script


def test_a_snapshot_of_another_version_is_read() -> None:
    stored = {**HARBOR_GARAGE.to_dict(), "a_setting_of_next_year": True}
    del stored["descriptor"]
    assert Script.from_dict(stored) == HARBOR_GARAGE


def test_every_state_and_reply_of_a_call_comes_back_equal() -> None:
    call = at_card(line())
    for event in (ChargeStarted(), Settled("paid", "", "407219", 4250)):
        call.hear(event)
        assert State.from_dict(through_json(call.state.to_dict())) == call.state
    call.keys("0")
    call.hear(PersonEnded(answered=False))
    assert {type(reply).__name__ for reply in call.replies} == {"Gather", "Pay", "Wait", "Dial", "Hangup"}
    for reply in call.replies:
        assert replies.reply_from_dict(through_json(replies.to_dict(reply))) == reply


def test_a_behavior_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="Choose one of: fixed-with-order"):
        Behavior.named("free", None)
    with pytest.raises(ValueError, match="needs an amount"):
        Behavior.named("fixed", None)


def test_an_event_that_a_step_cannot_hear_changes_nothing() -> None:
    call = Call(alone())
    call.start()
    with pytest.raises(UnexpectedEvent, match="“order” does not hear ChargeStarted"):
        flow.advance(call.script, call.state, ChargeStarted())


def test_pay_has_a_prompt_for_each_field_and_error() -> None:
    pay = at_card().reply
    assert isinstance(pay, Pay)
    asked = [(prompt.field, prompt.error_types, prompt.card_types, prompt.speech.key) for prompt in pay.prompts]
    others = ("visa", "mastercard", "discover")
    assert asked == [
        ("payment-card-number", (), (), "card.number"),
        ("payment-card-number", ("timeout",), (), "card.number.timeout"),
        ("payment-card-number", ("invalid-card-number",), (), "card.number.invalid"),
        ("payment-card-number", ("invalid-card-type",), (), "card.number.type"),
        ("expiration-date", (), (), "card.expiry"),
        ("expiration-date", ("timeout",), (), "card.expiry.timeout"),
        ("expiration-date", ("invalid-date",), (), "card.expiry.invalid"),
        ("security-code", (), others, "card.code"),
        ("security-code", ("timeout",), others, "card.code.timeout"),
        ("security-code", ("invalid-security-code",), others, "card.code.invalid"),
        ("security-code", (), ("amex",), "card.code.amex"),
        ("security-code", ("timeout",), ("amex",), "card.code.amex.timeout"),
        ("security-code", ("invalid-security-code",), ("amex",), "card.code.amex.invalid"),
        ("postal-code", (), (), "card.postal"),
        ("postal-code", ("timeout",), (), "card.postal.timeout"),
        ("postal-code", ("invalid-postal-code",), (), "card.postal.invalid"),
        ("payment-processing", (), (), "card.processing"),
    ]
    assert (pay.language, pay.min_postal_length, pay.timeout, pay.max_attempts) == ("en-US", 5, 10, 3)


def test_pay_asks_only_for_what_the_line_asks() -> None:
    pay = at_card(alone(asks_postal_code=False, asks_security_code=False, cards=("visa",))).reply
    assert isinstance(pay, Pay)
    assert {prompt.field for prompt in pay.prompts} == {"payment-card-number", "expiration-date", "payment-processing"}
    assert (pay.postal_code, pay.security_code, pay.min_postal_length, pay.cards) == (False, False, None, ("visa",))


def test_a_line_without_american_express_asks_for_one_kind_of_code() -> None:
    pay = at_card(alone(cards=("visa", "mastercard"))).reply
    assert isinstance(pay, Pay)
    codes = [prompt for prompt in pay.prompts if prompt.field == "security-code"]
    assert len(codes) == 3
    assert all(prompt.card_types == () for prompt in codes)


def test_a_wait_turn_speaks_on_time_and_pauses_two_seconds_at_most() -> None:
    call = at_card()
    call.hear(ChargeStarted())
    waits = [
        flow.waiting(call.script, call.state, seconds, said)
        for seconds, said in ((3, 1), (4.6, 1), (5, 1), (12, 2), (20, 3))
    ]
    assert [(wait.pause, wait.said, len(wait.say)) for wait in waits] == [
        (2, 1, 0), (1, 1, 0), (0, 2, 1), (0, 3, 1), (2, 3, 0),
    ]  # fmt: skip
