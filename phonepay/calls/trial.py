"""A call without a telephone: the same conversation, driven turn by turn from a page, which moves and writes nothing.

Orders are looked up and only read. Of the card nothing is asked at all: whoever tries says what would become of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal, Self

from phonepay.calls.lookups import find_order
from phonepay.calls.opening import script_of
from phonepay.ivr import flow, replies
from phonepay.ivr.events import (
    CardEnded,
    ChargeStarted,
    Event,
    FindOrder,
    Keyed,
    LineProtected,
    PersonEnded,
    RepeatFound,
    Settled,
    Started,
)
from phonepay.ivr.script import Script
from phonepay.ivr.state import State
from phonepay.ivr.turn import Step
from phonepay.lib.speech import seconds
from phonepay.merchant.models import Line
from phonepay.orders.models import Order

# Somebody at a page reads before they press: no key of theirs can have come too soon.
HEARD = 60.0  # seconds
CONFIRMATION = "407219"  # an example; nothing has this number
MOST_TURNS = 80

Kind = Literal["choice", "entry", "pay", "dial", "over"]
Card = Literal["accepted", "declined", "no_funds", "wrong_code", "no_answer", "unread", "stopped"]
_DECLINES = {"declined": "generic_decline", "no_funds": "insufficient_funds", "wrong_code": "incorrect_cvc"}


class OutOfPlace(ValueError):
    """What was pressed does not belong where the trial stands."""


@dataclass(frozen=True, slots=True)
class Said:
    """One part of the conversation. `who` is voice, keys, card, person or silence.

    `texts` are the voice's words, each with its locale; for keys they are what was keyed, long runs masked.
    """

    who: str
    texts: tuple[tuple[str, str], ...]
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """Where a trial stands. `kind` is what can be done next; `ended` how it ended (ivr.endings, or hung_up)."""

    line: int
    script: Mapping[str, Any]
    state: Mapping[str, Any]
    said: tuple[Said, ...] = ()
    kind: Kind = "over"
    asked: tuple[tuple[str, str], ...] = ()  # what `<Pay>` would ask for, text and locale
    ended: str = ""
    turn: int = 0

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe; `from_dict` reads it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        said = tuple(Said(each["who"], _pairs(each["texts"]), each["seconds"]) for each in stored["said"])
        return cls(**{**stored, "said": said, "asked": _pairs(stored["asked"])})


def begin(line: Line, *, now: datetime) -> Trial:
    """A call comes in at `now`."""
    script = script_of(line, now=now)
    letters = Order.objects.filter(merchant=line.merchant, status=Order.Status.UNPAID, lettered=True).exists()
    trial = Trial(line=line.pk, script=script.to_dict(), state=flow.begin(script).to_dict())
    event: Event = LineProtected("paused") if line.paused else Started(letters=letters)
    return _hear(trial, event, line, now=now)


def press(trial: Trial, keys: str, *, line: Line, now: datetime) -> Trial:
    """Keys as a telephone sends them, "" for silence. Only digits, star and pound are heard."""
    if trial.kind not in {"choice", "entry"}:
        raise OutOfPlace(trial.kind)
    heard = "".join(key for key in keys if key in "0123456789*#")
    return _hear(trial, Keyed(heard, HEARD), line, now=now, silent=not heard)


def card(trial: Trial, became: Card, *, line: Line, now: datetime) -> Trial:
    """What would become of the card."""
    if trial.kind != "pay":
        raise OutOfPlace(trial.kind)
    if became in {"unread", "stopped"}:
        ended: Literal["stopped", "unread"] = "stopped" if became == "stopped" else "unread"
        return _hear(_add(trial, Said("card", ((became, ""),))), CardEnded(ended), line, now=now)
    asked = _hear(_add(trial, Said("card", ((became, ""),))), ChargeStarted(), line, now=now)
    return _hear(asked, _settled(became, State.from_dict(trial.state).amount), line, now=now)


def person(trial: Trial, *, answered: bool, line: Line, now: datetime) -> Trial:
    """The person's telephone rang."""
    if trial.kind != "dial":
        raise OutOfPlace(trial.kind)
    told = _add(trial, Said("person", (("answered" if answered else "unanswered", ""),)))
    return _hear(told, PersonEnded(answered), line, now=now)


def hang_up(trial: Trial) -> Trial:
    """The caller ends it."""
    if trial.kind == "over":
        return trial
    return replace(trial, kind="over", ended=trial.ended or "hung_up", turn=trial.turn + 1, asked=())


def _settled(became: Card, amount: int) -> Settled:
    if became == "accepted":
        return Settled("paid", "", CONFIRMATION, amount)
    if became == "no_answer":
        return Settled("checking", "", CONFIRMATION, amount)
    return Settled("declined", _DECLINES[became], CONFIRMATION, amount)


def _hear(trial: Trial, event: Event, line: Line, *, now: datetime, silent: bool = False) -> Trial:
    """Advance the conversation by one event; its effects are left undone."""
    script, state = Script.from_dict(trial.script), State.from_dict(trial.state)
    step = flow.advance(script, state, event)
    while step.query is not None:
        found: Event = RepeatFound("")
        if isinstance(step.query, FindOrder):
            found = find_order(line.merchant, step.query, now=now)
        step = flow.advance(script, step.state, found)
    if silent:
        trial = _add(trial, Said("silence", ()))
    elif step.keyed:
        trial = _add(trial, Said("keys", ((step.keyed, ""),)))
    return _answered(trial, step)


def _answered(trial: Trial, step: Step) -> Trial:
    reply = step.reply
    kind, asked = _next(reply)
    spoken = replies.spoken(reply) if reply is not None else ()
    if spoken:
        length = round(sum(seconds(each.text, each.locale) for each in spoken))
        trial = _add(trial, Said("voice", tuple((each.text, each.locale) for each in spoken), max(1, length)))
    over = kind == "over" or trial.turn + 1 >= MOST_TURNS
    return replace(
        trial,
        state=step.state.to_dict(),
        kind="over" if over else kind,
        asked=asked,
        ended=step.ended,
        turn=trial.turn + 1,
    )


def _next(reply: replies.Reply | None) -> tuple[Kind, tuple[tuple[str, str], ...]]:
    match reply:
        case replies.Gather(num_digits=None):
            return "entry", ()
        case replies.Gather():
            return "choice", ()
        case replies.Pay():
            questions = [
                each.speech for each in reply.prompts if not each.error_types and "amex" not in each.card_types
            ]
            return "pay", tuple((each.text, each.locale) for each in questions)
        case replies.Dial():
            return "dial", ()
    return "over", ()


def _add(trial: Trial, said: Said) -> Trial:
    return replace(trial, said=(*trial.said, said))


def _pairs(stored: Any) -> tuple[tuple[str, str], ...]:
    return tuple((text, locale) for text, locale in stored)
