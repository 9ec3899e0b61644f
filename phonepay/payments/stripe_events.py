"""Stripe's webhook events: stored first, handled later by re-reading the object. An event is a hint, never a fact."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from phonepay.events.actors import STRIPE
from phonepay.merchant.models import Merchant
from phonepay.payments import refunds
from phonepay.payments.gateway import EventFacts, RefundState, get_gateway
from phonepay.payments.models import Payment, Refund, StripeEvent
from phonepay.payments.stripe_side import apply_intent

logger = logging.getLogger(__name__)

INTENT_EVENTS = frozenset({"payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.canceled"})
REFUND_EVENTS = frozenset({"refund.created", "refund.updated", "refund.failed", "charge.refund.updated"})
HANDLED = INTENT_EVENTS | REFUND_EVENTS


def store(*, event: EventFacts, now: datetime) -> None:
    """Keep a verified event, once. Of what is not about our objects only the id, the type and the time are kept.

    A refund made in Stripe's own dashboard carries no metadata of ours: handling it tells whose it is.
    """
    ours = _installation(event.metadata) or event.type in REFUND_EVENTS
    row = StripeEvent(
        id=event.id,
        type=event.type[:64],
        object_id=event.object_id if ours else "",
        ours=ours,
        livemode=event.livemode,
        created_at=datetime.fromtimestamp(event.created, UTC),
        received_at=now,
        due_at=now if ours and event.type in HANDLED else None,
    )
    StripeEvent.objects.bulk_create([row], ignore_conflicts=True)


def _installation(metadata: Mapping[str, str]) -> bool:
    try:
        installation = UUID(metadata.get("installation", ""))
    except ValueError:
        return False
    return Merchant.objects.filter(installation=installation).exists()


def handle(event: StripeEvent, *, now: datetime) -> None:
    """Re-read what the event is about and record what it proves. Raises what went wrong; the caller keeps it and retries."""
    ours = True
    if event.type in INTENT_EVENTS:
        ours = _intent(event.object_id, now)
    elif event.type in REFUND_EVENTS:
        ours = _refund(event.object_id, now)
    done = StripeEvent.objects.filter(pk=event.pk)
    done.update(
        handled_at=now, due_at=None, lease_until=None, error="", ours=ours, object_id=event.object_id if ours else ""
    )


def _intent(intent_id: str, now: datetime) -> bool:
    intent = get_gateway().retrieve_intent(intent_id)
    payment = _payment(intent.id, intent.metadata.get("payment", ""), intent.metadata.get("installation", ""))
    if payment is not None:
        apply_intent(payment=payment, intent=intent, by=STRIPE, now=now)
    return payment is not None


def _payment(intent_id: str, payment_id: str, installation: str) -> Payment | None:
    """Ours, by the PaymentIntent's id or, where its create was never answered, by the metadata it carries."""
    rows = Payment.objects.select_related("merchant", "line", "order")
    payment = rows.filter(intent_id=intent_id).first()
    if payment is not None or not payment_id:
        return payment
    try:
        identity, installation_id = UUID(payment_id), UUID(installation)
    except ValueError:
        return None
    return rows.filter(pk=identity, merchant__installation=installation_id).first()


def _refund(refund_id: str, now: datetime) -> bool:
    state = get_gateway().retrieve_refund(refund_id)
    row = _known_refund(state)
    if row is None:
        payment = Payment.objects.filter(intent_id=state.intent_id, status=Payment.Status.SUCCEEDED).first()
        if payment is None:
            return False
        row = adopt(payment=payment, state=state, now=now)
    if row is not None:
        refunds.record_state(refund=row, state=state, failure="", by=STRIPE, now=now)
    return True


def _known_refund(state: RefundState) -> Refund | None:
    rows = Refund.objects.select_related("payment__merchant", "order")
    row = rows.filter(stripe_id=state.id).first()
    if row is not None:
        return row
    try:
        return rows.filter(pk=UUID(state.metadata.get("refund", ""))).first()
    except ValueError:
        return None


def adopt(*, payment: Payment, state: RefundState, now: datetime) -> Refund | None:
    """A refund that somebody made in Stripe's own dashboard becomes ours. None where another process adopted it first."""
    try:
        with transaction.atomic(durable=True):
            Payment.objects.filter(pk=payment.pk).update(refunded=F("refunded") + state.amount)
            return Refund.objects.create(
                merchant_id=payment.merchant_id,
                payment=payment,
                order_id=payment.order_id,
                amount=state.amount,
                currency=state.currency,
                livemode=payment.livemode,
                stripe_account=payment.stripe_account,
                reason="requested_by_customer",
                by_kind=STRIPE.kind,
                by_name="Stripe's dashboard",
                request_key=f"stripe:{state.id}",
                stripe_id=state.id,
                asked_at=now,
            )
    except IntegrityError:
        logger.warning(
            "refund %s of payment %s was not adopted: known already, or beyond the payment", state.id, payment.pk
        )
        return None
