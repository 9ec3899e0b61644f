"""Disputes and early fraud warnings, as Stripe tells them: read, and recorded once, whatever the order of the readings.

needs_response ──▶ under_review ──▶ won (the money comes back) | lost
warning_needs_response (an inquiry: no money moves) ──▶ warning_under_review ──▶ warning_closed | needs_response

Nothing here answers a dispute: that is done at Stripe.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet, Sum

from phonepay.events import types
from phonepay.events.actors import STRIPE, Actor
from phonepay.events.models import record
from phonepay.orders import claims
from phonepay.orders.models import Order
from phonepay.payments import ledger
from phonepay.payments.dispute_models import Dispute, EarlyFraudWarning
from phonepay.payments.gateway import DisputeState, FraudWarning, Gateway
from phonepay.payments.models import LedgerEntry, Payment
from phonepay.people.permissions import require

READINGS = 5  # of one dispute, where others record it meanwhile
WITHDRAWN, REINSTATED = "dispute", "dispute_reversal"  # docs.stripe.com/reports/reporting-categories

# Disputes that the shop lives with: an extra charge on such a card would only be the next one.
AGAINST_US = ~Q(status__in=("won", "warning_closed", "prevented"))


class Crowded(Exception):
    """Others recorded the dispute each time that it was read: look again later."""


def open_disputes() -> QuerySet[Dispute]:
    """Those that can still change, to be read again until they are closed."""
    return Dispute.objects.exclude(status__in=Dispute.CLOSED)


def read(*, payment: Payment, dispute_id: str, gateway: Gateway, now: datetime, by: Actor = STRIPE) -> Dispute:
    """Read a dispute of this payment, which has succeeded, and record what it is now.

    Raises GatewayError where Stripe does not say, Crowded where it was recorded by others all the time.
    """
    for _ in range(READINGS):
        known = Dispute.objects.filter(stripe_id=dispute_id).first()
        state = gateway.retrieve_dispute(dispute_id)
        recorded = _record(payment, known, state, by, now)
        if recorded is not None:
            return recorded
    raise Crowded(dispute_id)


def _record(payment: Payment, known: Dispute | None, state: DisputeState, by: Actor, now: datetime) -> Dispute | None:
    """None where somebody recorded something since `known` was read: this state may be older than theirs."""
    facts = _facts(state, now)
    try:
        with transaction.atomic(durable=True):
            # Before the ledger's entries, as in refund_outcomes: whoever counts what is disputed waits for the other.
            claims.lock(_order_id(payment))
            if known is None:
                dispute = Dispute.objects.create(**_identity(payment, state), **facts)
            else:
                rows = Dispute.objects.filter(pk=known.pk, version=known.version)
                if facts["closed_at"] and known.closed_at:
                    facts["closed_at"] = known.closed_at
                if rows.update(version=known.version + 1, **facts) != 1:
                    return None
                dispute = Dispute.objects.get(pk=known.pk)
            _book(payment, state, now)
            _tell(dispute, known, by, now)
            _weigh(payment)
    except IntegrityError:
        if known is None and Dispute.objects.filter(stripe_id=state.id).exists():
            return None
        raise
    return dispute


def _order_id(payment: Payment) -> int:
    assert payment.order_id is not None  # noqa: S101  # by constraint: what succeeded has an order
    return payment.order_id


def _identity(payment: Payment, state: DisputeState) -> dict[str, Any]:
    return {
        "merchant_id": payment.merchant_id,
        "payment": payment,
        "stripe_id": state.id,
        "livemode": payment.livemode,
        "stripe_account": payment.stripe_account,
        "opened_at": datetime.fromtimestamp(state.created, UTC),
    }


def _facts(state: DisputeState, now: datetime) -> dict[str, Any]:
    taken = {movement.category for movement in state.movements}
    return {
        "amount": state.amount,
        "currency": state.currency,
        "reason": state.reason[:40],
        "status": state.status[:40],
        "refundable": state.refundable,
        "withdrawn": state.amount if WITHDRAWN in taken and REINSTATED not in taken else 0,
        "due_by": datetime.fromtimestamp(state.due_by, UTC) if state.due_by else None,
        "closed_at": now if state.status in Dispute.CLOSED else None,
    }


def _book(payment: Payment, state: DisputeState, now: datetime) -> None:
    """What the bank took and gave back, in the charge's currency; Stripe's fee, in the one that the account settles in.

    A fee is an entry of its own, by its balance transaction: what was disputed is told without it.
    """
    kinds = {WITHDRAWN: LedgerEntry.Kind.DISPUTE_WITHDRAWN, REINSTATED: LedgerEntry.Kind.DISPUTE_REINSTATED}
    for movement in state.movements:
        if movement.category not in kinds:
            continue
        entry = _entry(kinds[movement.category], payment, state, now)
        ledger.note_settlement(entry, amount=movement.amount, currency=movement.currency)
        if movement.fee:
            ledger.post_fee(
                beside=entry, stripe_object=movement.id, fee=movement.fee, currency=movement.currency, at=now
            )


def _entry(kind: str, payment: Payment, state: DisputeState, now: datetime) -> LedgerEntry:
    booked = LedgerEntry.objects.filter(stripe_object=state.id, kind=kind).first()
    return booked or ledger.post(kind, payment=payment, stripe_object=state.id, amount=state.amount, now=now)


def _tell(dispute: Dispute, known: Dispute | None, by: Actor, now: datetime) -> None:
    facts = {"dispute": dispute.stripe_id, "amount": dispute.amount, "currency": dispute.currency}
    subject = ("payment", dispute.payment_id)
    if known is None:
        more = {"reason": dispute.reason, "inquiry": dispute.is_inquiry}
        record(types.DISPUTE_OPENED, subject=subject, by=by, now=now, **facts, **more)
    if known is not None and known.is_inquiry and not dispute.is_inquiry:
        record(types.DISPUTE_GREW, subject=subject, by=by, now=now, **facts)
    before = known.status if known else ""
    if dispute.status != before and not dispute.is_open:
        record(types.DISPUTE_CLOSED, subject=subject, by=by, now=now, **facts, status=dispute.status)
    elif dispute.status != before and dispute.status.endswith("under_review"):
        record(types.DISPUTE_ANSWERED, subject=subject, by=by, now=now, **facts)


def _weigh(payment: Payment) -> None:
    """What of the payment is with the bank, and whether the rest of it can be refunded meanwhile."""
    rows = Dispute.objects.filter(payment=payment)
    Payment.objects.filter(pk=payment.pk).update(
        disputed=rows.aggregate(sum=Sum("withdrawn"))["sum"] or 0,
        refund_blocked=rows.exclude(status__in=Dispute.CLOSED).filter(refundable=False).exists(),
    )


def read_warning(*, payment: Payment, state: FraudWarning, now: datetime, by: Actor = STRIPE) -> None:
    """Keep what the bank thinks. One that was not actionable any more does not become so again by an older reading."""
    with transaction.atomic(durable=True):
        claims.lock(_order_id(payment))
        warning, new = EarlyFraudWarning.objects.get_or_create(
            stripe_id=state.id,
            defaults={
                "merchant_id": payment.merchant_id,
                "payment": payment,
                "livemode": payment.livemode,
                "fraud_type": state.fraud_type[:40],
                "actionable": state.actionable,
                "warned_at": datetime.fromtimestamp(state.created, UTC),
            },
        )
        if new:
            facts = {"warning": state.id, "kind": state.fraud_type}
            record(types.PAYMENT_WARNED, subject=("payment", payment.pk), by=by, now=now, **facts)
        elif not state.actionable:
            EarlyFraudWarning.objects.filter(pk=warning.pk).update(actionable=False)


def keep_in_spite_of_warnings(*, payment: Payment, by: Actor, now: datetime) -> bool:
    """Somebody knows the customer: the warnings of this payment ask nobody any more. False where none did.

    The card is still not charged again: the bank goes on thinking what it thinks. A later warning asks anew.
    """
    require(by, "refund")
    with transaction.atomic():
        asking = EarlyFraudWarning.objects.filter(payment=payment, actionable=True, dismissed_at=None)
        if not asking.update(dismissed_at=now):
            return False
        record(types.WARNING_DISMISSED, subject=("payment", payment.pk), by=by, now=now)
    return True


def why_not_charge(order: Order, *, livemode: bool) -> str:
    """ "disputed" or "warned" where a payment of the order was: its card is not charged again. Else ""."""
    paid = Payment.objects.filter(order=order, livemode=livemode)
    if Dispute.objects.filter(AGAINST_US, payment__in=paid).exists():
        return "disputed"
    return "warned" if EarlyFraudWarning.objects.filter(payment__in=paid).exists() else ""
