"""One turn of a call: load, advance the flow, answer its queries, write once, answer.

Every request names what it answers: `input/3`, `pay/<attempt>`, `person/7`. A request that was answered already gets
the stored answer again and changes nothing. Two twins at the same moment are told apart by the turn's number: the row
is written only where it still has the number that was read (compare-and-set).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from phonepay.calls import guarding, reading
from phonepay.calls.asked import Asked
from phonepay.calls.lookups import answer_query
from phonepay.calls.models import Call
from phonepay.calls.stops import stopped_by
from phonepay.calls.told import told_by
from phonepay.configuration import context
from phonepay.events.actors import caller
from phonepay.ivr import flow, replies
from phonepay.ivr.card_prompts import pay_reply
from phonepay.ivr.events import Agree, EndUnpaid, Event, FindOrder, Keyed, NextCard
from phonepay.ivr.turn import Step, Turn
from phonepay.payments import pool
from phonepay.payments.agreement import Agreement, Consent, agree, end_unpaid, next_card

logger = logging.getLogger(__name__)

AfterCommit = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the voice says next, and what its addresses need: the turn that the next keys answer, the card's attempt."""

    reply: replies.Reply
    turn: int
    attempt: UUID | None = None
    connector: str = ""


class UnknownCall(LookupError):
    """A CallSid that never came in, or a request that cannot belong to its call."""


class _AnsweredMeanwhile(Exception):
    """A twin of this request was quicker."""


def load(sid: str, asked: Asked | None = None) -> Call:
    """The call with its line, merchant and payment: the one SELECT of a turn. `asked` is the request it is for."""
    call = reading.find(sid)
    if call is None:
        raise UnknownCall(sid)
    call.asked = asked
    if call.payment_id:
        context.name(payment=str(call.payment_id))
    return call


def stored_answer(call: Call, request: str) -> Answer | None:
    """What this very request was answered before, or None."""
    for number, turn in enumerate(call.turns, start=1):
        if turn["answers"] == request:
            return answer_of(call, turn, number)
    return None


def latest_answer(call: Call) -> Answer:
    """What the call stands at: for a request that a newer one has overtaken."""
    return answer_of(call, call.last_turn, len(call.turns))


def answer_of(call: Call, turn: dict[str, Any], number: int) -> Answer:
    """What a turn of the log was answered; `number` counts from 1."""
    reply = replies.reply_from_dict(turn["reply"])
    if isinstance(reply, replies.Pay):
        # Its prompts follow from the line and the language; stored, they would be most of the row.
        spoken_in = replace(call.the_state(), locale=turn["locale"])
        reply = replace(reply, prompts=pay_reply(Turn(call.the_script(), spoken_in)).prompts)
    attempt = turn.get("attempt")
    return Answer(reply, number, UUID(attempt) if attempt else None, call.connector)


def take_turn(call: Call, event: Event, *, request: str, now: datetime, also: AfterCommit | None = None) -> Answer:
    """Advance the call by one event and store the answer. `also` is written in the same transaction.

    Where a twin of this request was quicker, its answer is given. A request that does not belong where the call stands
    (a foreign one, or one after the end) changes nothing, and hears where it stands.
    """
    script, state = call.the_script(), call.the_state()
    try:
        step = flow.advance(script, state, event)
    except flow.UnexpectedEvent as unexpected:
        if not call.turns:
            raise
        logger.warning("call %s, turn %s: %s", call.sid, call.turn, unexpected)
        return latest_answer(call)
    step = _advance(call, script, step, now)
    if isinstance(step.reply, replies.Pay) and (protected := guarding.instead_of_a_card(call, step, now)) is not None:
        step = flow.advance(script, state, protected)
    return write(call, step, request=request, now=now, also=also)


def _advance(call: Call, script: Any, step: Step, now: datetime) -> Step:
    """Answer the flow's queries until it has words; effects of all the steps add up."""
    effects = step.effects
    while step.query is not None:
        call.numbers += isinstance(step.query, FindOrder)
        step = flow.advance(script, step.state, answer_query(call, step.query, now=now))
        effects += step.effects
    return replace(step, effects=effects)


def write(call: Call, step: Step, *, request: str, now: datetime, also: AfterCommit | None = None) -> Answer:
    """Store a step as the call's next turn, its effects in the same transaction; then start what follows from them."""
    if isinstance(step.reply, replies.Pay) and call.connector != call.line.connector:
        # The card is charged with the key of this moment, and that changed with the connector while the caller spoke.
        call.script, call.script_changed = {**call.script, "connector": call.line.connector}, True
    after: list[AfterCommit] = []
    try:
        if step.effects or also:
            with transaction.atomic(durable=True):
                for effect in step.effects:
                    _do(call, effect, now, after)
                if also:
                    also()
                answer = _store(call, step, request, now)
        else:
            answer = _store(call, step, request, now)
    except _AnsweredMeanwhile:
        fresh = load(call.sid)
        return stored_answer(fresh, request) or latest_answer(fresh)
    for start in after:
        start()
    return answer


def _store(call: Call, step: Step, request: str, now: datetime) -> Answer:
    reply = step.reply
    assert reply is not None  # noqa: S101  # _advance ends with words
    stored = replies.to_dict(reply)
    attempt = None
    if isinstance(reply, replies.Pay):
        attempt = call.payment.attempt if call.payment is not None else None
        stored["prompts"] = []
    turn: dict[str, Any] = {"answers": request, "at": now.isoformat(), "step": step.state.step, "reply": stored}
    if call.asked is not None:
        turn["asked"] = call.asked.kept()
    if step.keyed:
        turn["keyed"] = step.keyed
    if attempt is not None:
        turn["attempt"], turn["locale"] = str(attempt), step.state.locale
    changes: dict[str, Any] = {
        "turn": call.turn + 1,
        "turns": [*call.turns, turn],
        "state": step.state.to_dict(),
        "step": step.state.step,
        "told": told_by(reply, call.told),
        "ended": step.ended or call.ended,
        "stopped": stopped_by(call, step),
        "payment": call.payment,
        "last_at": now,
        "numbers": call.numbers,
    }
    if call.script_changed:
        changes["script"] = call.script
    if call._state.adding:
        _insert(call, changes)
    elif Call.objects.filter(pk=call.pk, turn=call.turn).update(**changes) != 1:
        raise _AnsweredMeanwhile
    for name, value in changes.items():
        setattr(call, name, value)
    return Answer(reply, call.turn, attempt, call.connector)


def _insert(call: Call, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(call, name, value)
    try:
        call.save(force_insert=True)
    except IntegrityError as error:
        raise _AnsweredMeanwhile from error


def _do(call: Call, effect: Agree | NextCard | EndUnpaid, now: datetime, after: list[AfterCommit]) -> None:
    payment = call.payment
    match effect:
        case Agree():
            agreed = agree(agreement=_agreement(call, effect, now), now=now)
            call.payment = agreed
            after.append(lambda: pool.start_preparing(agreed))
        case NextCard() if payment is not None:
            next_card(payment=payment, now=now)
        case EndUnpaid() if payment is not None:
            unpaid = payment
            if end_unpaid(payment=unpaid, by=caller(call.phone, call.sid), now=now):
                after.append(lambda: pool.start_closing(unpaid))


def _agreement(call: Call, effect: Agree, now: datetime) -> Agreement:
    script, snapshot = call.the_script(), call.script
    consent = None
    if effect.consent:
        consent = Consent(
            wording=effect.consent_wording,
            locale=call.the_state().locale,
            key=effect.consent_key,
            cap=script.overage_cap,
            until=now + timedelta(days=script.overage_days),
        )
    return Agreement(
        line=call.line,
        behavior=script.behavior.name,
        call_sid=call.sid,
        phone=call.phone,
        amount=effect.amount,
        currency=effect.currency or script.currency,
        order_id=effect.order_id,
        number=effect.number,
        keys=effect.keys,
        connector=call.connector,
        moto=snapshot["moto"],
        statement_prefix=snapshot["statement_prefix"],
        consent=consent,
    )


def handle_input(*, sid: str, turn: int, keys: str, now: datetime, asked: Asked | None = None) -> Answer:
    """Keys, or silence (""), in answer to a turn's question."""
    call = load(sid, asked)
    request = f"input/{turn}"
    if turn != call.turn:
        return stored_answer(call, request) or latest_answer(call)
    seconds = max(0.0, (now - call.last_at).total_seconds())
    return take_turn(call, Keyed(keys, seconds), request=request, now=now)
