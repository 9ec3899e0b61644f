"""What is sent to Stripe for a payment, and what its answers mean: the steps between the commits of `operations`.

Nothing here holds a transaction. Each step can be killed at any line and done again: the keys were committed before.
Money moves in one place, `_confirm`; the id of what it confirms is committed before, so that afterwards Stripe can
always be asked about it, also when it has forgotten the idempotency keys (after 24 hours).
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from phonepay.events.actors import STRIPE, SYSTEM, Actor
from phonepay.payments import operations
from phonepay.payments.descriptor import metadata
from phonepay.payments.gateway import (
    Declined,
    Gateway,
    GatewayError,
    Held,
    Intent,
    Refused,
    StillRunning,
    Unanswered,
    Wanted,
    get_gateway_for,
)
from phonepay.payments.models import Payment
from phonepay.payments.turned_away import CardQuestion, TurnedAway, look_at_card

logger = logging.getLogger(__name__)

KEYS_ARE_KEPT = timedelta(hours=24)  # docs.stripe.com/api/idempotent_requests


class Ended(Exception):
    """The payment ended while its PaymentIntent was being made: it is to be cancelled, and never confirmed."""


def prepare(payment: Payment) -> None:
    """While the caller keys the card: make the PaymentIntent, unconfirmed. If that fails, charging tries again.

    The payment was made a moment ago, so that its row is not read for what it cannot have yet.
    """
    try:
        _make_intent(payment, _gateway_for(payment))
    except Ended:
        logger.info("payment %s ended while it was prepared", payment.pk)
    except GatewayError as error:
        logger.warning("preparing payment %s: %s", payment.pk, error)


def _gateway_for(payment: Payment) -> Gateway:
    return get_gateway_for(livemode=payment.livemode, account=payment.stripe_account or "")


def ensure_intent(payment: Payment, gateway: Gateway) -> str:
    """The id of the payment's PaymentIntent, made once and committed; a Customer only where later charges are allowed.

    Raises Ended where the payment ended meanwhile, with what was made kept on the row to be tidied up.
    """
    if not payment.intent_id:
        facts = ("intent_id", "customer_id", "stripe_account")
        for name, value in Payment.objects.filter(pk=payment.pk).values(*facts).get().items():
            setattr(payment, name, value)
    return payment.intent_id or _make_intent(payment, gateway)


def _make_intent(payment: Payment, gateway: Gateway) -> str:
    if payment.consent_wording and not payment.customer_id:
        payment.customer_id = gateway.create_customer(
            key=f"{payment.id}:customer", phone=payment.phone, metadata=metadata(payment, kind="customer")
        )
    intent = _create_intent(payment, gateway)
    made = {"intent_id": intent.id, "customer_id": payment.customer_id, "stripe_account": gateway.account()}
    return _keep(payment, made)


def _create_intent(payment: Payment, gateway: Gateway) -> Intent:
    """The key and the metadata belong to the attempt, so that repeating it is always the same request.

    A 5xx is given again for the same key; nothing moves by a PaymentIntent too many, so another key is tried then.
    """
    wanted = _wanted(payment)
    try:
        return gateway.create_intent(wanted, key=f"{payment.attempt}:create")
    except Unanswered as error:
        if not error.status:
            raise
        return gateway.create_intent(wanted, key=f"{payment.attempt}:create-again")


def _keep(payment: Payment, made: dict[str, Any]) -> str:
    rows = Payment.objects.filter(pk=payment.pk, intent_id=None)
    kept = rows.filter(status__in=Payment.OPEN).update(**made) == 1
    if not kept:
        rows.update(due_at=timezone.now(), **made)
        made = Payment.objects.filter(pk=payment.pk).values(*made).get()  # another process may have made one first
    for name, value in made.items():
        setattr(payment, name, value)
    if not kept and not Payment.objects.filter(pk=payment.pk, status__in=Payment.OPEN).exists():
        raise Ended
    return str(made["intent_id"])


def _wanted(payment: Payment) -> Wanted:
    number = f" {payment.number}" if payment.number else ""
    extra = payment.parent if payment.kind == Payment.Kind.OVERAGE else None
    return Wanted(
        amount=payment.amount,
        currency=payment.currency,
        metadata=metadata(payment),
        description=payment.description or f"{payment.merchant.name}{number}, by phone, {payment.confirmation}",
        descriptor_suffix=payment.descriptor_suffix,
        customer_id=(extra.customer_id if extra else payment.customer_id) or "",
        keep_card=bool(payment.consent_wording),
    )


def send_charge(payment: Payment, turned_away: CardQuestion | None = None) -> None:
    """Charge the card, with the same keys however often it is sent; ten minutes after the agreement only look.

    `turned_away` is asked about the card's fingerprint first, where somebody wants to be asked: such a card is declined
    and never sent. Records what comes of it. Never raises for what Stripe says or does not say.
    """
    try:
        intent_id = ensure_intent(payment, _gateway_for(payment))
    except Ended:
        return
    except StillRunning:
        _ask_again(payment)
    except GatewayError as error:
        _not_sent(payment, error)
    else:
        if timezone.now() - payment.agreed_at > operations.AGREEMENT_HOLDS:
            _look(payment)
        else:
            _confirm(payment, intent_id, turned_away)


def _declined(payment: Payment, code: str, fingerprint: str, proof: dict[str, Any], **more: Any) -> None:
    facts: dict[str, Any] = {"code": code, "fingerprint": fingerprint, "proof": proof, **more}
    operations.mark_declined(payment=payment, attempt=payment.attempt, by=STRIPE, now=timezone.now(), **facts)


def _not_sent(payment: Payment, error: GatewayError) -> None:
    """Without a PaymentIntent on the row nobody can have confirmed one. With one, an earlier try may have."""
    if payment.intent_id and payment.tries:
        logger.error("payment %s cannot be looked up: %s", payment.pk, error)
        operations.mark_unknown(payment=payment, attempt=payment.attempt, by=SYSTEM, now=timezone.now())
        return
    _fail(payment, error, {"tries": payment.tries} if payment.intent_id else {"intent_id": None})


def _confirm(payment: Payment, intent_id: str, turned_away: CardQuestion | None) -> None:
    """The only step that moves money."""
    attempt = payment.attempt
    try:
        if turned_away:
            look_at_card(payment.payment_method or "", _gateway_for(payment), turned_away)
        intent = _gateway_for(payment).confirm_intent(
            intent_id,
            payment_method=payment.payment_method or "",
            moto=payment.moto,
            off_session=payment.kind == Payment.Kind.OVERAGE,
            key=f"{attempt}:confirm",
            cleared=payment.cleared and not payment.tries,
        )
    except TurnedAway as away:
        _turned_away(payment, away)
    except Declined as error:
        _declined(payment, error.code, error.fingerprint, {})
    except Refused as error:
        # Nothing moved by this request. But an earlier one of this attempt may have, which only reading tells.
        if payment.tries or error.code == "payment_intent_unexpected_state":
            _look(payment)
        else:
            _fail(payment, error, {"tries": payment.tries})  # else another process is at it, and may be let in
    except StillRunning:
        _ask_again(payment)
    except Held:
        _look(payment)  # the row may be a backup's, and the card charged since
    except GatewayError as error:
        logger.warning("payment %s: no answer from Stripe (%s)", payment.pk, error)
        operations.mark_unknown(payment=payment, attempt=attempt, by=SYSTEM, now=timezone.now())
    else:
        operations.mark_succeeded(payment=payment, intent=intent, by=STRIPE, now=timezone.now())


def _turned_away(payment: Payment, away: TurnedAway) -> None:
    if payment.tries:
        _look(payment, away)  # whoever died at it may have asked the bank
    else:
        _declined(payment, away.code, away.fingerprint, {"tries": 0})  # else another process has asked the bank


def _ask_again(payment: Payment) -> None:
    """Another process sends the very same request: the sweeper asks again, with the same key, in a moment."""
    charging = Payment.objects.filter(pk=payment.pk, attempt=payment.attempt, status=Payment.Status.CHARGING)
    charging.update(due_at=timezone.now() + operations.FIRST_LOOK, lease_until=None)


def _fail(payment: Payment, error: GatewayError, proof: dict[str, Any]) -> None:
    why = f"{error.status} {error.code}".rstrip() + f": {error}" if isinstance(error, Refused) else str(error)
    logger.error("payment %s was not charged: %s", payment.pk, why)
    operations.mark_failed(
        payment=payment, attempt=payment.attempt, why=why, by=STRIPE, now=timezone.now(), proof=proof
    )


def _look(payment: Payment, away: TurnedAway | None = None) -> None:
    try:
        resolve(payment, away)
    except GatewayError as error:
        logger.warning("payment %s could not be looked up: %s", payment.pk, error)
        operations.mark_unknown(payment=payment, attempt=payment.attempt, by=SYSTEM, now=timezone.now())


def apply_intent(*, payment: Payment, intent: Intent, by: Actor, now: datetime) -> bool:
    """Record what a freshly read PaymentIntent proves; True where it proved something about the attempt under way.

    `requires_payment_method` ends only the attempt whose card is named in the error.
    """
    if intent.succeeded:
        operations.mark_succeeded(payment=payment, intent=intent, by=by, now=now)
        return True
    if intent.id != payment.intent_id:
        return False  # one whose create was never answered: it is not what is being confirmed
    if intent.status == "canceled":
        operations.mark_failed(payment=payment, attempt=payment.attempt, why="cancelled at Stripe", by=by, now=now)
        return True
    if intent.status == "requires_payment_method" and intent.error_payment_method == payment.payment_method != "":
        operations.mark_declined(
            payment=payment,
            attempt=payment.attempt,
            code=intent.error_code or "generic_decline",
            fingerprint=intent.fingerprint,
            by=by,
            now=now,
        )
        return True
    return False


def resolve(payment: Payment, away: TurnedAway | None = None) -> None:
    """Find out how a charge ended. Where it has not gone through, cancel it first, and only then say "not charged".

    `away`: the bank is not asked, so it was declined. Raises GatewayError where Stripe says nothing: nor do we.
    """
    gateway = _gateway_for(payment)
    if not payment.intent_id:
        payment.intent_id = Payment.objects.filter(pk=payment.pk).values_list("intent_id", flat=True).get()
    if not payment.intent_id:
        why = "no PaymentIntent was made"
        operations.mark_failed(
            payment=payment, attempt=payment.attempt, why=why, by=SYSTEM, now=timezone.now(), proof={"intent_id": None}
        )
        return
    intent = gateway.retrieve_intent(payment.intent_id)
    if apply_intent(payment=payment, intent=intent, by=STRIPE, now=timezone.now()) or intent.can_still_succeed:
        return
    intent = gateway.cancel_intent(payment.intent_id)
    if away and intent.status == "canceled":
        _declined(payment, away.code, away.fingerprint, {}, canceled=True)
    else:
        apply_intent(payment=payment, intent=intent, by=STRIPE, now=timezone.now())


def close(payment: Payment) -> None:
    """Tidy up after a payment that was not charged: cancel its PaymentIntent, delete a Customer made for it."""
    gateway = _gateway_for(payment)
    if not payment.intent_id:
        _find_lost(payment, gateway)
    if payment.intent_id:
        intent = gateway.cancel_intent(payment.intent_id)
        if intent.succeeded:
            operations.mark_succeeded(payment=payment, intent=intent, by=STRIPE, now=timezone.now())
        if intent.status != "canceled":
            return  # still owed
    if payment.customer_id and payment.kind == Payment.Kind.INITIAL:
        gateway.delete_customer(payment.customer_id)
    Payment.objects.filter(pk=payment.pk, status__in=Payment.NOT_CHARGED).update(due_at=None, lease_until=None)


def _find_lost(payment: Payment, gateway: Gateway) -> None:
    """What was made just before a process was killed is found by asking for it again with the same keys."""
    if timezone.now() - payment.agreed_at > KEYS_ARE_KEPT:
        return
    try:
        ensure_intent(payment, gateway)
    except Ended:
        return
    except Refused as error:
        logger.info("nothing was made for payment %s: %s", payment.pk, error)
    except Unanswered as error:
        if not error.status:
            raise
