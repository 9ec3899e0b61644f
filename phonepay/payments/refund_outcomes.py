"""What Stripe says of a refund, booked once: ledger, what is refundable, the order, the event, in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.orders import claims
from phonepay.orders.claims import claim_name
from phonepay.payments import ledger
from phonepay.payments.gateway import RefundState
from phonepay.payments.models import LedgerEntry, Payment, Refund

_STATES = {"succeeded": Refund.Status.SUCCEEDED, "failed": Refund.Status.FAILED, "canceled": Refund.Status.FAILED}
READ_AGAIN = timedelta(hours=6)  # what is on its way, where no event tells of its end
_ON_THEIR_WAY = (Refund.Status.PENDING, Refund.Status.WAITING)


def record_state(*, refund: Refund, state: RefundState | None, failure: str, by: Actor, now: datetime) -> bool:
    """Book what Stripe says; `state` None: Stripe would not make it. False where that was known already.

    Whoever else records something at the same moment is let through first, and the row is looked at again.
    """
    changes = _changes(state, failure, now)
    while _is_news(refund, changes["status"]):
        before = refund.status
        with transaction.atomic(durable=True):
            ours = Refund.objects.filter(pk=refund.pk, status=before).update(**changes) == 1
            if ours:
                _book(refund, before, changes, by, now)
        if ours:
            for name, value in changes.items():
                setattr(refund, name, value)
            return True
        refund.refresh_from_db(fields=["status", "stripe_id", "settled_at"])
    return False


def _changes(state: RefundState | None, failure: str, now: datetime) -> dict[str, Any]:
    status = _STATES.get(state.status, Refund.Status.PENDING) if state else Refund.Status.FAILED
    if state and status == Refund.Status.PENDING and state.pending_reason == "insufficient_funds":
        status = Refund.Status.WAITING
    changes: dict[str, Any] = {"status": status, "in_flight": None, "due_at": None, "lease_until": None, "error": ""}
    changes["failure"] = state.failure_reason if state else failure[:200]
    if state:
        changes["stripe_id"] = state.id
    if status in _ON_THEIR_WAY:
        changes |= {"due_at": now + READ_AGAIN, "tries": 0}
    else:
        changes["settled_at"] = now
    return changes


def _is_news(refund: Refund, after: str) -> bool:
    """Succeeded may still fail, weeks later, but is not on its way again: that was read earlier. Failed is the end, but
    for one that Stripe was not known to have made, and is found there after all.
    """
    before = refund.status
    if before == Refund.Status.SUCCEEDED:
        return after == Refund.Status.FAILED
    if before == Refund.Status.FAILED:
        return after != Refund.Status.FAILED and refund.stripe_id is None
    return before != after


def _book(refund: Refund, before: str, changes: dict[str, Any], by: Actor, now: datetime) -> None:
    payment = refund.payment
    # Two charges whose refunds end at the same moment would each see the other as open. Before the ledger's entry:
    # its reference to the order takes a shared lock on MariaDB, and two of those cannot both become this one.
    claims.lock(refund.order_id)
    facts = {"payment": str(payment.pk), "amount": refund.amount, "currency": refund.currency}
    if before == Refund.Status.FAILED:
        Payment.objects.filter(pk=payment.pk).update(refunded=F("refunded") + refund.amount)
    if changes["status"] == Refund.Status.SUCCEEDED:
        _post(LedgerEntry.Kind.REFUND, refund, changes, now)
        _full_refund(payment, now)
        record(types.REFUND_SUCCEEDED, subject=("refund", refund.pk), by=by, now=now, **facts)
    elif changes["status"] == Refund.Status.FAILED:
        Payment.objects.filter(pk=payment.pk).update(refunded=F("refunded") - refund.amount)
        if before == Refund.Status.SUCCEEDED:
            _post(LedgerEntry.Kind.REFUND_FAILED, refund, changes, now)
            _refund_undone(payment, now)
        record(types.REFUND_FAILED, subject=("refund", refund.pk), by=by, now=now, reason=changes["failure"], **facts)


def _post(kind: str, refund: Refund, changes: dict[str, Any], now: datetime) -> None:
    ledger.post(
        kind,
        payment=refund.payment,
        stripe_object=changes.get("stripe_id") or refund.stripe_id or "",
        amount=refund.amount,
        now=now,
        refund=refund,
    )


def _full_refund(payment: Payment, now: datetime) -> None:
    """All charges of the order, in this mode, went back whole: it is refunded, and can be paid once it is reopened."""
    if payment.order_id is None:
        return
    charges = Payment.objects.filter(
        order_id=payment.order_id, livemode=payment.livemode, status=Payment.Status.SUCCEEDED
    )
    if charges.exclude(refunded=F("amount")).exists():
        return
    open_refunds = Refund.objects.filter(payment__in=charges).exclude(status=Refund.Status.FAILED)
    if open_refunds.exclude(status=Refund.Status.SUCCEEDED).exists():
        return
    name = claim_name(payment.order_id, livemode=payment.livemode)
    Payment.objects.filter(claim=name).update(claim=None)
    claims.mark_refunded(payment.order_id, livemode=payment.livemode, now=now)


def _refund_undone(payment: Payment, now: datetime) -> None:
    """The money stayed here after all: the order is paid again, unless it was reopened meanwhile."""
    if payment.order_id is None:
        return
    if claims.mark_refund_undone(payment.order_id, livemode=payment.livemode, now=now):
        name = claim_name(payment.order_id, livemode=payment.livemode)
        paid = Payment.objects.filter(pk=payment.parent_id or payment.pk, overpaid=False)
        paid.filter(status=Payment.Status.SUCCEEDED).update(claim=name)
