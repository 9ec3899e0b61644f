"""A call is over, or a person was rung: what is written then."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from phonepay.calls import reading
from phonepay.calls.asked import Asked
from phonepay.calls.blanking import forget_strange_numbers
from phonepay.calls.models import Call
from phonepay.calls.stops import stopped_by_hanging_up
from phonepay.calls.told import told_in
from phonepay.calls.turns import Answer, latest_answer, load, stored_answer, take_turn
from phonepay.events.actors import caller
from phonepay.ivr.endings import Ending
from phonepay.ivr.events import PersonEnded
from phonepay.payments import pool
from phonepay.payments.agreement import end_unpaid
from phonepay.payments.models import Payment

# An answer that was given so shortly before the line went dead cannot have been heard: no statement is shorter.
UNHEARD = timedelta(seconds=2)
# What ended these calls is no less so where the last words were not waited for: it is what somebody has to mend.
_NEVER_THE_CALLERS = (Ending.LINE_PAUSED, Ending.CALLER_REFUSED, Ending.UNREACHABLE, Ending.FAILED)
OVER = ("completed", "busy", "failed", "no-answer", "canceled")


def person_ended(*, sid: str, turn: int, answered: bool, now: datetime, asked: Asked | None = None) -> Answer:
    """The transfer is over: with a talk, or with nobody there and the state of the money."""
    call = load(sid, asked)
    request = f"person/{turn}"
    if turn != call.turn:
        return stored_answer(call, request) or latest_answer(call)
    return take_turn(call, PersonEnded(answered), request=request, now=now)


def call_ended(*, sid: str, status: str, seconds: int | None, now: datetime, asked: Asked | None = None) -> None:
    """Twilio's status callback: the line is dead. An agreed payment without a card waits two minutes for one that was
    being sent; what is being charged goes on."""
    if status not in OVER:
        return
    call = reading.find(sid)
    if call is None or call.ended_at is not None:
        return
    changes: dict[str, Any] = {"ended_at": now, "caller": "", "seconds": seconds, "ended": call.ended or "hung_up"}
    unheard = now - call.last_at < UNHEARD and bool(told_in(call.turns[-1:]))
    if unheard:
        changes["told"] = told_in(call.turns[:-1])
        if call.ended not in _NEVER_THE_CALLERS:
            changes["ended"] = "hung_up"
    if asked is not None:
        changes["ended_asked"] = asked.kept()
    changes["stopped"] = stopped_by_hanging_up(call, unheard=unheard)
    Call.objects.filter(pk=call.pk, ended_at=None).update(**changes)
    forget_strange_numbers(call)
    payment = call.payment
    if payment is None:
        return
    if payment.status == Payment.Status.AGREED:
        end_unpaid(payment=payment, by=caller(call.phone, call.sid), now=now, grace=True)
    elif payment.status == Payment.Status.DECLINED and end_unpaid(
        payment=payment, by=caller(call.phone, call.sid), now=now
    ):
        pool.start_closing(payment)
