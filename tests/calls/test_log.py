"""The log of a call: what was asked, keyed and answered, how long it took, and how it ended."""

from typing import Any

import pytest

from phonepay.ivr import replies
from phonepay.ivr.endings import Ending
from tests.journeys.phone import SILENCE, Act, Phone
from tests.journeys.shop import NO_FUNDS, VISA, Shop


def told(turn: dict[str, Any]) -> str:
    """The words of one turn of the log."""
    reply = replies.reply_from_dict(turn["reply"])
    return " ".join(speech.text for speech in replies.spoken(reply))


def test_every_turn_is_there_with_what_was_keyed_and_what_was_answered(phone: Phone, shop: Shop) -> None:
    shop.line("caller-with-order")
    caller = phone.dial()
    heard = [caller.heard, caller.press("1043#"), caller.press("42*50#"), caller.press("1")]
    caller.pay_with(NO_FUNDS)
    caller.hang_up()
    turns = shop.call.turns
    attempt = shop.payment.attempt
    assert [turn["answers"] for turn in turns] == ["voice", "input/1", "input/2", "input/3", f"pay/{attempt}"]
    assert [turn.get("keyed", "") for turn in turns] == ["", "1043", "42*50", "1", ""]
    assert [turn["step"] for turn in turns] == ["order", "amount", "confirm", "card", "card_retry"]
    assert [told(turn) for turn in turns[:3]] == heard[:3]
    assert heard[3] == f"{told(turns[3])} Enter your card number."
    assert "there is not enough money available" in told(turns[4])


def test_the_times_are_those_of_the_turns(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    caller = phone.dial()
    caller.then(SILENCE)
    call = shop.call
    assert call.started_at.isoformat() == call.turns[0]["at"]
    assert call.last_at.isoformat() == call.turns[-1]["at"]
    assert (call.last_at - call.started_at).total_seconds() > 15
    assert call.seconds == caller.call.duration
    assert call.ended_at is not None and call.ended_at >= call.last_at


def test_silence_is_logged_as_no_keys(phone: Phone, shop: Shop) -> None:
    shop.line()
    phone.dial().then(SILENCE)
    assert "keyed" not in shop.call.turns[-1]
    assert told(shop.call.turns[-1]).startswith("Are you still there?")


@pytest.mark.parametrize("keys", ["12345678#", "1234567890123#", "4242424242424242#"])
def test_long_runs_that_name_no_order_are_masked(phone: Phone, shop: Shop, keys: str) -> None:
    shop.line(accepts_unknown_orders=False)
    phone.dial().press(keys, per_second=5)
    assert shop.call.turns[-1]["keyed"] == "x" * (len(keys) - 1)


def test_a_long_number_that_names_an_order_is_logged(phone: Phone, shop: Shop) -> None:
    shop.line()
    shop.order("1234567890")
    phone.dial().press("1234567890#")
    assert shop.call.turns[-1]["keyed"] == "1234567890"


SET: dict[str, tuple[str, list[Act], str, str, str]] = {
    "paid": ("fixed", ["1", VISA], Ending.PAID, "paid", "outcome"),
    "stopped": ("fixed", ["2"], Ending.STOPPED, "not_charged", "ended"),
    "declined": ("fixed", ["1", NO_FUNDS, "2"], Ending.DECLINED, "not_charged", "ended"),
    "hung up at the question": ("fixed", [], "hung_up", "", "confirm"),
    "hung up at the card": ("fixed", ["1"], "hung_up", "", "card"),
    "hung up after a decline": ("fixed", ["1", NO_FUNDS], "hung_up", "not_charged", "card_retry"),
    "hung up at the next card": ("fixed", ["1", NO_FUNDS, "1"], "hung_up", "", "card"),
    "hung up at the order": ("fixed-with-order", ["1043#"], "hung_up", "", "confirm"),
    "nobody answered": ("fixed", ["0", SILENCE], Ending.PERSON_UNANSWERED, "not_charged", "ended"),
}


@pytest.mark.parametrize("name", SET)
def test_how_a_call_ended_what_was_told_and_where_it_stood(phone: Phone, shop: Shop, name: str) -> None:
    behavior, acts, ended, told_last, step = SET[name]
    shop.line(behavior)
    caller = phone.dial()
    for act in acts:
        caller.does(act)
    caller.hang_up(after=3)
    call = shop.call
    assert (call.ended, call.told, call.step) == (ended, told_last, step)
    assert call.seconds == caller.call.duration
    assert (call.phone, call.line.phone_number) == ("+15550123", "+15550100")


def test_a_call_belongs_to_its_payment(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    caller = phone.dial()
    caller.then("1", VISA)
    assert shop.call.payment == shop.payment
    assert shop.payment.call_sid == caller.sid


def test_the_prompts_inside_the_card_are_not_kept_with_every_turn_and_are_said_again_all_the_same(
    phone: Phone, shop: Shop
) -> None:
    shop.line("fixed", locales=["en-US", "es-US"])
    caller = phone.dial()
    caller.then("2", "1")
    assert shop.call.turns[-1]["reply"]["prompts"] == []
    asked = caller.request("/input/2")
    assert "Marque el número de su tarjeta." in asked.body
    assert phone.telephone.repeat(asked)[0].body.decode() == asked.body
