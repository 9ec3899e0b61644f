"""The ledger: what Stripe moved, once each, never changed. Sums never mix modes, accounts or currencies."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from phonepay.orders.models import Order
from phonepay.payments import days
from phonepay.payments.models import LedgerEntry, Payment, Refund

_OUTGOING = (LedgerEntry.Kind.REFUND, LedgerEntry.Kind.DISPUTE_WITHDRAWN)


def post(
    kind: str, *, payment: Payment, stripe_object: str, amount: int, now: datetime, refund: Refund | None = None
) -> LedgerEntry:
    """Write one movement; `amount` is positive, the kind gives the sign. Call inside the transaction of the change.

    A second entry for the same Stripe object and kind raises IntegrityError: the movement was booked already.
    """
    if payment.order_id is None:
        raise ValueError("money that moved belongs to an order: make it first")
    entry = LedgerEntry.objects.create(
        merchant_id=payment.merchant_id,
        order_id=payment.order_id,
        payment_id=payment.pk,
        refund=refund,
        kind=kind,
        stripe_object=stripe_object,
        amount=-amount if kind in _OUTGOING else amount,
        currency=payment.currency,
        livemode=payment.livemode,
        stripe_account=payment.stripe_account,
        at=now,
    )
    days.noted(entry)
    return entry


def balance(order: Order, *, livemode: bool) -> int:
    """What the shop has of this order now, in the order's minor units: payments and extra charges less refunds.

    By the payments that are the order's now: an entry's own order is the one that it was booked for.
    """
    entries = LedgerEntry.objects.filter(payment__order=order, livemode=livemode, currency=order.currency)
    return entries.aggregate(sum=Sum("amount"))["sum"] or 0
