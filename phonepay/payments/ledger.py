"""The ledger: what Stripe moved, once each, never changed. Sums never mix modes, accounts or currencies."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
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


def post_fee(*, beside: LedgerEntry, stripe_object: str, fee: int, currency: str, at: datetime) -> LedgerEntry | None:
    """Book Stripe's fee of the movement `beside`, named by its entry of the balance; None where it was booked already.

    `fee` is positive where Stripe took it, in minor units of the currency in which the account settles, whatever the
    charge's is.
    """
    facts = dict.fromkeys(("merchant_id", "order_id", "payment_id", "refund_id", "livemode", "stripe_account"))
    entry = LedgerEntry(
        **{name: getattr(beside, name) for name in facts},
        kind=LedgerEntry.Kind.FEE,
        stripe_object=stripe_object,
        amount=-fee,
        currency=currency,
        settlement_amount=-fee,
        settlement_currency=currency,
        at=at,
    )
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
            days.noted(entry)
    except IntegrityError:
        return None
    return entry


def note_settlement(entry: LedgerEntry, *, amount: int, currency: str) -> bool:
    """Write beside a movement what it came to in the currency in which the account settles; once, when Stripe says so.

    What was booked stays as it is: only columns that held nothing are filled. False where they were filled already.
    """
    # The plain manager: the ledger's own refuses every change.
    rows = LedgerEntry._base_manager.filter(pk=entry.pk, settlement_amount=None)
    return rows.update(settlement_amount=amount, settlement_currency=currency) == 1


def balance(order: Order, *, livemode: bool) -> int:
    """What the shop has of this order now, in the order's minor units: payments and extra charges less refunds.

    By the payments that are the order's now: an entry's own order is the one that it was booked for. Before Stripe's
    fees, which may be in another currency.
    """
    entries = LedgerEntry.objects.filter(payment__order=order, livemode=livemode, currency=order.currency)
    entries = entries.exclude(kind=LedgerEntry.Kind.FEE)
    return entries.aggregate(sum=Sum("amount"))["sum"] or 0
