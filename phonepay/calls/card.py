"""The card: what `<Pay>` brought, the charge that it starts, and the waiting for the bank.

A card that starts a charge writes nothing to the call: the payment's row is the state, and a waiting turn only reads
it. The turn that tells the outcome is the next one written.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, cast
from uuid import UUID

from django.db.models.functions import Now
from django.utils import timezone

from phonepay.alerts.notes import note
from phonepay.calls import guarding
from phonepay.calls.asked import Asked
from phonepay.calls.models import Call
from phonepay.calls.turns import Answer, latest_answer, load, stored_answer, take_turn, write
from phonepay.events.actors import SYSTEM, caller
from phonepay.ivr import flow, replies
from phonepay.ivr.events import CardEnded, ChargeStarted, ClaimRefused, Settled
from phonepay.ivr.turn import Step
from phonepay.payments import pool
from phonepay.payments.agreement import GRACE_AFTER_THE_CALL, end_unpaid, record_attempt
from phonepay.payments.models import CardAttempt, Payment
from phonepay.payments.operations import Card, Charge, ChargeRefused, charge

logger = logging.getLogger(__name__)

TOLD_AFTER = 25.0  # seconds until the caller hears that the result is being checked
FIRST_WORDS_AFTER = 5.0  # seconds in which a waiting turn has nothing to say
SILENT_PAUSE = 2  # seconds
_TOKEN = re.compile(r"pm_[A-Za-z0-9_]{1,60}")

# Twilio's page on <Pay>, "Result". 64010 and 64012: the gateway would not take these card details.
_STOPPED = "caller-interrupted-with-star"
_TRIED = ("too-many-failed-attempts", "fell-through")
_CARD_NOT_TAKEN = ("64010", "64012")


@dataclass(frozen=True, slots=True)
class PayResult:
    """What `<Pay>` brought. `result` is Twilio's word, or fell-through where the next verb was reached."""

    result: str
    token: str = ""
    brand: str = ""
    last4: str = ""
    error_code: str = ""


def pay_finished(*, sid: str, attempt: UUID, result: PayResult, now: datetime, asked: Asked | None = None) -> Answer:
    """`<Pay>` has ended: charge the card, or say what now. A repeat is answered with the state as it is."""
    call = load(sid, asked)
    payment = _own(call, attempt)
    request = f"pay/{attempt}"
    stored = stored_answer(call, request)
    if stored is not None or payment is None:
        return stored or latest_answer(call)
    if payment.status != Payment.Status.AGREED:
        return _as_it_is(call, payment, attempt, said=0, now=now)
    if result.result == "success" and _TOKEN.fullmatch(result.token):
        return _charge(call, payment, attempt, Card(result.token, result.brand, result.last4), request, now)
    if result.result == "caller-hung-up":
        end_unpaid(payment=payment, by=caller(call.phone, call.sid), now=now, grace=True)
        return Answer(replies.Hangup(()), call.turn)
    return _no_card(call, payment, result, request, now)


def _own(call: Call, attempt: UUID) -> Payment | None:
    """The call's payment, where the attempt is its present one; an older card changes nothing."""
    payment = call.payment
    return payment if payment is not None and payment.attempt == attempt else None


def _charge(call: Call, payment: Payment, attempt: UUID, card: Card, request: str, now: datetime) -> Answer:
    if call.ended_at is not None and now - call.ended_at > GRACE_AFTER_THE_CALL:
        end_unpaid(payment=payment, by=SYSTEM, now=now)
        return Answer(replies.Hangup(()), call.turn)
    try:
        started = charge(payment=payment, attempt=attempt, card=card, by=caller(call.phone, call.sid), now=now)
    except ChargeRefused as refused:
        pool.start_closing(payment)
        return take_turn(call, _claim_refused(refused, payment), request=request, now=now)
    if started is Charge.AS_IT_IS:
        call = load(call.sid, call.asked)
        present = _own(call, attempt)
        return _as_it_is(call, present, attempt, said=0, now=now) if present else latest_answer(call)
    pool.start_charge(payment, guarding.card_question(call, now))
    step = flow.advance(call.the_script(), call.the_state(), ChargeStarted())
    return Answer(_words(step), call.turn, attempt)


def _claim_refused(refused: ChargeRefused, payment: Payment) -> ClaimRefused:
    order = refused.order
    # The money's room and the flow name the reasons alike.
    reason = cast("Literal['just_paid', 'busy', 'checking', 'cancelled', 'changed', 'late']", refused.reason)
    if order is None:
        return ClaimRefused(reason, payment.number, 0)
    return ClaimRefused(reason, order.number, order.amount, order.currency)


def _words(started: Step) -> replies.Reply:
    assert started.reply is not None  # noqa: S101  # a started charge has words
    return started.reply


def _no_card(call: Call, payment: Payment, result: PayResult, request: str, now: datetime) -> Answer:
    ended: Literal["stopped", "unread", "unreachable"] = "unreachable"
    if result.result == _STOPPED:
        ended = "stopped"
    elif result.result in _TRIED or result.error_code in _CARD_NOT_TAKEN:
        ended = "unread"
    else:
        # A success without a pm_… is a connector that makes other tokens: nothing can be charged with them.
        logger.error("<Pay> ended with %s, error %s", result.result or "nothing", result.error_code or "none")
        note(kind="pay_error", key=result.error_code, facts={"code": result.error_code or "00000"})
    kept = CardAttempt.Result(ended)
    lost = payment.attempt  # a further card may get the payment's next one in the same transaction
    return take_turn(
        call,
        CardEnded(ended),
        request=request,
        now=now,
        also=lambda: record_attempt(payment=payment, result=kept, attempt=lost, now=now),
    )


def waiting(*, sid: str, attempt: UUID, said: int, now: datetime, asked: Asked | None = None) -> Answer:
    """A waiting turn: the outcome where there is one, else a short pause, with words when they are due.

    While this very process is at work on the charge, and nothing is to be said yet, not even the database is asked.
    """
    running = pool.running_since(attempt)
    left = FIRST_WORDS_AFTER - (timezone.now() - running).total_seconds() if running is not None else 0
    if left > 0:
        return Answer(replies.Wait((), max(1, min(SILENT_PAUSE, round(left))), said), 0, attempt)
    call = load(sid, asked)
    payment = _own(call, attempt)
    if payment is None:
        return stored_answer(call, f"pay/{attempt}") or latest_answer(call)
    return _as_it_is(call, payment, attempt, said=said, now=now)


def _as_it_is(call: Call, payment: Payment, attempt: UUID, *, said: int, now: datetime) -> Answer:
    """The state of a charge, in words: the outcome, told once and repeated word for word, or please wait.

    `said` 0 is a repeat of the request that brought the card: its caller has heard nothing yet.
    """
    request = f"pay/{attempt}"
    told = stored_answer(call, request)
    if told is not None:
        return told
    script, state = call.the_script(), call.the_state()
    started = flow.advance(script, state, ChargeStarted())
    settled = _settled(payment)
    if settled is None:
        seconds = _seconds_waited(payment)
        if seconds < TOLD_AFTER:
            wait = flow.waiting(script, started.state, seconds, said) if said else _words(started)
            return Answer(wait, call.turn, attempt)
        settled = Settled("checking", "", payment.confirmation or "", payment.amount)
    if settled.kind == "declined":
        code, more = guarding.told_after_decline(call, payment, now)
        settled = replace(settled, decline_code=code, last_card=not more)
    step = flow.advance(script, started.state, settled)
    return write(call, _both(started, step), request=request, now=now)


def _both(started: Step, step: Step) -> Step:
    return replace(step, effects=started.effects + step.effects)


def _settled(payment: Payment) -> Settled | None:
    confirmation = payment.confirmation or ""
    match payment.status:
        case Payment.Status.SUCCEEDED:
            return Settled("paid", "", confirmation, payment.amount)
        case Payment.Status.DECLINED:
            return Settled("declined", payment.decline_code, confirmation, payment.amount)
        case Payment.Status.FAILED | Payment.Status.ABANDONED:
            return Settled("failed", "", confirmation, payment.amount)
    return None


def _seconds_waited(payment: Payment) -> float:
    """Since the charge began, by the database's clock: web processes on several hosts need not agree on the time."""
    row = Payment.objects.filter(pk=payment.pk).values_list("charging_at", Now()).get()
    began, clock = row
    return float((clock - began).total_seconds()) if began else 0.0
