"""A call comes back after Twilio could not reach us: it goes on where it was, or begins afresh where it is unknown."""

from __future__ import annotations

from datetime import datetime

from phonepay.calls.asked import Asked
from phonepay.calls.card import PayResult, pay_finished
from phonepay.calls.opening import handle_incoming
from phonepay.calls.turns import Answer, UnknownCall, latest_answer, load
from phonepay.ivr.replies import Pay
from phonepay.payments.models import Payment


def resume(*, sid: str, called: str, calling: str, now: datetime, asked: Asked | None = None) -> Answer:
    """The words with which a call goes on. Raises UnknownLine and UnknownCall as `handle_incoming` does.

    A question is asked again; a charge is waited for, or its end told. A card that was being keyed may have been
    complete without our learning of it: it is given up as unread, which says that nothing was charged, and should its
    result come after all it changes nothing.
    """
    try:
        call = load(sid)
    except UnknownCall:
        return handle_incoming(sid=sid, called=called, calling=calling, now=now, asked=asked)
    answer, payment = latest_answer(call), call.payment
    if payment is None or not isinstance(answer.reply, Pay):
        return answer
    # The card's turn is the latest one until its outcome is told: charging, waiting and settling write no turn.
    ended = PayResult(result="fell-through" if payment.status == Payment.Status.AGREED else "resumed")
    return pay_finished(sid=sid, attempt=payment.attempt, result=ended, now=now, asked=asked)
