"""Payments of another system, brought over: a charge without a PaymentIntent, and without our metadata.

Their refunds may be known from that system's rows alone, which name none at Stripe. Such a refund is told by its amount
when Stripe's is met, so that it is not booked twice.
"""

from __future__ import annotations

from phonepay.payments.at_stripe import RefundState
from phonepay.payments.models import Payment, Refund

BROUGHT_OVER = "ancestor:"  # how the request keys of such refunds and orders begin, and what the ledger calls them by


def named_at_last(payment: Payment, state: RefundState) -> Refund | None:
    """The refund of `payment` that Stripe's `state` is, now under its name; None where there is none to be named."""
    rows = Refund.objects.filter(payment=payment, stripe_id=None, status=Refund.Status.SUCCEEDED)
    rows = rows.filter(request_key__startswith=BROUGHT_OVER, amount=state.amount).order_by("asked_at", "pk")
    for row in rows.select_related("payment__merchant", "order"):
        if Refund.objects.filter(pk=row.pk, stripe_id=None).update(stripe_id=state.id):
            row.stripe_id = state.id
            return row
    return None
