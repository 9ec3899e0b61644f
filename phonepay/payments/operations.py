"""The verbs that move a payment from state to state, each a compare-and-set in one durable transaction.

    agreed ──charge──▶ charging ──▶ succeeded
      ▲                   │  ├────▶ declined ──next_card──▶ agreed
      └── next_card       │  ├────▶ failed       (our fault: Refused)
                          │  └────▶ unknown ──▶ succeeded | declined | failed
      └── end_unpaid ──▶ abandoned

Whoever learns first how a charge ended (the call, Stripe's event, the sweeper) records it; the others return early.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.orders import claims
from phonepay.orders.models import Order
from phonepay.payments import hold, ledger, room
from phonepay.payments.agreement import record_attempt
from phonepay.payments.gateway import Intent
from phonepay.payments.models import CardAttempt, LedgerEntry, Payment

AGREEMENT_HOLDS = timedelta(minutes=10)
LEASE = timedelta(seconds=30)  # longer than any one call to Stripe can take
TIME_FOR_ANOTHER_CARD = timedelta(minutes=10)
FIRST_LOOK = timedelta(seconds=2)

Proof = dict[str, Any] | None  # what the row must still be


@dataclass(frozen=True, slots=True)
class Card:
    """What `<Pay>` gave: the `pm_…`, and what may be known of the card."""

    payment_method: str
    brand: str
    last4: str


class Charge(Enum):
    STARTED = "started"  # claimed and committed: the caller of charge() now sends it to Stripe
    AS_IT_IS = "as it is"  # a repeat, or an older card: nothing was started


class ChargeRefused(Exception):
    """Nothing was or will be charged: just_paid, busy, checking, cancelled, changed or late; `order` as it is now."""

    def __init__(self, reason: str, order: Order | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.order = order


class _AlreadyThere(Exception):
    """Somebody else made this transition: roll back and change nothing."""


def charge(*, payment: Payment, attempt: UUID, card: Card, by: Actor, now: datetime) -> Charge:
    """A card came: claim the order and become `charging`, in one transaction. The network is not touched here.

    Raises ChargeRefused, the payment then ended, when the agreement is older than ten minutes or the order is not what
    the caller agreed to any more. A repeat, or an attempt that a newer one replaced, changes nothing.
    """
    if payment.attempt != attempt or payment.status != Payment.Status.AGREED:
        return Charge.AS_IT_IS
    given_up = payment.due_at is not None and payment.due_at <= now  # the call ended, and its two minutes too
    if given_up or now - payment.agreed_at > AGREEMENT_HOLDS:
        return _refuse(payment, card, "late", None, by, now)
    try:
        with transaction.atomic(durable=True):
            order_id = claims.claim(payment.id, payment.terms, prefix=payment.merchant.order_prefix, now=now)
            changes: dict[str, Any] = {
                "status": Payment.Status.CHARGING,
                "order_id": order_id,
                "claim": claims.claim_name(order_id, livemode=payment.livemode),
                "payment_method": card.payment_method,
                "card_brand": card.brand,
                "card_last4": card.last4,
                "due_at": now + LEASE,
                "lease_until": now + LEASE,
                "decline_code": "",
                "fingerprint": "",
            }
            agreed = Payment.objects.filter(pk=payment.pk, attempt=attempt, status=Payment.Status.AGREED)
            # That no hold is on is proven by this very statement; else the sending asks, and only looks.
            payment.cleared = agreed.filter(hold.NONE).update(charging_at=Now(), **changes) == 1
            if not payment.cleared and agreed.update(charging_at=Now(), **changes) != 1:
                raise _AlreadyThere
    except _AlreadyThere:
        return Charge.AS_IT_IS
    except claims.ClaimTaken as taken:
        if taken.order is not None and taken.order.claimed_by == payment.id:
            return Charge.AS_IT_IS  # this very request, twice at the same moment
        return _refuse(payment, card, _why_taken(taken.order, payment), taken.order, by, now)
    except IntegrityError:
        return _refuse(payment, card, "just_paid", payment.order, by, now)
    for name, value in changes.items():
        setattr(payment, name, value)
    return Charge.STARTED


def _why_taken(order: Order | None, payment: Payment) -> str:
    if order is None:
        return "busy"
    if order.claimed_by is not None:
        unknown = Payment.objects.filter(pk=order.claimed_by, status=Payment.Status.UNKNOWN).exists()
        return "checking" if unknown else "busy"
    if order.status == Order.Status.CANCELLED:
        return "cancelled"
    return "changed" if order.is_payable(livemode=payment.livemode) else "just_paid"


def _refuse(payment: Payment, card: Card, reason: str, order: Order | None, by: Actor, now: datetime) -> Charge:
    with transaction.atomic(durable=True):
        agreed = Payment.objects.filter(pk=payment.pk, attempt=payment.attempt, status=Payment.Status.AGREED)
        ended = {"status": Payment.Status.ABANDONED, "failure": reason, "settled_at": now, "due_at": now}
        if agreed.update(card_brand=card.brand, card_last4=card.last4, lease_until=None, **ended) != 1:
            return Charge.AS_IT_IS
        payment.card_brand, payment.card_last4 = card.brand, card.last4
        record_attempt(payment=payment, result=CardAttempt.Result.REFUSED, now=now)
        record(types.PAYMENT_NOT_CHARGED, subject=("payment", payment.pk), by=by, now=now, reason=reason)
    payment.status, payment.failure = Payment.Status.ABANDONED, reason
    raise ChargeRefused(reason, order)


def mark_succeeded(*, payment: Payment, intent: Intent, by: Actor, now: datetime) -> bool:
    """Book a charge that went through: status, order, ledger, event. False where that was done already.

    It never refuses: a success for an order that was paid otherwise is booked as an overpayment. Only `payment`'s
    agreed facts are read, so a row loaded earlier will do.
    """
    try:
        with transaction.atomic(durable=True):
            _book(payment, intent, by, now)
    except _AlreadyThere:
        return False
    except IntegrityError:
        # The row in hand was stale: its claim had been freed and taken by another payment, or the money was booked.
        payment.refresh_from_db()
        if payment.status == Payment.Status.SUCCEEDED:
            return False
        with transaction.atomic(durable=True):
            _book(payment, intent, by, now)
    return True


def _book(payment: Payment, intent: Intent, by: Actor, now: datetime) -> None:
    initial = payment.kind == Payment.Kind.INITIAL
    overpaid = False
    if not initial:
        room.take_again(payment)
        _become_succeeded(payment, intent, payment.order_id, None, now)
    elif payment.claim:  # ours to pay: the payment's row is locked first, as in _not_charged
        _become_succeeded(payment, intent, payment.order_id, payment.claim, now)
        overpaid = _settle_order(payment, now)[1]
        if overpaid:
            Payment.objects.filter(pk=payment.pk).update(overpaid=True, claim=None)
    else:
        order_id, overpaid = _settle_order(payment, now)
        claim = None if overpaid else claims.claim_name(order_id, livemode=payment.livemode)
        _become_succeeded(payment, intent, order_id, claim, now, overpaid=overpaid)
    ledger.post(
        LedgerEntry.Kind.SALE if initial else LedgerEntry.Kind.OVERAGE,
        payment=payment,
        stripe_object=intent.charge_id,
        amount=intent.amount_received,
        now=now,
    )
    happened = types.PAYMENT_SUCCEEDED if initial else types.OVERAGE_SUCCEEDED
    facts = {"order": payment.order_id, "amount": intent.amount_received, "currency": payment.currency}
    happened = types.PAYMENT_OVERPAID if overpaid else happened
    record(happened, subject=("payment", payment.pk), by=by, now=now, **facts)


def _settle_order(payment: Payment, now: datetime) -> tuple[int, bool]:
    return claims.settle(
        payment.id,
        payment.terms,
        order_id=payment.order_id,
        prefix=payment.merchant.order_prefix,
        number=payment.confirmation or "",
        now=now,
    )


def _become_succeeded(
    payment: Payment, intent: Intent, order_id: int | None, claim: str | None, now: datetime, *, overpaid: bool = False
) -> None:
    changes: dict[str, Any] = {
        "status": Payment.Status.SUCCEEDED,
        "order_id": order_id,
        "overpaid": overpaid,
        "claim": claim,
        "intent_id": intent.id,
        "charge_id": intent.charge_id,
        "fingerprint": intent.fingerprint or payment.fingerprint,
        "decline_code": "",
        "failure": "",
        "settled_at": now,
        "due_at": None,
        "lease_until": None,
    }
    rows = Payment.objects.filter(pk=payment.pk).exclude(status=Payment.Status.SUCCEEDED)
    if rows.update(**changes) != 1:
        raise _AlreadyThere
    for name, value in changes.items():
        setattr(payment, name, value)


def mark_declined(
    *,
    payment: Payment,
    attempt: UUID,
    code: str,
    by: Actor,
    now: datetime,
    fingerprint: str = "",
    proof: Proof = None,
    canceled: bool = False,
) -> bool:
    """The bank said no to this attempt: not charged, the claim is free. False where the attempt had ended already.

    `fingerprint` is "" where unknown; `proof` as in mark_failed; `canceled`: a further card needs another intent.
    """
    changes: dict[str, Any] = {"status": Payment.Status.DECLINED, "decline_code": code[:40], "fingerprint": fingerprint}
    changes |= {"due_at": now + TIME_FOR_ANOTHER_CARD} | ({"intent_id": None} if canceled else {})
    if payment.kind == Payment.Kind.OVERAGE:
        changes["due_at"] = now  # nobody keys another card: its PaymentIntent is cancelled at once
    happened = types.PAYMENT_DECLINED if payment.kind == Payment.Kind.INITIAL else types.OVERAGE_DECLINED
    return _not_charged(payment, attempt, changes, CardAttempt.Result.DECLINED, happened, by, now, proof or {})


def mark_failed(*, payment: Payment, attempt: UUID, why: str, by: Actor, now: datetime, proof: Proof = None) -> bool:
    """Not charged, and proven so: a fault of ours, or it was cancelled at Stripe. `why` is for the owner.

    `proof`: what the row must still be, where that is what proves it (no PaymentIntent, nobody else at it); else False.
    """
    changes = {"status": Payment.Status.FAILED, "failure": why[:200], "due_at": now}
    happened = types.PAYMENT_FAILED if payment.kind == Payment.Kind.INITIAL else types.OVERAGE_FAILED
    return _not_charged(payment, attempt, changes, CardAttempt.Result.FAILED, happened, by, now, proof or {})


def _not_charged(
    payment: Payment,
    attempt: UUID,
    changes: dict[str, Any],
    result: str,
    happened: str,
    by: Actor,
    now: datetime,
    proof: dict[str, Any],
) -> bool:
    """Free what was claimed, together with the new state; `order` is forgotten where the number was new."""
    order_id = payment.order_id
    initial = payment.kind == Payment.Kind.INITIAL
    changes |= {"claim": None, "settled_at": now, "lease_until": None, "tries": 0}
    if payment.keys:
        changes["order_id"] = None
    try:
        with transaction.atomic(durable=True):
            under_way = Payment.objects.filter(pk=payment.pk, attempt=attempt, status__in=Payment.UNDER_WAY)
            if under_way.filter(**proof).update(**changes) != 1:
                raise _AlreadyThere
            if initial:
                claims.release(payment.id)
            else:
                room.give_back(payment)
            code = changes.get("decline_code", "")
            facts = {"decline_code": code, "fingerprint": changes.get("fingerprint", "")}
            record_attempt(payment=payment, result=result, attempt=attempt, now=now, **facts)
            reason = code or changes.get("failure", "")
            record(happened, subject=("payment", payment.pk), by=by, now=now, order=order_id, reason=reason)
    except _AlreadyThere:
        return False
    for name, value in changes.items():
        setattr(payment, name, value)
    return True


def mark_unknown(*, payment: Payment, attempt: UUID, by: Actor, now: datetime) -> bool:
    """Nobody knows whether the money moved. The claim stays; the resolver looks soon."""
    changes = {"status": Payment.Status.UNKNOWN, "due_at": now + FIRST_LOOK, "lease_until": None}
    with transaction.atomic(durable=True):
        charging = Payment.objects.filter(pk=payment.pk, attempt=attempt, status=Payment.Status.CHARGING)
        if charging.update(**changes) != 1:
            return False
        record(types.PAYMENT_UNKNOWN, subject=("payment", payment.pk), by=by, now=now)
    for name, value in changes.items():
        setattr(payment, name, value)
    return True
