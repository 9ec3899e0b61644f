"""The conversation: where it begins, and what each event makes of it.

    state = begin(script)
    step = advance(script, state, Started())
    while step.query: step = advance(script, step.state, …)     # the driver looks it up
    # store step.state, carry out step.effects, send step.reply; the next request is the next event

Everything here is decided by the arguments alone: the same event on the same state gives the same step.
"""

from typing import Protocol

from phonepay.ivr.endings import Ending
from phonepay.ivr.events import Event, Keyed, LineProtected
from phonepay.ivr.replies import Wait
from phonepay.ivr.script import Script
from phonepay.ivr.state import State
from phonepay.ivr.steps.amount import Amount, Repeat
from phonepay.ivr.steps.card import Card, CardRetry, Offer, Waiting
from phonepay.ivr.steps.confirm import Confirm, Consent
from phonepay.ivr.steps.opening import Language, Start, refuse
from phonepay.ivr.steps.order import OrderNumber
from phonepay.ivr.steps.order_found import NothingDue
from phonepay.ivr.steps.outcome import Outcome, Transfer
from phonepay.ivr.steps.questions import UnexpectedEvent
from phonepay.ivr.steps.second_fact import SecondFact
from phonepay.ivr.turn import Step, Turn

__all__ = ["Step", "UnexpectedEvent", "advance", "begin", "waiting"]

# Replies of one call, waiting apart: who says "again" or "another number" without end does not keep the line for ever.
MOST_TURNS = 60

# The waiting words and from which second on; between them a wait turn pauses at most so long.
WAITING_WORDS = (("charge.wait", 0), ("charge.wait.5", 5), ("charge.wait.12", 12))
LONGEST_PAUSE = 2


class _Heard(Protocol):
    @property
    def name(self) -> str: ...

    def hear(self, turn: Turn, event: Event) -> Step | None: ...


class _OnTheRoad(Protocol):
    def applies(self, turn: Turn) -> bool: ...

    def ask(self, turn: Turn) -> Step: ...


# What must be settled before money moves, in this order. Card always applies: there is always a next step.
_ROAD: tuple[_OnTheRoad, ...] = (OrderNumber(), Amount(), Repeat(), Confirm(), Consent(), Card())

_STEPS: tuple[_Heard, ...] = (
    Start(), Language(), OrderNumber(), SecondFact(), NothingDue(), Amount(), Repeat(), Confirm(), Consent(), Card(),
    CardRetry(), Waiting(), Offer(), Outcome(), Transfer(),
)  # fmt: skip
_BY_NAME = {step.name: step for step in _STEPS}


def begin(script: Script) -> State:
    """A call before its first event, Started or LineProtected."""
    return State(locale=script.locales[0])


def advance(script: Script, state: State, event: Event) -> Step:
    """What comes of an event: the new state and a reply, or a query. UnexpectedEvent where the step cannot hear it."""
    step = _BY_NAME.get(state.step)
    if step is None:
        raise UnexpectedEvent(state.step, event)
    turn = Turn(script, state)
    if isinstance(event, LineProtected) and state.step != "ended" and state.money == "none":
        return refuse(turn, event.kind)
    if isinstance(event, Keyed) and state.turns >= MOST_TURNS and state.money == "none":
        return turn.hang_up(Ending.TRIES, "end.tries")
    return step.hear(turn, event) or _go_on(turn)


def waiting(script: Script, state: State, seconds: float, said: int) -> Wait:
    """A wait turn, `seconds` after the charge began and `said` of the three waiting prompts. Changes nothing."""
    if said < len(WAITING_WORDS):
        prompt, due = WAITING_WORDS[said]
        if seconds >= due:
            return Wait((Turn(script, state).words(prompt),), 0, said + 1)
        return Wait((), max(1, min(LONGEST_PAUSE, round(due - seconds))), said)
    return Wait((), LONGEST_PAUSE, said)


def _go_on(turn: Turn) -> Step:
    return next(step for step in _ROAD if step.applies(turn)).ask(turn)
