"""A call without a telephone: the whole conversation, and not a row that is written."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from phonepay.calls import trial as trials
from phonepay.calls.trial import OutOfPlace, Trial
from phonepay.merchant.models import Line
from phonepay.orders.models import Order
from phonepay.orders.operations import add_order
from tests.shop import OLIVIA, make_line, make_shop

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Caller:
    """Somebody at the page, who goes through JSON between two presses as the session does."""

    def __init__(self, **facts: Any) -> None:
        self.line: Line = make_line(make_shop(order_prefix=""), **facts)
        self.trial = trials.begin(self.line, now=NOON)

    def press(self, keys: str) -> str:
        return self._now(trials.press(self.trial, keys, line=self.line, now=NOON))

    def card(self, became: Any) -> str:
        return self._now(trials.card(self.trial, became, line=self.line, now=NOON))

    def person(self, *, answered: bool) -> str:
        return self._now(trials.person(self.trial, answered=answered, line=self.line, now=NOON))

    def _now(self, trial: Trial) -> str:
        self.trial = Trial.from_dict(json.loads(json.dumps(trial.to_dict())))
        assert self.trial == trial
        return self.heard

    @property
    def kind(self) -> str:
        return self.trial.kind

    @property
    def heard(self) -> str:
        last = [each for each in self.trial.said if each.who == "voice"][-1]
        return " ".join(text for text, _locale in last.texts)


def the_order(caller: Caller) -> Order:
    return add_order(merchant=caller.line.merchant, number="1042", amount=1250, currency="usd", by=OLIVIA, now=NOON)


def test_a_whole_call_is_heard_to_its_end() -> None:
    caller = Caller()
    the_order(caller)
    assert caller.kind == "entry" and "Enter your order number" in caller.heard
    assert "Order 1, 0, 4, 2: twelve dollars and fifty cents." in caller.press("1042#")
    caller.press("1")
    assert caller.kind == "pay" and caller.trial.asked[0] == ("Enter your card number.", "en-US")
    assert "You have paid twelve dollars and fifty cents." in caller.card("accepted")
    caller.press("")
    assert (caller.kind, caller.trial.ended) == ("over", "paid")


def test_nothing_is_written() -> None:
    caller = Caller()
    order = the_order(caller)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        caller.press("1042")
        caller.press("1")
        caller.card("accepted")
    assert queries.captured_queries and all(each["sql"].startswith("SELECT") for each in queries.captured_queries)
    order.refresh_from_db()
    assert order.status == Order.Status.UNPAID


@pytest.mark.parametrize(
    ("became", "words"),
    [
        ("declined", "Your bank said no to this payment."),
        ("no_funds", "there is not enough money"),
        ("wrong_code", "The security code did not match."),
        ("no_answer", "Please do not pay again."),
        ("unread", "We could not read the card."),
        ("stopped", "Card entry stopped."),
    ],
)
def test_each_end_of_a_card_is_told_as_on_the_telephone(became: str, words: str) -> None:
    caller = Caller(behavior="fixed")
    caller.press("1")
    assert words in caller.card(became)


def test_a_card_number_keyed_too_soon_is_not_kept() -> None:
    caller = Caller()
    assert "That sounded like a card number." in caller.press("4242424242424242#")
    assert "4242" not in json.dumps(caller.trial.to_dict())


def test_only_the_keys_of_a_telephone_are_heard() -> None:
    caller = Caller(behavior="caller")
    assert "You are paying forty-two dollars" in caller.press("4<2>a*b5'0#")


def test_a_person_is_rung_and_answers_or_not() -> None:
    caller = Caller(person_number="+14155550142")
    caller.press("0")
    assert caller.kind == "dial"
    assert "nobody could take your call" in caller.person(answered=False)
    assert caller.trial.ended == "person_unanswered"


def test_a_paused_line_says_so() -> None:
    caller = Caller(paused=True)
    assert "not available" in caller.heard and caller.trial.ended == "line_paused"


def test_what_does_not_belong_here_is_refused() -> None:
    caller = Caller()
    with pytest.raises(OutOfPlace):
        caller.card("accepted")
    with pytest.raises(OutOfPlace):
        caller.person(answered=True)


def test_hanging_up_ends_it() -> None:
    over = trials.hang_up(Caller().trial)
    assert (over.kind, over.ended) == ("over", "hung_up")
    assert trials.hang_up(over) is over


def test_a_trial_ends_by_itself_at_last() -> None:
    caller = Caller(tries=9, tries_per_call=20)
    for _ in range(200):
        if caller.kind == "over":
            break
        caller.press("9")
    assert caller.kind == "over"
