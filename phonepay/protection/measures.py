"""The verbs on a measure: taken when a limit is met, eased when its time is over, lifted by a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from phonepay.events import types
from phonepay.events.actors import SYSTEM, Actor
from phonepay.events.models import record
from phonepay.merchant.models import Line
from phonepay.people.permissions import require
from phonepay.protection import alerting
from phonepay.protection.callers import HIDDEN
from phonepay.protection.models import Measure
from phonepay.protection.steps import Step, Verdict, Why

TRUSTED_FOR = timedelta(days=90)
KEPT_AFTER = timedelta(days=7)  # the longest window: then the row is forgotten, and with it the keyed hash
AGAIN_WITHIN = timedelta(days=1)  # a step of a line that is taken again so soon lasts twice as long

# How long a line holds a step before it looks whether the one below will do.
LASTS = {
    Step.GENERIC: timedelta(hours=1),
    Step.ORDER: timedelta(hours=2),
    Step.REFUSED: timedelta(hours=2),
    Step.PERSON: timedelta(hours=2),
    Step.PAUSED: timedelta(minutes=30),
}
LONGEST = timedelta(hours=24)
LONGEST_PAUSE = timedelta(hours=4)


class NothingToLift(ValueError):
    """Nothing is held any more: somebody else lifted it, or its time was over."""

    def __init__(self) -> None:
        super().__init__("Nothing is held here any more: it has ended, or somebody else has lifted it.")


def kept_of(line: Line, kind: str, key: str) -> QuerySet[Measure]:
    """The row of a caller or a card of this line's shop."""
    return Measure.objects.filter(merchant=line.merchant_id, kind=kind, key=key)


def kept_of_line(line: Line) -> QuerySet[Measure]:
    return kept_of(line, Measure.Kind.LINE, str(line.pk))


def take(*, line: Line, kind: str, key: str, verdict: Verdict, call_sid: str, now: datetime) -> Measure | None:
    """Hold this step against a caller or a card until the verdict's end; None where nothing is to be held.

    The same or a further step that is on stays as it is. An event is recorded for a refusal, in the same transaction.
    """
    if verdict.step == Step.NONE or verdict.until is None:
        return None
    try:
        return _take(line, kind, key, verdict, call_sid, now)
    except IntegrityError:  # another process was first to make the row
        return _take(line, kind, key, verdict, call_sid, now)


def _take(line: Line, kind: str, key: str, verdict: Verdict, call_sid: str, now: datetime) -> Measure:
    assert verdict.until is not None  # noqa: S101  # take() asked
    with transaction.atomic():
        row = kept_of(line, kind, key).select_for_update().first()
        if row is None:
            row = Measure(merchant_id=line.merchant_id, line=line, kind=kind, key=key, since=now, until=now)
        if row.trusted_until and row.trusted_until > now:
            return row
        held = Step(row.step) if row.until > now else Step.NONE
        if held > verdict.step or (held == verdict.step and row.until >= verdict.until):
            return row
        if held != verdict.step:
            row.since = now
        row.line, row.step, row.until = line, verdict.step, verdict.until
        row.why, row.count, row.call_sid = verdict.why, verdict.count, call_sid
        row.save()
        if verdict.step >= Step.REFUSED > held:
            _record(row, now)
            alerting.raise_for(row, now=now)
    return row


def take_line_step(*, line: Line, step: Step, why: str, count: int, call_sid: str, now: datetime) -> Measure:
    """Let a line take a step further than the one it is at; one that it has passed already changes nothing."""
    try:
        return _take_line_step(line, step, why, count, call_sid, now)
    except IntegrityError:
        return _take_line_step(line, step, why, count, call_sid, now)


def _take_line_step(line: Line, step: Step, why: str, count: int, call_sid: str, now: datetime) -> Measure:
    with transaction.atomic():
        row = kept_of_line(line).select_for_update().first()
        if row is None:
            row = Measure(merchant_id=line.merchant_id, line=line, kind=Measure.Kind.LINE, key=str(line.pk))
            row.since = row.until = now
        held = Step(row.step) if row.until > now else Step.NONE
        if held >= step:
            return row
        row.taken = 1 if row.taken == 0 or now - row.until > AGAIN_WITHIN else min(row.taken + 1, 1000)
        row.step, row.why, row.count, row.call_sid = step, why, count, call_sid
        row.since, row.until = now, now + lasting(step, row.taken)
        row.save()
        _record(row, now)
        alerting.raise_for(row, now=now)
    return row


def lasting(step: Step, taken: int) -> timedelta:
    """How long a line holds a step that it takes for the `taken`-th time: every fifth time twice as long."""
    longest = LONGEST_PAUSE if step == Step.PAUSED else LONGEST
    times: int = 2 ** min(max(0, taken - 1) // len(LASTS), 10)
    return min(LASTS[step] * times, longest)


def ease(*, line: Line, now: datetime) -> Measure | None:
    """A step's time is over: the line goes one step down and looks whether that will do; None where nothing was due."""
    with transaction.atomic():
        row = kept_of_line(line).select_for_update().first()
        if row is None or row.step == Step.NONE or row.until > now:
            return None
        row.step, row.since, row.why, row.count = Step(row.step - 1), now, Why.EASED, 0
        row.until = now + lasting(Step(row.step), row.taken) if row.step else now
        row.save()
        _record(row, now)
        if row.step == Step.NONE:
            alerting.over_for(row, now=now)
    return row


def extend(*, row: Measure, step: Step, count: int, now: datetime) -> Measure | None:
    """A line's step has had its time and it goes on: the next one, or the same again. None where another process
    was first."""
    until = now + lasting(step, row.taken + 1)
    since = row.since if row.step == step else now
    changes = {"step": step, "since": since, "until": until, "why": Why.STILL, "count": count}
    with transaction.atomic():
        same = Measure.objects.filter(pk=row.pk, step=row.step, until=row.until)
        if same.update(**changes, taken=min(row.taken + 1, 1000)) != 1:
            return None
        row.refresh_from_db()
        _record(row, now)
        alerting.raise_for(row, now=now)
    return row


def lift(*, measure: Measure, by: Actor, now: datetime) -> Measure:
    """Somebody says that it was a real customer, or resumes a line: nothing is held, and what happened counts no more.

    A caller or a card is trusted for 90 days. All who hide their number are not: their limits only count anew. Raises
    NotAllowed, and NothingToLift.
    """
    require(by, "lift_protection")
    with transaction.atomic():
        row = Measure.objects.select_for_update().get(pk=measure.pk)
        if row.step == Step.NONE or row.until <= now:
            raise NothingToLift
        was = row.step
        row.step, row.until, row.since, row.taken = Step.NONE, now, now, 0
        row.counted_from = now
        one_customer = row.kind != Measure.Kind.LINE and row.key != HIDDEN
        if one_customer:
            row.trusted_until = now + TRUSTED_FOR
        row.save()
        trusted = row.trusted_until.isoformat() if one_customer and row.trusted_until else ""
        facts = {"kind": row.kind, "hidden": row.key == HIDDEN, "step": was, "call": row.call_sid, "trusted": trusted}
        record(types.PROTECTION_LIFTED, subject=("line", row.line_id), by=by, now=now, **facts)
        alerting.over_for(row, now=now)
    return row


def forget(now: datetime) -> int:
    """Rows of callers and cards that matter no more: with them goes what could tell one caller from another."""
    old = Measure.objects.exclude(kind=Measure.Kind.LINE).filter(until__lt=now - KEPT_AFTER)
    gone = list(old.exclude(trusted_until__gt=now).values_list("pk", flat=True)[:500])
    return Measure.objects.filter(pk__in=gone).delete()[0] if gone else 0


def _record(row: Measure, now: datetime) -> None:
    facts: dict[str, Any] = {
        "kind": row.kind,
        "hidden": row.key == HIDDEN,
        "step": int(row.step),
        "why": row.why,
        "count": row.count,
        "until": row.until.isoformat() if row.step else "",
        "call": row.call_sid,
    }
    if row.kind == Measure.Kind.LINE:
        facts["orders"] = row.line.asks_order_number
    record(types.PROTECTION_STEP, subject=("line", row.line_id), by=SYSTEM, now=now, **facts)
