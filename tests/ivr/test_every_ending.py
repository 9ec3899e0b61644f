"""Every path to its end: the flow's graph is walked, with all events from all states, and the last words are judged.

Beside each state goes what a bystander knows from the events alone: whether a payment is agreed, and what became of the
money. The flow's own opinion of either is not believed.
"""

from collections import deque
from dataclasses import dataclass, replace

import pytest

from phonepay.ivr import flow
from phonepay.ivr.endings import Ending
from phonepay.ivr.events import (
    Agree,
    CardEnded,
    ChargeStarted,
    ClaimRefused,
    EndUnpaid,
    Event,
    FindOrder,
    Keyed,
    LineProtected,
    NextCard,
    OrderFound,
    PersonEnded,
    RepeatFound,
    Settled,
    Started,
)
from phonepay.ivr.replies import Dial, Gather, Hangup, Pay, Reply, spoken
from phonepay.ivr.script import Script
from phonepay.ivr.state import State
from tests.ivr.call import NOW, line

pytestmark = pytest.mark.long

NOT_CHARGED = "You have not been charged"
NOTHING_DUE = "There is nothing to pay"
CHECKING = "do not pay again"
PAID = ("You have paid", "went through")

CARD = "4242424242424242"
CHOICES = [Keyed(key, 30) for key in ("", "#", "0", "1", "2", "3", "7", "9")] + [Keyed("1", 0.1)]
ENTRIES = {
    "order": [Keyed(keys, 30) for keys in ("", "0", "1042", "1*2", CARD)],
    "amount": [Keyed(keys, 30) for keys in ("", "0", "42*50", "4250", "1*2", "999999", CARD)],
}
ORDERS = [
    OrderFound(status, "1042", 4250, NOW if status == "paid" else None, NOW)
    for status in ("unknown", "payable", "paid", "refunded", "cancelled", "busy", "checking")
]
REPEATS = [RepeatFound(""), RepeatFound("paid", 480), RepeatFound("checking")]
PAY_ENDS: list[Event] = [ChargeStarted(), *(CardEnded(each) for each in ("stopped", "unread", "unreachable"))]
CLAIMS = [ClaimRefused(why, "1042", 5000) for why in ("just_paid", "busy", "checking", "cancelled", "changed", "late")]
NUMBERLESS = [replace(claim, number="") for claim in CLAIMS]
RESULTS = [
    Settled("paid", "", "407219", 4250),
    Settled("declined", "insufficient_funds", "407219", 4250),
    Settled("declined", "incorrect_cvc", "407219", 4250),
    Settled("checking", "", "407219", 4250),
    Settled("failed", "", "407219", 4250),
]


def events_for(script: Script, step: flow.Step | State) -> list[Event]:
    """All that can happen next."""
    if isinstance(step, flow.Step) and step.query:
        return [*ORDERS] if isinstance(step.query, FindOrder) else [*REPEATS]
    state = step.state if isinstance(step, flow.Step) else step
    if state.step == "start":
        return [Started(), LineProtected("paused"), LineProtected("caller_refused"), LineProtected("again")]
    if state.step == "card":
        return [*PAY_ENDS, *(CLAIMS if script.behavior.asks_order_number else NUMBERLESS)]
    if state.step == "waiting":
        return [*RESULTS]
    if state.step == "transfer":
        return [PersonEnded(True), PersonEnded(False)]
    return [*ENTRIES.get(state.step, CHOICES)]


@dataclass(frozen=True)
class Seen:
    """A place in the graph, with what a bystander knows."""

    state: State
    agreed: bool = False
    money: str = "uncharged"
    last_said: str = ""
    waits_for: str = ""


def money_after(money: str, event: Event) -> str:
    if isinstance(event, ChargeStarted):
        return "charging"
    if isinstance(event, Settled):
        return {"paid": "paid", "checking": "checking"}.get(event.kind, "uncharged")
    return money


def agreed_after(agreed: bool, step: flow.Step) -> bool:
    for effect in step.effects:
        if isinstance(effect, Agree):
            assert not agreed, "agreed twice"
            agreed = True
        elif isinstance(effect, NextCard):
            assert agreed, "a further card of nothing"
        elif isinstance(effect, EndUnpaid):
            assert agreed, "nothing to end"
            agreed = False
    return agreed


def statement_is_true(text: str, money: str) -> bool:
    """Whether what is said of the money fits what happened, and something is said."""
    if money == "paid":
        return any(words in text for words in PAID) and NOT_CHARGED not in text
    if money == "checking":
        return CHECKING in text and NOT_CHARGED not in text
    assert money == "uncharged"
    # An earlier payment may be the one that is being checked.
    return any(words in text for words in (NOT_CHARGED, NOTHING_DUE, CHECKING))


def judge(before: Seen, event: Event, step: flow.Step, after: Seen) -> None:
    """What must hold of every step on every path."""
    assert (step.reply is None) != (step.query is None)
    if step.reply is None:
        return
    text = words_of(step.reply)
    assert "{" not in text
    if NOT_CHARGED in text:
        assert after.money == "uncharged"
    if isinstance(step.reply, Pay):
        assert after.agreed
        assert after.money == "uncharged"
    ends = isinstance(step.reply, Hangup) or (isinstance(step.reply, Gather) and step.reply.then_hang_up)
    assert ends == bool(step.ended)
    if not ends:
        return
    assert step.ended in set(Ending)
    assert not (after.agreed and after.money == "uncharged"), "an agreed payment is left behind"
    if event == PersonEnded(True):
        return
    if text in {"", "Goodbye."}:
        text = before.last_said
    assert statement_is_true(text, after.money), (event, text, after.money)


def statements(reply: Reply) -> str:
    """What was said of the money, alone: all that a following goodbye leans on."""
    return " ".join(each for each in (NOT_CHARGED, NOTHING_DUE, CHECKING, *PAID) if each in words_of(reply))


def words_of(reply: Reply) -> str:
    return " ".join(speech.text for speech in spoken(reply))


def walk(script: Script, most: int = 10_000) -> set[str]:
    """Every state that can be reached; answers the endings met."""
    begun = Seen(flow.begin(script))
    seen, todo, endings = {begun}, deque([(begun, events_for(script, begun.state))]), set()
    while todo:
        here, events = todo.popleft()
        for event in events:
            step = flow.advance(script, here.state, event)
            # Turns only bound a call, and a run is only compared: without folding them the graph has no end.
            state = replace(step.state, turns=min(step.state.turns, 1), run=9 if step.state.run > 7 else 1)
            there = Seen(
                state,
                agreed_after(here.agreed, step),
                money_after(here.money, event),
                statements(step.reply) if step.reply else here.last_said,
                type(step.query).__name__ if step.query else "",
            )
            judge(here, event, step, there)
            if step.ended:
                endings.add(step.ended)
            if state.step != "ended" and there not in seen:
                seen.add(there)
                assert len(seen) < most
                todo.append((there, events_for(script, step)))
    assert len(seen) > 50
    return endings


# Patience is shortened, not left out: the graph grows with every count.
SHORT = {"tries": 2, "tries_per_call": 2, "cards_per_call": 2, "outcome_repeats": 1, "unknown_tries": 2}


@pytest.mark.parametrize("behavior", ["fixed-with-order", "fixed", "caller-with-order", "caller"])
@pytest.mark.parametrize(("overage", "person"), [("off", "+14155550100"), ("ask", ""), ("condition", "")])
def test_every_path_ends_with_the_truth_about_the_money(behavior: str, person: str, overage: str) -> None:
    script = line(behavior, person_number=person, overage=overage, overage_cap=5000, overage_days=30, **SHORT)
    endings = walk(script)
    assert {"paid", "checking", "unreachable", "failed", "line_paused", "caller_refused"} <= endings
    assert ("person" in endings) == bool(person)
    assert ("silence" in endings) == (not person)


def test_a_line_that_refuses_unknown_numbers_ends_with_the_truth_too() -> None:
    endings = walk(line("fixed-with-order", accepts_unknown_orders=False, person_number="", **SHORT))
    assert "refused_number" in endings


def test_a_line_of_two_languages_asks_once() -> None:
    script = line("fixed", locales=("en-US", "en-GB"), person_number="", **SHORT)
    assert "paid" in walk(script)


def test_a_call_cannot_go_round_for_ever() -> None:
    script = line("caller", person_number="")
    step = flow.advance(script, flow.begin(script), Started())
    replies = 0
    while not isinstance(step.reply, Hangup):
        step = flow.advance(script, step.state, Keyed("42*50", 30))
        step = flow.advance(script, step.state, RepeatFound(""))
        while step.reply and not isinstance(step.reply, Hangup | Dial) and step.state.step == "confirm":
            step = flow.advance(script, step.state, Keyed("2", 30))
        replies += 1
        assert replies < 100
        if step.state.step == "ended":
            break
    assert step.ended == "tries"
