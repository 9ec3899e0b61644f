"""A call comes in: its line is read once, and the call keeps that snapshot to its end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from phonepay.calls import beginning, guarding
from phonepay.calls.asked import Asked
from phonepay.calls.models import Call
from phonepay.calls.turns import Answer, UnknownCall, take_turn
from phonepay.ivr import flow
from phonepay.ivr.events import Event, LineProtected, Started
from phonepay.ivr.script import Behavior, Script
from phonepay.lib.phone import normalize
from phonepay.merchant.lines import person_is_open
from phonepay.merchant.models import Line
from phonepay.orders.keypad import to_keys
from phonepay.payments.gateway import key_is_live
from phonepay.protection.callers import key_of


class UnknownLine(LookupError):
    """A number that is none of ours."""


def handle_incoming(*, sid: str, called: str, calling: str, now: datetime, asked: Asked | None = None) -> Answer:
    """The first words. `called` and `calling` as Twilio gives them: E.164 where possible, words where hidden.

    Raises UnknownLine, and UnknownCall where the request names no call.
    """
    if not sid:
        raise UnknownCall(sid)
    phone = normalize(calling) or ""
    began = beginning.begin(called, phone, now)
    if began is not None and phone != (normalize(calling, began.line.merchant.region) or ""):
        phone = normalize(calling, began.line.merchant.region) or ""  # not written in E.164, as Twilio does
        began = beginning.begin(called, phone, now)
    if began is None:
        raise UnknownLine(called)
    line = began.line
    stands = guarding.admit(began, phone, sid, now)
    script = guarding.guarded(script_of(line, now=now), stands)
    call = Call(
        sid=sid,
        merchant=line.merchant,
        line=line,
        phone=phone,
        caller=key_of(phone),
        script={**script.to_dict(), **_for_the_money(line), **guarding.for_the_log(stands)},
        state=flow.begin(script).to_dict(),
        livemode=key_is_live(),
        started_at=now,
        last_at=now,
    )
    call.asked = asked
    refusal = "paused" if line.paused or began.held else stands.refusal
    event: Event = LineProtected(refusal) if refusal else Started(letters=began.has_letters)
    return take_turn(call, event, request="voice", now=now)


def _for_the_money(line: Line) -> dict[str, Any]:
    """What the payment of this call needs and no caller hears: kept in the same snapshot."""
    return {"connector": line.connector, "moto": line.moto, "statement_prefix": line.statement_prefix}


def script_of(line: Line, *, now: datetime) -> Script:
    """The line as callers hear it at this moment."""
    merchant = line.merchant
    return Script(
        shop=merchant.name,
        behavior=Behavior(line.asks_order_number, line.fixed_amount if line.has_fixed_amount else None),
        currency=line.currency,
        floor=line.floor,
        ceiling=line.ceiling,
        amounts_keyed=line.amounts_keyed,
        usual_amount=line.usual_amount,
        locales=tuple(line.locales),
        order_noun=line.order_noun,
        order_prefix_keys=to_keys(merchant.order_prefix),
        accepts_unknown_orders=line.accepts_unknown_orders,
        second_fact=line.second_fact,
        second_fact_passes=line.second_fact_passes,
        cards=tuple(line.cards),
        asks_postal_code=line.asks_postal_code,
        overage=line.overage,
        overage_cap=line.overage_cap,
        overage_days=line.overage_days,
        person_number=line.person_number,
        person_open=person_is_open(line, now=now),
        shop_phone=merchant.shop_phone,
        entry_seconds=line.entry_seconds,
        choice_seconds=line.choice_seconds,
        field_seconds=line.field_seconds,
        tries=line.tries,
        tries_per_call=line.tries_per_call,
        unknown_tries=line.unknown_tries,
        voices=line.voices,
        words=line.words,
        test_mode=not key_is_live(),
        paused=line.paused,
        says_statement=line.says_statement,
        descriptor=line.statement_prefix,
        time_zone=merchant.time_zone,
    )
