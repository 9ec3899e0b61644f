"""Protection on the telephone: who is let in when a call begins, and before each card; what a decline is told as.

On a normal call it costs no statement: what is held against the caller and the line rides on rows that are read anyway.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from phonepay.calls.beginning import Beginning
from phonepay.calls.models import Call
from phonepay.ivr.endings import Ending
from phonepay.ivr.events import Agree, LineProtected
from phonepay.ivr.script import Script
from phonepay.ivr.turn import Step
from phonepay.payments.models import CardAttempt, Payment
from phonepay.payments.turned_away import CardQuestion
from phonepay.protection.callers import HIDDEN, key_of
from phonepay.protection.histories import faults
from phonepay.protection.limits import DAY, limits_of
from phonepay.protection.models import Measure
from phonepay.protection.standing import Standing, holds, is_trusted, knows, standing
from phonepay.protection.steps import Step as Guard
from phonepay.protection.watching import after_decline, card_is_turned_away, look_at_caller, order_is_tired

CARDS_WHILE_GUARDED = 1  # in a call
CALLS_AGAIN_AFTER = timedelta(minutes=4)  # callers are told five (caller.again)


def admit(began: Beginning, phone: str, sid: str, now: datetime) -> Standing:
    """How this caller stands as the call begins."""
    line, caller = began.line, began.callers_guard
    hidden = key_of(phone) == HIDDEN
    limits = limits_of(line.protection, hidden=hidden)
    at_once = began.on_the_line + 1
    worth_a_look = (
        began.declined_today >= limits.generic_hour
        or began.asked_lately >= min(limits.captures_hour, limits.small_cards_hour)
        or began.numbers_today >= limits.numbers_hour
        or at_once > limits.at_once
    )
    if worth_a_look and holds(caller, now) < Guard.REFUSED and not is_trusted(caller, now):
        keyed = _numbers_keyed(line.merchant_id, phone, now)
        caller = look_at_caller(line=line, phone=phone, call_sid=sid, now=now, numbers=keyed, at_once=at_once)
    return standing(
        caller,
        began.its_guard,
        hidden=hidden,
        declined_today=bool(began.declined_today),
        known=lambda: knows(line.merchant_id, phone, now),
        proven=lambda: line.asks_order_number or called_before(line.merchant_id, phone, now),
        now=now,
    )


def called_before(merchant_id: int, phone: str, now: datetime) -> bool:
    """Whether this caller was turned away today, long enough ago to have waited as they were asked to."""
    calls = Call.objects.filter(merchant=merchant_id, phone=phone, ended=Ending.CALLER_REFUSED)
    return calls.filter(started_at__gt=now - DAY, started_at__lte=now - CALLS_AGAIN_AFTER).exists()


def _numbers_keyed(merchant_id: int, phone: str, now: datetime) -> list[datetime]:
    """When each order number was keyed in the last day, in calls that paid nothing, and not for a fault of ours."""
    unpaid = Q(payment=None) | ~Q(payment__status=Payment.Status.SUCCEEDED)
    calls = Call.objects.filter(unpaid, merchant=merchant_id, phone=phone, started_at__gt=now - DAY, numbers__gt=0)
    calls = calls.exclude(Exists(CardAttempt.objects.filter(faults(), payment=OuterRef("payment"))))
    return [at for at, times in calls.values_list("started_at", "numbers") for _ in range(times)]


def guarded(script: Script, stands: Standing) -> Script:
    """The line as this caller meets it."""
    if not stands.order:
        return script
    return replace(script, accepts_unknown_orders=False, cards_per_call=CARDS_WHILE_GUARDED)


def for_the_log(stands: Standing) -> dict[str, Any]:
    """What the call keeps of it in its snapshot: for the next turns, and for its page."""
    if not stands.step:
        return {}
    kept = {"generic": stands.generic, "by": stands.by, "why": stands.why, "step": stands.step}
    return {"guard": kept | {"refusal": stands.refusal}}


def instead_of_a_card(call: Call, step: Step, now: datetime) -> LineProtected | None:
    """What the caller hears where `step` would ask for a card: something may have happened since the call began, and
    an order for which card after card was declined is not paid by somebody whom the shop does not know."""
    caller, of_line = call.callers_guard, call.its_guard
    if not holds(caller, now) and not holds(of_line, now):
        return None
    stands = standing(
        caller,
        of_line,
        hidden=not call.phone,
        declined_today=holds(caller, now) >= Guard.GENERIC,
        known=lambda: knows(call.merchant_id, call.phone, now),
        proven=lambda: call.line.asks_order_number or called_before(call.merchant_id, call.phone, now),
        now=now,
    )
    order_id = _order_of(call, step)
    tired = stands.order and stands.by == Measure.Kind.LINE and order_id is not None and order_is_tired(order_id, now)
    if not stands.refusal and tired:
        stands = replace(stands, refusal="person")
    if not stands.refusal:
        return None
    _keep(call, stands)
    return LineProtected(stands.refusal)


def _order_of(call: Call, step: Step) -> int | None:
    agreed = [effect.order_id for effect in step.effects if isinstance(effect, Agree)]
    payment = call.payment
    return agreed[-1] if agreed else payment.order_id if payment is not None else None


def told_after_decline(call: Call, payment: Payment, now: datetime) -> tuple[str, bool]:
    """The decline code that is told, generic while the line protects itself, and whether another card may be tried."""
    held = after_decline(
        line=call.line, phone=call.phone, fingerprint=payment.fingerprint or "", call_sid=call.sid, now=now
    )
    step = Guard.NONE if is_trusted(held, now) else holds(held, now)
    kept = call.script.get("guard", {})
    if step > kept.get("step", 0) and held is not None:
        _keep(call, Standing(step >= Guard.GENERIC, step >= Guard.ORDER, "", held.kind, held.why, int(step)))
    generic = step >= Guard.GENERIC or kept.get("generic", False) or holds(call.its_guard, now) >= Guard.GENERIC
    return "generic_decline" if generic else payment.decline_code, step < Guard.REFUSED


def card_question(call: Call, now: datetime) -> CardQuestion | None:
    """For the charge: is this card turned away? None where no card is, so that none needs to be looked at."""
    if not call.cards_turned_away:
        return None
    line = call.line
    return lambda fingerprint: card_is_turned_away(line, fingerprint, now)


def _keep(call: Call, stands: Standing) -> None:
    """The next write of the call writes it."""
    call.script = {**call.script, **for_the_log(stands)}
    call.script_changed = True
