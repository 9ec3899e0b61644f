"""The callers: each listens and presses what is asked for, until the call ends, patience does, or fate hangs up."""

from __future__ import annotations

import random
import re
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from phonepay.standins.twilio import Telephone
from phonepay.standins.twilio.call import Call, CallOver
from tests.journeys.statements import told_in

CARDS = {
    "4242424242424242": 14,
    "4000000000000002": 2,  # declined
    "4000000000009995": 1,  # not enough money
    "4000000000000077": 2,  # pays, available at once
    "4000000000007726": 1,  # pays, refunds are pending
    "4000000000005126": 1,  # pays, refunds fail later
}
MOST_ACTIONS = 30
MOST_CALLS = 3  # of one caller, until they hear something about the money
CALLS_AGAIN_AFTER = 6.0  # real seconds
NO_SOONER = 1.7  # real seconds: keys pressed before anybody can have heard the question are not taken
_pause = threading.Event().wait

_AMOUNT = re.compile(r"[Ee]nter the amount in")
_NUMBER = re.compile(r"[Ee]nter (your order number|it again, then press)")
_CHOICE = re.compile(
    r"[Tt]o (pay|allow it|enter a card|try another card|try once more)(?: \S+){0,8}?,? press 1|press 1"
)


@dataclass
class Plan:
    """What a caller is about, by the seed."""

    phone: str
    number: str
    amount: str
    cards: list[str]
    hang_up_at: tuple[str, str, float] | None  # (what, its text, seconds after)
    starts_after: float


@dataclass
class Made:
    """A call that was made, and what went wrong with the caller rather than with the product."""

    plan: Plan
    call: Call | None = None
    error: str = ""


@dataclass
class Callers:
    """All callers of a run. `share` of a call's seconds really pass."""

    telephones: list[Telephone]
    plans: list[Plan]
    share: float
    at_once: int
    made: list[Made] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)

    def run(self) -> list[threading.Thread]:
        """Start a thread for each caller; `at_once` of them are on the line at most."""
        free = threading.BoundedSemaphore(self.at_once)
        threads = []
        for place, plan in enumerate(self.plans):
            phone = self.telephones[place % len(self.telephones)]
            made = Made(plan)
            self.made.append(made)
            thread = threading.Thread(target=self._one, args=(phone, made, free), daemon=True)
            threads.append(thread)
            thread.start()
        return threads

    def _one(self, phone: Telephone, made: Made, free: threading.BoundedSemaphore) -> None:
        """Call, and again where nothing was said of the money: they were asked to call again in a few minutes."""
        _pause(made.plan.starts_after)
        for again in range(MOST_CALLS):
            with free:
                self._call(phone, made)
            call = made.call
            if call is None or call.ended_by == "caller" or told_in(call.heard):
                return
            if again < MOST_CALLS - 1:
                _pause(CALLS_AGAIN_AFTER)
                made = Made(made.plan)
                self.made.append(made)

    def _call(self, phone: Telephone, made: Made) -> None:
        try:
            made.call = phone.prepare(made.plan.phone)
            live(made.call, made.plan)
        except Exception as error:  # noqa: BLE001 - the run goes on, and the report tells of it
            made.error = f"{type(error).__name__}: {error}"
        finally:
            self.done[made.call.ended_by if made.call else "nobody"] += 1


def live(call: Call, plan: Plan) -> None:
    """One call, from ringing to its end."""
    if plan.hang_up_at is not None:
        what, text, after = plan.hang_up_at
        point = call.at(request=text) if what == "request" else call.at(text)
        point.hang_up(after_seconds=after)
    cards = iter(plan.cards)
    call.start()
    try:
        for _ in range(MOST_ACTIONS):
            if call.state == "ended":
                return
            _act(call, plan, cards)
        call.hang_up()
    except CallOver:
        pass  # it ended while the caller was about to press


def _act(call: Call, plan: Plan, cards: Iterator[str]) -> None:
    if call.state == "paying":
        if call.listening_for == "payment-card-number" and call.attempt == 1:
            call.key_card(next(cards, "4242424242424242"), "0340", "123", "94110")
        else:
            call.wait()
        return
    if call.state == "ringing":
        call.hang_up()
        return
    said = call.last
    _pause(NO_SOONER)
    if _AMOUNT.search(said):
        call.press(f"{plan.amount}#")
    elif _NUMBER.search(said):
        call.press(f"{plan.number}#")
    elif _CHOICE.search(said):
        call.press("1")
    else:
        call.wait()


def planned(rng: random.Random, calls: int, numbers: list[str], seconds: float) -> list[Plan]:
    """Who calls when, for what, with which cards, and who hangs up where."""
    return [_plan(rng, place, numbers, seconds) for place in range(calls)]


def _plan(rng: random.Random, place: int, numbers: list[str], seconds: float) -> Plan:
    points: list[tuple[str, str]] = [
        ("request", "/waiting/"), ("request", "/pay/"), ("request", "/input/"), ("point", "payment-processing"),
        ("point", "security-code"), ("point", "pay"),
    ]  # fmt: skip
    leaves = rng.random() < 0.25
    return Plan(
        # Some call twice from the same phone.
        phone=f"+1202555{rng.randrange(max(2, 4 * place + 2)):04d}",
        # A few orders are wanted by many, at the same moment.
        number=rng.choice(numbers[: max(1, len(numbers) // 8)]) if rng.random() < 0.3 else rng.choice(numbers),
        amount=f"{rng.randrange(1, 400)}*{rng.randrange(100):02d}",
        cards=rng.choices(list(CARDS), weights=list(CARDS.values()), k=3),
        hang_up_at=(*rng.choice(points), rng.choice([0.0, 0.1, 0.5, 1.0, 3.0])) if leaves else None,
        starts_after=rng.random() * seconds,
    )
