"""What callers hear of a line before anybody calls it: by the same conversation that drives the calls."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from phonepay.calls.models import Call
from phonepay.calls.opening import script_of
from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import Event, record
from phonepay.ivr import flow
from phonepay.ivr.events import RepeatFound, Started
from phonepay.ivr.facts import SAMPLE_WHOLE
from phonepay.ivr.replies import Speech, spoken
from phonepay.ivr.script import Behavior
from phonepay.lib.money import currency
from phonepay.merchant.models import Line

GREETING = ("welcome", "person.hint")


def first_words(line: Line, *, behavior: str, fixed_amount: int | None, now: datetime) -> tuple[Speech, ...]:
    """The first turn in the line's first language, as it would be with this behavior.

    The notice of a test line and the choice of a language are left out: they are the same with every behavior.
    `fixed_amount` in minor units of the line's currency; without one a fixed behavior is heard with `sample_amount`.
    """
    heard_with = Behavior.named(behavior, fixed_amount or sample_amount(line))
    script = replace(
        script_of(line, now=now),
        behavior=heard_with,
        locales=tuple(line.locales[:1]),
        test_mode=False,
        paused=False,
    )
    step = flow.advance(script, flow.begin(script), Started())
    while step.query is not None:
        # Before the first keys it can only ask whether this phone has just paid: nobody's phone has.
        step = flow.advance(script, step.state, RepeatFound(""))
    return spoken(step.reply) if step.reply is not None else ()


def sample_amount(line: Line) -> int:
    """An example that the line would take, minor units: 42.50 where that lies within its limits."""
    facts = currency(line.currency)
    half = facts.unit // 2 if facts.shown_decimals else 0
    return min(max(SAMPLE_WHOLE * facts.unit + half, line.floor), line.ceiling)


def calls_under_way(line: Line) -> int:
    """How many callers are on the line: each keeps the behavior and the words that the call began with."""
    return Call.objects.filter(line=line, ended_at=None).count()


def note_heard(*, by: Actor, now: datetime) -> None:
    """Somebody of the shop hears what callers hear: recorded the first time."""
    if not Event.objects.filter(type=types.LINE_HEARD).exists():
        record(types.LINE_HEARD, subject=("line", ""), by=by, now=now)
