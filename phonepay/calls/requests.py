"""What went over the wire in one call: Twilio's requests as far as they are kept, and what each was answered.

Each turn holds the request that it answered (calls.asked). The one that brought a card and started its charge wrote
nothing to the call: it is told from the payment's row. Waiting turns that only put the caller off left nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from phonepay.calls.models import Call
from phonepay.calls.turns import Answer, answer_of
from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.lib.cards import mask_long_digits
from phonepay.people.permissions import require
from phonepay.telephony import twiml
from phonepay.telephony.addresses import Addresses, public_base

MASK = "•"
# Identifiers are hexadecimal with dashes: digits in them are nobody's card.
_IDENTIFIER = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class WireRequest:
    """`address` is the path, `parameters` names and values in the order of the list, `answer` the TwiML, "" where it
    was not kept.
    """

    at: datetime
    address: str
    parameters: tuple[tuple[str, str], ...]
    answer: str


def requests_of(*, call: Call, by: Actor, now: datetime) -> list[WireRequest]:
    """For an owner's eyes, and recorded: who looked, when. `call` with its line and payment. Raises NotAllowed."""
    require(by, "see_requests")
    with transaction.atomic():
        record(types.CALL_REQUESTS_SEEN, subject=("call", call.pk), by=by, now=now, sid=call.sid)
    found = [each for number, turn in enumerate(call.turns, start=1) for each in _of_turn(call, turn, number)]
    if call.ended_at is not None and call.ended_asked:
        found.append(WireRequest(call.ended_at, "/twilio/status", _named(call.ended_asked), twiml.nothing()))
    return found


def _of_turn(call: Call, turn: dict[str, Any], number: int) -> list[WireRequest]:
    at, asked = datetime.fromisoformat(turn["at"]), turn.get("asked", {})
    kind, _slash, of = turn["answers"].partition("/")
    address = {
        "waiting": f"/twilio/waiting/{of}/{MASK}",
        "pay/fell-through": f"/twilio/pay/{of}/fell-through",
        "resume": "/twilio/resume",
    }.get(asked.get("to", ""), f"/twilio/{turn['answers']}")
    parameters = _named(asked)
    if kind == "voice":
        parameters = (("From", call.phone or "anonymous"), ("To", call.line.phone_number), *parameters)
    elif kind == "input":
        parameters = (("Digits", MASK * len(turn.get("keyed", ""))), *parameters)
    shown = WireRequest(at, address, parameters, _document(answer_of(call, turn, number)))
    return [*_charge(call, of, number), shown] if asked.get("to") == "waiting" else [shown]


def _charge(call: Call, attempt: str, number: int) -> list[WireRequest]:
    """The request that started the charge of which a waiting turn told the outcome."""
    payment = call.payment
    if payment is None or payment.charging_at is None or str(payment.attempt) != attempt:
        return []
    parameters = (("Result", "success"), ("PaymentCardType", payment.card_brand))
    return [WireRequest(payment.charging_at, f"/twilio/pay/{UUID(attempt)}", parameters, "")]


def _named(asked: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in asked.items() if name != "to")


def _document(answer: Answer) -> str:
    """The TwiML that was answered, an element a line, without anything that may be a card number."""
    document = twiml.render(
        answer.reply,
        addresses=Addresses(public_base()),
        turn=answer.turn,
        attempt=answer.attempt,
        connector=answer.connector,
    )
    parts = _IDENTIFIER.split(document.replace("><", ">\n<"))
    return "".join(part if place % 2 else mask_long_digits(part) for place, part in enumerate(parts))
