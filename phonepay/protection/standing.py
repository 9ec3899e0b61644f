"""How a caller stands as the line and the caller's own measure have it: who is let in, and on which conditions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db.models import Q

from phonepay.orders.models import Order
from phonepay.protection.models import Measure
from phonepay.protection.steps import Step

KNOWN_FOR = timedelta(days=1)

Refusal = Literal["", "again", "caller_refused", "person", "paused"]


@dataclass(frozen=True, slots=True)
class Standing:
    """`refusal`: not let in at all, or only to a person, or in a second call ("again"). `by` is the kind of the measure
    that decided, "" for none."""

    generic: bool = False
    order: bool = False
    refusal: Refusal = ""
    by: str = ""
    why: str = ""
    step: int = 0


FREE = Standing()


def holds(measure: Measure | None, now: datetime) -> Step:
    """The step that is on."""
    if measure is None or measure.until <= now:
        return Step.NONE
    return Step(measure.step)


def is_trusted(measure: Measure | None, now: datetime) -> bool:
    return measure is not None and measure.trusted_until is not None and measure.trusted_until > now


def standing(
    caller: Measure | None,
    line: Measure | None,
    *,
    hidden: bool,
    declined_today: bool,
    known: Callable[[], bool],
    proven: Callable[[], bool],
    now: datetime,
) -> Standing:
    """`known` and `proven` are asked only where they matter: whether the shop knows this caller (see `knows`); and of
    one whom it does not, whether an order is asked for, or they called before and were asked to call again."""
    own, of_line = holds(caller, now), holds(line, now)
    trusted = is_trusted(caller, now)
    if of_line == Step.PAUSED:
        return _stands(line, of_line, "paused")
    if own >= Step.REFUSED and not trusted:
        # One of those who hide their number must not lock out the others: a person is rung where there is one.
        return _stands(caller, own, "person" if hidden else "caller_refused")
    if of_line >= Step.ORDER and (trusted or known()):
        of_line = Step.GENERIC
    if of_line >= Step.REFUSED and declined_today:
        return _stands(line, of_line, "caller_refused")
    if of_line == Step.PERSON:
        return _stands(line, of_line, "person")
    # Whoever takes another number for each call never calls twice from one; who hides theirs has limits of their own.
    if of_line >= Step.ORDER and not hidden and not proven():
        return _stands(line, of_line, "again")
    if own > of_line and not trusted:
        return _stands(caller, own)
    return _stands(line, of_line) if of_line else FREE


def _stands(measure: Measure | None, step: Step, refusal: Refusal = "") -> Standing:
    kind, why = (measure.kind, measure.why) if measure else ("", "")
    return Standing(step >= Step.GENERIC, step >= Step.ORDER, refusal, kind, why, int(step))


def knows(merchant_id: int, phone: str, now: datetime) -> bool:
    """Whether the shop has an order of this number, or one that it paid on another day. Never of a hidden one."""
    if not phone:
        return False
    mine = Order.objects.filter(merchant=merchant_id, customer_phone=phone)
    return bool(mine.filter(Q(origin=Order.Origin.SHOP) | Q(paid_at__lt=now - KNOWN_FOR)).exists())
