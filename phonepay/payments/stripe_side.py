"""What is sent to Stripe for a payment, and what its answers mean: the steps between the commits of `operations`.

Nothing here holds a transaction. Each step can be killed at any line and done again: the keys were committed before.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.utils import timezone

from phonepay.events.actors import STRIPE, SYSTEM, Actor
from phonepay.payments import operations
from phonepay.payments.descriptor import metadata
from phonepay.payments.gateway import (
    Declined,
    Gateway,
    GatewayError,
    Intent,
    NotConfigured,
    Refused,
    StillRunning,
    Unanswered,
    Wanted,
    get_gateway,
)
from phonepay.payments.models import Payment

logger = logging.getLogger(__name__)


def prepare(payment: Payment) -> None:
    """While the caller keys the card: make the PaymentIntent, unconfirmed. A failure moves no money; charging tries again."""
    try:
        ensure_intent(payment, get_gateway())
    except GatewayError as error:
        logger.warning("preparing payment %s: %s", payment.pk, error)


def ensure_intent(payment: Payment, gateway: Gateway) -> str:
    """The id of the payment's PaymentIntent, made once and committed; with a Customer only where later charges are allowed.

    The create's key and its metadata belong to the attempt, so that repeating it is always the same request.
    """
    if payment.intent_id:
        return payment.intent_id
    stored = Payment.objects.filter(pk=payment.pk).values("intent_id", "customer_id", "stripe_account").get()
    for name, value in stored.items():
        setattr(payment, name, value)
    if payment.intent_id:
        return payment.intent_id
    if payment.consent_wording and not payment.customer_id:
        payment.customer_id = gateway.create_customer(
            key=f"{payment.id}:customer", phone=payment.phone, metadata=metadata(payment)
        )
    intent = gateway.create_intent(_wanted(payment), key=f"{payment.attempt}:create")
    payment.intent_id, payment.stripe_account = intent.id, gateway.account()
    rows = Payment.objects.filter(pk=payment.pk)
    rows.update(intent_id=intent.id, customer_id=payment.customer_id, stripe_account=payment.stripe_account)
    return intent.id


def _wanted(payment: Payment, *, kept_customer: str = "") -> Wanted:
    number = f" {payment.number}" if payment.number else ""
    return Wanted(
        amount=payment.amount,
        currency=payment.currency,
        metadata=metadata(payment),
        description=payment.description or f"{payment.merchant.name}{number}, by phone, {payment.confirmation}",
        descriptor_suffix=payment.descriptor_suffix,
        customer_id=kept_customer or payment.customer_id,
        keep_card=bool(payment.consent_wording),
    )


def send_charge(payment: Payment) -> None:
    """Confirm the PaymentIntent with the card: the only step that moves money. Safe to repeat with the same attempt."""
    attempt = payment.attempt
    try:
        gateway = get_gateway()
        if payment.kind == Payment.Kind.OVERAGE:
            intent = _charge_kept_card(payment, gateway)
        else:
            intent = gateway.confirm_intent(
                ensure_intent(payment, gateway),
                payment_method=payment.payment_method,
                moto=payment.moto,
                key=f"{attempt}:confirm",
            )
    except Declined as error:
        operations.mark_declined(payment=payment, attempt=attempt, code=error.code, by=STRIPE, now=timezone.now())
    except NotConfigured as error:
        operations.mark_failed(payment=payment, attempt=attempt, why=str(error), by=SYSTEM, now=timezone.now())
    except Refused as error:
        _refused(payment, error)
    except StillRunning:
        # Another process sends the very same request: the sweeper asks again, with the same key, in a moment.
        charging = Payment.objects.filter(pk=payment.pk, attempt=attempt, status=Payment.Status.CHARGING)
        charging.update(due_at=timezone.now() + operations.FIRST_LOOK, lease_until=None)
    except Unanswered as error:
        logger.warning("payment %s: no answer from Stripe (%s)", payment.pk, error)
        operations.mark_unknown(payment=payment, attempt=attempt, by=SYSTEM, now=timezone.now())
    else:
        operations.mark_succeeded(payment=payment, intent=intent, by=STRIPE, now=timezone.now())


def _charge_kept_card(payment: Payment, gateway: Gateway) -> Intent:
    parent = payment.parent
    assert parent is not None  # noqa: S101  # an extra charge has the payment that agreed to it
    wanted = _wanted(payment, kept_customer=parent.customer_id)
    return gateway.charge_kept_card(wanted, payment_method=parent.payment_method, key=f"{payment.attempt}:confirm")


def _refused(payment: Payment, error: Refused) -> None:
    """Stripe will not: nothing moved, unless this PaymentIntent had ended already, which only reading it tells."""
    if error.code == "payment_intent_unexpected_state" or error.status == 429:
        resolve(payment)
        return
    logger.error("payment %s was refused by Stripe (%s %s): %s", payment.pk, error.status, error.code, error)
    operations.mark_failed(
        payment=payment,
        attempt=payment.attempt,
        why=f"{error.status} {error.code}: {error}",
        by=STRIPE,
        now=timezone.now(),
    )


def apply_intent(*, payment: Payment, intent: Intent, by: Actor, now: datetime) -> bool:
    """Record what a freshly read PaymentIntent proves; True where it proved something about the attempt under way.

    `requires_payment_method` ends only the attempt whose card is named in the error.
    """
    if intent.succeeded:
        operations.mark_succeeded(payment=payment, intent=intent, by=by, now=now)
        return True
    if intent.status == "canceled":
        operations.mark_failed(payment=payment, attempt=payment.attempt, why="cancelled at Stripe", by=by, now=now)
        return True
    if intent.status == "requires_payment_method" and intent.error_payment_method == payment.payment_method != "":
        operations.mark_declined(
            payment=payment, attempt=payment.attempt, code=intent.error_code or "generic_decline", by=by, now=now
        )
        return True
    return False


def resolve(payment: Payment) -> None:
    """Find out how a charge ended. Where it has not gone through, cancel it first, and only then say "not charged"."""
    gateway = get_gateway()
    if not payment.intent_id and payment.kind == Payment.Kind.OVERAGE:
        send_charge(payment)  # the same key: Stripe answers with what it did the first time
        return
    intent_id = ensure_intent(payment, gateway)
    intent = gateway.retrieve_intent(intent_id)
    if apply_intent(payment=payment, intent=intent, by=STRIPE, now=timezone.now()) or intent.can_still_succeed:
        return
    intent = gateway.cancel_intent(intent_id)
    apply_intent(payment=payment, intent=intent, by=STRIPE, now=timezone.now())


def close(payment: Payment) -> None:
    """Tidy up after a payment that was not charged: cancel its PaymentIntent, delete a Customer made for it."""
    gateway = get_gateway()
    if payment.intent_id:
        intent = gateway.cancel_intent(payment.intent_id)
        if intent.succeeded:
            operations.mark_succeeded(payment=payment, intent=intent, by=STRIPE, now=timezone.now())
            return
    if payment.customer_id and payment.kind == Payment.Kind.INITIAL:
        gateway.delete_customer(payment.customer_id)
    Payment.objects.filter(pk=payment.pk, status__in=Payment.NOT_CHARGED).update(due_at=None, lease_until=None)
