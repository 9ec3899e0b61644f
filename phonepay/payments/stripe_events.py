"""Stripe's webhook events: stored first, handled later by re-reading the object. An event is a hint, never a fact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from phonepay.configuration import context
from phonepay.events import types
from phonepay.events.actors import STRIPE
from phonepay.events.models import record
from phonepay.merchant.models import Merchant
from phonepay.payments import disputes
from phonepay.payments.brought_over import named_at_last
from phonepay.payments.gateway import (
    ChargeState,
    DisputeState,
    EventFacts,
    FraudWarning,
    Gateway,
    Intent,
    RefundState,
    get_gateway_for,
)
from phonepay.payments.models import Payment, Refund, StripeEvent
from phonepay.payments.refund_outcomes import record_state
from phonepay.payments.stripe_side import apply_intent

INTENT_EVENTS = (
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
    "payment_intent.processing",
    "payment_intent.requires_action",
)
CHARGE_EVENTS = ("charge.succeeded", "charge.refunded")
REFUND_EVENTS = ("refund.created", "refund.updated", "refund.failed", "charge.refund.updated")
DISPUTE_EVENTS = (
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
)
WARNING_EVENTS = ("radar.early_fraud_warning.created", "radar.early_fraud_warning.updated")
CARD_EVENTS = ("payment_method.detached", "customer.deleted")

WEBHOOK_PATH = "/stripe/webhook"  # below the public address: where web.stripe is told them
# What an endpoint at Stripe must subscribe to, and what is asked for where there is none: twenty, as many as one list
# of events takes.
SUBSCRIBED = (
    *INTENT_EVENTS, *CHARGE_EVENTS, *REFUND_EVENTS, *DISPUTE_EVENTS, *WARNING_EVENTS, *CARD_EVENTS,
)  # fmt: skip
# They carry no metadata of ours: handling them tells whose they are.
_OF_ANYBODY = (*REFUND_EVENTS, *DISPUTE_EVENTS, *WARNING_EVENTS)
FOREIGN_KEPT = timedelta(days=7)


class BeforeItsCharge(Exception):
    """A refund or a dispute of what we have not booked: look again later."""


def store(*, event: EventFacts, now: datetime) -> None:
    """Keep a verified event, once. Of what is not about our objects only the id, the type and the time are kept.

    A refund made in Stripe's own dashboard, say, carries no metadata of ours: handling it tells whose it is.
    """
    ours = _installation(event.metadata) or event.type in _OF_ANYBODY or _card_of_ours(event)
    row = StripeEvent(
        id=event.id,
        type=event.type[:64],
        object_id=event.object_id if ours else "",
        ours=ours,
        livemode=event.livemode,
        created_at=datetime.fromtimestamp(event.created, UTC),
        received_at=now,
        due_at=_due(event, ours=ours, now=now),
    )
    StripeEvent.objects.bulk_create([row], ignore_conflicts=True)


def _due(event: EventFacts, *, ours: bool, now: datetime) -> datetime | None:
    """When something is owed: at once to be handled, after a week to be forgotten."""
    if not ours:
        return now + FOREIGN_KEPT
    return now if event.type in SUBSCRIBED else None


def _installation(metadata: Mapping[str, str]) -> bool:
    try:
        installation = UUID(metadata.get("installation", ""))
    except ValueError:
        return False
    return Merchant.objects.filter(installation=installation).exists()


def _card_of_ours(event: EventFacts) -> bool:
    cards = Payment.objects.filter(payment_method=event.object_id)
    return event.type == "payment_method.detached" and cards.exists()


def handle(event: StripeEvent, *, now: datetime) -> None:
    """Re-read what the event is about and record what it proves. Raises what went wrong, to be kept and retried."""
    ours = _read_again(event, get_gateway_for(livemode=event.livemode, account=""), now)
    done: dict[str, Any] = {"handled_at": now, "due_at": None, "lease_until": None, "error": ""}
    if not ours:
        done |= {"ours": False, "object_id": "", "due_at": event.received_at + FOREIGN_KEPT}
    StripeEvent.objects.filter(pk=event.pk).update(**done)


def _read_again(event: StripeEvent, gateway: Gateway, now: datetime) -> bool:
    """Whether it was about something of ours."""
    object_id = event.object_id or ""
    if event.type in INTENT_EVENTS:
        return _intent(gateway.retrieve_intent(object_id), now) is not None
    if event.type in CHARGE_EVENTS:
        return _charge(gateway.retrieve_charge(object_id), gateway, now)
    if event.type in REFUND_EVENTS:
        return _refund(gateway.retrieve_refund(object_id), gateway, now)
    if event.type in DISPUTE_EVENTS:
        return _dispute(gateway.retrieve_dispute(object_id), gateway, now)
    if event.type in WARNING_EVENTS:
        return _warning(gateway.retrieve_warning(object_id), gateway, now)
    if event.type in CARD_EVENTS:
        _cards_gone(object_id, gateway, now)
    return True


def _charge(state: ChargeState, gateway: Gateway, now: datetime) -> bool:
    """How its payment ended, and the refunds of it that somebody made elsewhere."""
    payment = _intent(gateway.retrieve_intent(state.intent_id), now) if state.intent_id else None
    if payment is None:
        return False
    for refund in gateway.refunds_of(charge_id=state.id) if state.amount_refunded else ():
        _refund(refund, gateway, now)
    return True


def _dispute(state: DisputeState, gateway: Gateway, now: datetime) -> bool:
    payment = _payment_of_charge(state.id, state.charge_id, state.intent_id, gateway, now)
    if payment is None:
        return False
    disputes.read(payment=payment, dispute_id=state.id, gateway=gateway, now=now)
    return True


def _warning(state: FraudWarning, gateway: Gateway, now: datetime) -> bool:
    payment = _payment_of_charge(state.id, state.charge_id, state.intent_id, gateway, now)
    if payment is None:
        return False
    disputes.read_warning(payment=payment, state=state, now=now)
    return True


def _cards_gone(object_id: str, gateway: Gateway, now: datetime) -> None:
    """A card, or a customer with his cards, was removed at Stripe: later charges are not possible any more."""
    kept = Payment.objects.filter(Q(payment_method=object_id) | Q(customer_id=object_id), card_gone_at=None)
    for payment in kept.filter(status=Payment.Status.SUCCEEDED).exclude(customer_id=""):
        if gateway.keeps_card(payment.payment_method or "", payment.customer_id or ""):
            continue
        with transaction.atomic(durable=True):
            if Payment.objects.filter(pk=payment.pk, card_gone_at=None).update(card_gone_at=now):
                record(types.CARD_GONE, subject=("payment", payment.pk), by=STRIPE, now=now)


def _intent(intent: Intent, now: datetime) -> Payment | None:
    """The payment that it belongs to, with what it proves recorded; None for somebody else's."""
    payment = _payment(intent.id, intent.metadata.get("payment", ""), intent.metadata.get("installation", ""))
    if payment is not None:
        context.name(call=payment.call_sid, payment=str(payment.pk))
        apply_intent(payment=payment, intent=intent, by=STRIPE, now=now)
    return payment


def _payment(intent_id: str, payment_id: str, installation: str) -> Payment | None:
    """Ours, by the PaymentIntent's id or, where its create was never answered, by the metadata it carries."""
    rows = Payment.objects.select_related("merchant", "line", "order", "parent")
    payment = rows.filter(intent_id=intent_id).first()
    if payment is not None or not payment_id:
        return payment
    try:
        identity, installation_id = UUID(payment_id), UUID(installation)
    except ValueError:
        return None
    return rows.filter(pk=identity, merchant__installation=installation_id).first()


def _refund(state: RefundState, gateway: Gateway, now: datetime) -> bool:
    row = _known_refund(state)
    if row is None:
        payment = _payment_of_charge(state.id, state.charge_id, state.intent_id, gateway, now)
        if payment is None:
            return False
        row = adopt(payment=payment, state=state, now=now)
    record_state(refund=row, state=state, failure="", by=STRIPE, now=now)
    return True


def _payment_of_charge(
    object_id: str, charge_id: str, intent_id: str, gateway: Gateway, now: datetime
) -> Payment | None:
    """Whose charge it is. Events come in any order: a charge that is not booked yet is booked first."""
    rows = Payment.objects.exclude(charge_id="").filter(charge_id=charge_id)
    payment = rows.select_related("merchant", "line", "order").first()
    if payment is None and intent_id:
        payment = _intent(gateway.retrieve_intent(intent_id), now)
        if payment is not None and payment.status != Payment.Status.SUCCEEDED:
            raise BeforeItsCharge(f"{object_id} is of {intent_id}, which has not succeeded for us")
    return payment


def _known_refund(state: RefundState) -> Refund | None:
    rows = Refund.objects.select_related("payment__merchant", "order")
    row = rows.filter(stripe_id=state.id).first()
    if row is not None:
        return row
    try:
        return rows.filter(pk=UUID(state.metadata.get("refund", ""))).first()
    except ValueError:
        return None


def adopt(*, payment: Payment, state: RefundState, now: datetime) -> Refund:
    """A refund that somebody made in Stripe's own dashboard becomes ours; if another process was first, its row.

    Raises IntegrityError where a refund of ours, that Stripe has not answered yet, holds the room that this one took:
    to be tried again when that one has failed.
    """
    assert payment.order is not None  # noqa: S101  # by constraint: what succeeded has an order
    known = named_at_last(payment, state) if not payment.intent_id else None
    if known is not None:
        return known
    try:
        with transaction.atomic(durable=True):
            Payment.objects.filter(pk=payment.pk).update(refunded=F("refunded") + state.amount)
            return Refund.objects.create(
                merchant_id=payment.merchant_id,
                payment=payment,
                order=payment.order,
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
        first = _known_refund(state)
        if first is None:
            raise
        return first
