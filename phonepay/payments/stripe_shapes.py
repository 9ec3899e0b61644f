"""Stripe's objects as plain dicts, read into those of at_stripe, and the one that we send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from phonepay.payments.at_stripe import (
    ChargeState,
    DisputeState,
    EventFacts,
    FraudWarning,
    Intent,
    Movement,
    RefundState,
    Wanted,
)

Shape = Mapping[str, Any]
FINGERPRINT = 64  # characters that are kept
LONGEST_ID = 64  # the column's; Stripe's own are shorter than half of it
_LONGEST_TYPE = 200
_FAR_FUTURE = 2**33  # seconds: the year 2242


def intent_of(shape: Shape) -> Intent:
    error = shape.get("last_payment_error") or {}
    return Intent(
        id=shape["id"],
        status=shape["status"],
        amount=shape["amount"],
        amount_received=shape.get("amount_received") or 0,
        currency=shape["currency"],
        livemode=shape["livemode"],
        charge_id=id_of(shape.get("latest_charge")),
        payment_method=id_of(shape.get("payment_method")),
        customer_id=id_of(shape.get("customer")),
        error_code=error.get("decline_code") or error.get("code") or "",
        error_payment_method=id_of(error.get("payment_method")),
        fingerprint=fingerprint_of(shape.get("payment_method")) or fingerprint_of(error.get("payment_method")),
        metadata=shape.get("metadata") or {},
    )


def charge_of(shape: Shape) -> ChargeState:
    return ChargeState(
        id=shape["id"],
        status=shape["status"],
        amount=shape["amount"],
        amount_refunded=shape.get("amount_refunded") or 0,
        currency=shape["currency"],
        livemode=shape["livemode"],
        disputed=bool(shape.get("disputed")),
        intent_id=id_of(shape.get("payment_intent")),
        created=shape["created"],
        metadata=shape.get("metadata") or {},
    )


def refund_of(shape: Shape) -> RefundState:
    return RefundState(
        id=shape["id"],
        status=shape.get("status") or "pending",
        amount=shape["amount"],
        currency=shape["currency"],
        intent_id=id_of(shape.get("payment_intent")),
        charge_id=id_of(shape.get("charge")),
        pending_reason=shape.get("pending_reason") or "",
        failure_reason=shape.get("failure_reason") or "",
        created=shape["created"],
        metadata=shape.get("metadata") or {},
    )


def dispute_of(shape: Shape) -> DisputeState:
    return DisputeState(
        id=shape["id"],
        status=shape["status"],
        reason=shape.get("reason") or "general",
        amount=shape["amount"],
        currency=shape["currency"],
        livemode=shape["livemode"],
        charge_id=id_of(shape.get("charge")),
        intent_id=id_of(shape.get("payment_intent")),
        refundable=bool(shape.get("is_charge_refundable")),
        due_by=(shape.get("evidence_details") or {}).get("due_by") or 0,
        created=shape["created"],
        movements=tuple(movement_of(each) for each in shape.get("balance_transactions") or ()),
    )


def movement_of(shape: Shape) -> Movement:
    return Movement(
        id=shape["id"],
        type=shape["type"],
        category=shape.get("reporting_category") or "",
        amount=shape["amount"],
        fee=shape["fee"],
        currency=shape["currency"],
        source_id=id_of(shape.get("source")),
        created=shape["created"],
        available_on=shape.get("available_on") or 0,
        exchange_rate=shape.get("exchange_rate"),
        description=shape.get("description") or "",
    )


def warning_of(shape: Shape) -> FraudWarning:
    return FraudWarning(
        id=shape["id"],
        fraud_type=shape["fraud_type"],
        actionable=shape["actionable"],
        charge_id=id_of(shape.get("charge")),
        intent_id=id_of(shape.get("payment_intent")),
        created=shape["created"],
    )


def event_of(shape: Shape) -> EventFacts:
    """Raises KeyError, TypeError or ValueError for what is no event, so that nothing of another shape is kept."""
    subject = shape["data"]["object"]
    metadata = subject.get("metadata") or {}
    created = shape["created"]
    if not isinstance(created, int) or not 0 <= created < _FAR_FUTURE or not isinstance(shape["livemode"], bool):
        raise TypeError("an event says when it was made, and whether it is real")
    return EventFacts(
        id=_name(shape["id"]),
        type=_name(shape["type"], longest=_LONGEST_TYPE),
        created=created,
        livemode=shape["livemode"],
        object_id=_name(subject["id"]) if subject.get("id") else "",
        metadata={str(name): value for name, value in metadata.items() if isinstance(value, str)},
    )


def _name(text: Any, *, longest: int = LONGEST_ID) -> str:
    """An id or a type, as Stripe writes them."""
    if not isinstance(text, str) or not 0 < len(text) <= longest or not text.isascii() or not text.isprintable():
        raise TypeError("an id or a type is a short text")
    return text


def fingerprint_of(method: Any) -> str:
    """Stripe's fingerprint of a PaymentMethod's card; "" where it was not given whole, or has none."""
    card = method.get("card") if isinstance(method, Mapping) else None
    return str((card or {}).get("fingerprint") or "")[:FINGERPRINT]


def id_of(reference: Any) -> str:
    """The id of what Stripe names by id or, expanded, by the object itself."""
    if not reference:
        return ""
    return reference if isinstance(reference, str) else str(reference["id"])


def intent_params(wanted: Wanted) -> Any:
    """What Stripe is sent to make a PaymentIntent."""
    params: dict[str, Any] = {
        "amount": wanted.amount,
        "currency": wanted.currency,
        "allowed_payment_method_types": ["card"],
        "metadata": dict(wanted.metadata),
        "description": wanted.description,
    }
    if wanted.descriptor_suffix:
        params["statement_descriptor_suffix"] = wanted.descriptor_suffix
    if wanted.customer_id:
        params["customer"] = wanted.customer_id
    if wanted.keep_card:
        params["setup_future_usage"] = "off_session"
    return params
