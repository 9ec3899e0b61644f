"""Where callers stop: the step at which a call ended without a payment, and how many did so at each.

It is written by the very UPDATE that ends a call, so that counting them is one grouped query.
"""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from phonepay.calls.models import Call
from phonepay.ivr.endings import Ending
from phonepay.ivr.turn import Step
from phonepay.payments.models import Payment

REFUSED = "refused"  # no step: the line was paused, or the caller was not let in
_NOT_LET_IN = (Ending.LINE_PAUSED, Ending.CALLER_REFUSED)
UNPAID = Q(payment=None) | ~Q(payment__status=Payment.Status.SUCCEEDED)


def stopped_by(call: Call, step: Step) -> str:
    """For a turn: the step it left, where it ends the conversation, else what was known before."""
    if step.ended in _NOT_LET_IN:
        return REFUSED
    if step.ended == Ending.PAID:
        return ""
    if step.state.step == "ended" and not call.stopped:
        return call.step or "start"
    return call.stopped


def stopped_by_hanging_up(call: Call, *, unheard: bool) -> str:
    """For the end of the line: where the caller was. `unheard`: the last answer cannot have been heard any more."""
    if call.stopped or (call.ended == Ending.PAID and not unheard):
        return call.stopped
    turns = call.turns[:-1] if unheard else call.turns
    step = turns[-1]["step"] if turns else call.step
    return "waiting" if step in ("outcome", "ended") else step or "start"


def where_callers_stop(calls: QuerySet[Call]) -> list[tuple[str, int]]:
    """The step and how many of these calls ended at it unpaid, most first."""
    ended = calls.filter(UNPAID, ended_at__isnull=False).exclude(stopped="")
    rows = ended.order_by().values("stopped").annotate(count=Count("pk"))
    return sorted(((row["stopped"], row["count"]) for row in rows), key=lambda each: (-each[1], each[0]))
