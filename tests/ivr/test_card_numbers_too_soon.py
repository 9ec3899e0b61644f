"""A card number keyed anywhere but in `<Pay>`, also split over turns by a fast hand: it is neither kept nor obeyed."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.ivr import replies
from phonepay.ivr.events import Agree, CardEnded
from phonepay.ivr.replies import Gather, Pay, spoken
from phonepay.lib.cards import passes_luhn
from phonepay.lib.speech import seconds
from tests.ivr.call import Call, alone, at_card, at_confirm, order

A_FAST_HAND = 0.2  # Seconds from key to key.


@st.composite
def card_numbers(draw: st.DrawFn) -> str:
    """Visa, Mastercard of both series, American Express and Discover, their check digit right."""
    prefix, length = draw(st.sampled_from([("4", 16), ("51", 16), ("2221", 16), ("37", 15), ("6011", 16)]))
    body = prefix + draw(st.text("0123456789", min_size=length - len(prefix) - 1, max_size=length - len(prefix) - 1))
    return next(body + digit for digit in "0123456789" if passes_luhn(body + digit))


def key_fast(call: Call, keys: str, *, before_the_first: float, delay: float, kept: bool) -> list[str]:
    """Key as a telephone does: a choice takes one key, an entry all of them, what is said first swallows them.

    `delay` passes between a key and the next reply; keys meanwhile are `kept` for that reply or lost. Answers what the
    log kept of each turn.
    """
    left, clock, next_key, logged = keys, 0.0, before_the_first, []
    while left and isinstance(call.reply, Gather):
        heard_from = clock + sum(seconds(speech.text) for speech in call.reply.before)
        while left and call.reply.before and next_key < heard_from:
            left, next_key = left[1:], next_key + A_FAST_HAND
        if not left:
            break
        taken = left[:1] if call.reply.num_digits == 1 else left
        left = left[len(taken) :]
        pressed = max(next_key, heard_from) + A_FAST_HAND * (len(taken) - 1)
        arrived = pressed if call.reply.num_digits == 1 else pressed + call.reply.timeout
        next_key = pressed + A_FAST_HAND
        call.keys(taken, after=arrived - clock)
        logged.append(call.keyed)
        clock = arrived + delay
        while left and not kept and next_key < clock:
            left, next_key = left[1:], next_key + A_FAST_HAND
        next_key = max(next_key, clock)
    return logged


def digits_kept(call: Call) -> str:
    """All that is stored of a call, with the characters that the voice puts between digits taken out."""
    stored = json.dumps([call.state.to_dict(), *(replies.to_dict(reply) for reply in call.replies)])
    return re.sub(r"(?<=\d)[,. ]+(?=\d)", "", stored)


def places() -> dict[str, Call]:
    """A call at each question."""
    stopped = at_card()
    stopped.hear(CardEnded("stopped"))
    consent = at_confirm(alone(overage="ask", overage_cap=5000, overage_days=30))
    consent.keys("1")
    new_order = at_new_order("fixed-with-order")
    both = at_new_order("caller-with-order")
    both.keys("42*50")
    amount = Call(alone("caller"))
    amount.start()
    confirm_amount = Call(alone("caller"))
    confirm_amount.start()
    confirm_amount.keys("42*50")
    fixed = Call(alone("fixed"))
    fixed.start()
    languages = Call(alone("fixed", locales=("en-US", "es-US")))
    languages.start()
    first = Call(alone())
    first.start()
    return {
        "order": first,
        "order.confirm": at_confirm(),
        "order.confirm.new": new_order,
        "amount.confirm.order": both,
        "amount": amount,
        "amount.confirm": confirm_amount,
        "fixed.confirm": fixed,
        "consent": consent,
        "card.stopped": stopped,
        "language": languages,
    }


def at_new_order(behavior: str) -> Call:
    call = Call(alone(behavior))
    call.start()
    call.keys("1043")
    return call


@given(
    card=card_numbers(),
    place=st.sampled_from(sorted(places())),
    delay=st.floats(0, 1.0),
    kept=st.booleans(),
    heard=st.booleans(),
)
def test_a_card_number_keyed_at_any_question_is_not_kept(
    card: str, place: str, delay: float, kept: bool, heard: bool
) -> None:
    call = places()[place]
    agreed_before = sum(isinstance(effect, Agree) for effect in call.effects)
    logged = key_fast(call, card, before_the_first=20.0 if heard else 0.2, delay=delay, kept=kept)
    assert not re.search(r"\d{8}", digits_kept(call))
    assert not re.search(r"\d{8}", "".join(logged))
    if place != "consent":  # There 2 is an answer too, and the next thing is the card: it is where the keys belong.
        assert sum(isinstance(effect, Agree) for effect in call.effects) == agreed_before
        assert not isinstance(call.reply, Pay)


@given(card=card_numbers(), at=st.integers(1, 15), place=st.sampled_from(["order", "amount"]))
def test_a_card_number_split_over_two_entries_is_not_kept(card: str, at: int, place: str) -> None:
    call = Call(alone("caller-with-order", tries=9, tries_per_call=9))
    call.start()
    if place == "amount":
        call.keys("1043")
    first, second = card[:at], card[at:]
    call.keys(first, after=20.0)
    if second:
        call.keys(second, after=A_FAST_HAND * len(second))
    stored = json.dumps(call.state.to_dict())
    assert not re.search(r"\d{8}", stored)


@pytest.mark.parametrize("keys", ["4242424242424242", "4242424242424242#", "1234567890123"])
def test_an_entry_of_13_keys_or_more_is_dropped_whole(keys: str) -> None:
    call = Call(alone())
    call.start()
    assert call.keys(keys).startswith("That sounded like a card number. We did not keep it.")
    assert call.queries == []
    assert set(call.keyed) == {"x"}


def test_a_number_of_12_keys_is_looked_up() -> None:
    call = Call(alone())
    call.start()
    call.keys("123456789012")
    assert [query.keys for query in call.queries] == ["123456789012"]


def test_8_keys_that_name_no_order_are_masked_in_the_log() -> None:
    call = Call(alone())
    call.start()
    call.keys("12345678")
    assert call.keyed == "xxxxxxxx"


def test_a_long_number_that_is_refused_is_not_said_back() -> None:
    call = Call(alone(accepts_unknown_orders=False))
    call.start()
    assert call.keys("12345678").startswith("We have no order with that number. Please check it")
    assert "12345678" not in digits_kept(call)


def test_1_is_no_answer_before_the_question_can_have_been_heard() -> None:
    call = at_confirm()
    heard = call.heard
    assert call.keys("1", after=0.3) == heard
    assert call.effects == []
    assert call.keys("1", after=2.0).startswith("We take Visa")


def test_a_caller_who_knows_the_way_may_answer_before_the_question_ends() -> None:
    call = at_confirm()
    call.keys("1", after=2.0)
    assert isinstance(call.reply, Pay)


def test_1_is_no_answer_while_the_words_before_the_question_are_said() -> None:
    call = at_confirm()
    call.keys("4")
    call.keys("2", after=3.0)
    assert call.said[0] == "card.too_soon"
    call.keys("1", after=7.0)
    assert call.effects == []


def test_a_run_of_keys_is_one_try() -> None:
    call = at_confirm()
    for _ in range(12):
        call.keys("4", after=0.2)
    assert call.ended == ""
    assert call.state.tries == 1


def test_the_words_before_a_question_are_only_the_two_that_keys_may_follow() -> None:
    for call in places().values():
        call.keys("7")
        assert isinstance(call.reply, Gather | Pay | replies.Hangup)
        if isinstance(call.reply, Gather):
            assert {speech.key for speech in call.reply.before} <= {"wrong.1", "card.too_soon"}
            assert spoken(call.reply)[0] in (*call.reply.before, *call.reply.say)


@pytest.mark.parametrize("card", ["4242424242424242", "5555555555554444", "378282246310005", "6011111111111117"])
@pytest.mark.parametrize("behavior", ["fixed-with-order", "caller-with-order"])
def test_the_first_12_of_a_card_number_ended_as_a_number_are_not_kept(card: str, behavior: str) -> None:
    """With the last four, which a payment keeps, they would be a whole one."""
    call = Call(alone(behavior))
    call.start()
    assert call.keys(f"{card[:12]}#").startswith("That sounded like a card number. We did not keep it.")
    assert not re.search(r"\d{8}", digits_kept(call))
    assert (call.state.order_keys, call.state.order_number) == ("", "")


def test_an_order_of_the_shop_may_begin_like_a_card_number() -> None:
    call = Call(alone(), {"424242424242": order("payable", "424242424242", order_id=7)})
    call.start()
    assert "To pay, press 1." in call.keys("424242424242#")
