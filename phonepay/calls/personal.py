"""A person's data: all that is kept of somebody, found by a phone number or an order, told whole.

Rows are found over the three rooms that know people: orders (whose they are), payments (who called to pay), calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from phonepay.calls.models import Call
from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.lib.money import format_amount
from phonepay.merchant.models import Merchant
from phonepay.orders.models import Order
from phonepay.payments.models import Payment
from phonepay.people.permissions import require

_MOST = 1000  # rows of one kind: more than any one person has


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one person."""

    orders: Sequence[Order]
    payments: Sequence[Payment]
    calls: Sequence[Call]

    def __bool__(self) -> bool:
        return bool(self.orders or self.payments or self.calls)


def kept_of(*, merchant: Merchant, phone: str = "", order: Order | None = None) -> Kept:
    """By a phone number (E.164), the caller's or the customer's; or by an order, with all who called about it."""
    orders = Order.with_reserved.filter(merchant=merchant)
    payments = Payment.objects.filter(merchant=merchant)
    if order is not None:
        orders, payments = orders.filter(pk=order.pk), payments.filter(order=order)
        own = Q()
    else:
        if not phone:
            return Kept((), (), ())
        theirs = payments.filter(phone=phone, status=Payment.Status.SUCCEEDED).values("order")
        orders = orders.filter(Q(customer_phone=phone) | Q(pk__in=theirs))
        own = Q(phone=phone)
        payments = payments.filter(own | Q(order__in=orders.values("pk")))
    found = list(payments.select_related("order").order_by("agreed_at")[:_MOST])
    of_payments = Q(sid__in=[payment.call_sid for payment in found if payment.call_sid])
    calls = Call.objects.filter(merchant=merchant).filter(of_payments | own if phone else of_payments)
    return Kept(
        orders=list(orders.order_by("pk")[:_MOST]),
        payments=found,
        calls=list(calls.select_related("line", "payment").order_by("started_at")[:_MOST]) if found or phone else [],
    )


def look(*, kept: Kept, by: Actor, now: datetime) -> Kept:
    """For an owner's eyes, and recorded, without saying of whom. Raises NotAllowed."""
    require(by, "personal_data")
    if kept:
        record(types.CUSTOMER_SEEN, subject=("customer", ""), by=by, now=now, **_counts(kept))
    return kept


def _counts(kept: Kept) -> dict[str, int]:
    return {"orders": len(kept.orders), "payments": len(kept.payments), "calls": len(kept.calls)}


def export(*, kept: Kept, by: Actor, now: datetime) -> dict[str, Any]:
    """All of it, JSON-safe: amounts in minor units beside their currency, times in UTC. That it was told is recorded,
    without saying of whom. Raises NotAllowed."""
    require(by, "personal_data")
    record(types.CUSTOMER_EXPORTED, subject=("customer", ""), by=by, now=now, **_counts(kept))
    return {
        "told_at": now.isoformat(),
        "orders": [_order(order) for order in kept.orders],
        "payments": [_payment(payment) for payment in kept.payments],
        "calls": [_call(call) for call in kept.calls],
    }


def readable(told: dict[str, Any]) -> str:
    """The same for a person: a paragraph a row."""
    parts = [f"What is kept, on {told['told_at'][:10]}."]
    for kind, rows in told.items():
        for row in rows if isinstance(rows, list) else ():
            facts = [f"  {name.replace('_', ' ')}: {_said(value)}" for name, value in row.items() if value]
            parts.append("\n".join([kind[:-1].capitalize(), *facts]))
    return "\n\n".join(parts) + "\n"


def _said(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_said(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {each}" for name, each in value.items() if each)
    return str(value)


def _order(order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "amount": order.amount,
        "currency": order.currency,
        "money": format_amount(order.amount, order.currency),
        "status": order.status,
        "name": order.customer_name,
        "phone": order.customer_phone,
        "email": order.customer_email,
        "postal_code": order.customer_postal,
        "note": order.note,
        "paid_how": order.paid_how,
        "made_at": order.created_at.isoformat(),
        "paid_at": order.paid_at.isoformat() if order.paid_at else "",
    }


def _payment(payment: Payment) -> dict[str, Any]:
    refunds = payment.refunds.order_by("asked_at")
    return {
        "id": str(payment.pk),
        "kind": payment.kind,
        "confirmation": payment.confirmation or "",
        "order": payment.number,
        "amount": payment.amount,
        "currency": payment.currency,
        "money": format_amount(payment.amount, payment.currency),
        "status": payment.status,
        "phone": payment.phone,
        "card": f"{payment.card_brand} {payment.card_last4}".strip(),
        "at": payment.agreed_at.isoformat(),
        "for": payment.description,
        "agreed_to": payment.consent_wording,
        "agreed_until": payment.consent_until.isoformat() if payment.consent_until else "",
        "refunds": [
            {"at": refund.asked_at.isoformat(), "amount": refund.amount, "status": refund.status, "note": refund.note}
            for refund in refunds
        ],
        "cards_tried": [
            {"at": tried.ended_at.isoformat(), "card": f"{tried.card_brand} {tried.card_last4}".strip()}
            for tried in payment.attempts.order_by("number")
        ],
    }


def _call(call: Call) -> dict[str, Any]:
    return {
        "phone": call.phone,
        "began_at": call.started_at.isoformat(),
        "seconds": call.seconds or 0,
        "ended": call.ended,
        "told": call.told,
        "heard_and_keyed": [_turn(turn) for turn in call.turns],
    }


def _turn(turn: dict[str, Any]) -> dict[str, Any]:
    reply = turn["reply"]
    words = [speech["text"] for part in ("before", "say") for speech in reply.get(part, ())]
    return {"at": turn["at"], "keyed": turn.get("keyed", ""), "heard": " ".join(words)}
