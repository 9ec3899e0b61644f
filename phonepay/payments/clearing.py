"""The end of a sandbox, for money that never was: nothing is owed any more, and if somebody wants it, all of it goes.

The ledger is append-only because it tells of money. What a sandbox booked is of an account at Stripe that does not
exist: it is the one thing that may go, together with everything that it belongs to, and never by itself.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction

from phonepay.payments.models import (
    DaysKept,
    Discrepancy,
    Dispute,
    EarlyFraudWarning,
    EventPoll,
    LedgerEntry,
    Payment,
    Payout,
    ReconciliationRun,
    Refund,
    StripeEvent,
)


def still_checked(*, since: datetime) -> bool:
    """Whether it is not known yet how a test charge or a test refund from `since` on ended."""
    charges = _tried(since).filter(status__in=Payment.UNDER_WAY)
    refunds = Refund.objects.filter(livemode=False, asked_at__gte=since, status__in=Refund.IN_FLIGHT)
    return charges.exists() or refunds.exists()


def stop_asking(*, since: datetime) -> None:
    """Nobody asks about these payments at Stripe again: the account that knew them is gone."""
    _tried(since).update(due_at=None, lease_until=None)
    Refund.objects.filter(livemode=False, asked_at__gte=since).update(due_at=None, lease_until=None)
    StripeEvent.objects.filter(livemode=False, received_at__gte=since).delete()
    EventPoll.objects.filter(livemode=False).delete()


def clear_tried(*, since: datetime) -> int:
    """Delete the test payments agreed from `since` on and all that belongs to them; how many payments there were."""
    with transaction.atomic():
        payments = list(_tried(since).values_list("pk", flat=True))
        # A plain set of rows: the model's own refuses, for everybody else's sake.
        models.QuerySet(LedgerEntry).filter(payment__in=payments).delete()
        for model in (Dispute, EarlyFraudWarning, Refund):
            model._default_manager.filter(payment__in=payments).delete()
        Payment.objects.filter(pk__in=payments, parent__isnull=False).delete()
        Payment.objects.filter(pk__in=payments).delete()
        runs = ReconciliationRun.objects.filter(livemode=False, asked_at__gte=since)
        accounts = {"", *runs.values_list("stripe_account", flat=True)} - {""}
        Discrepancy.objects.filter(livemode=False, seen_at__gte=since).delete()
        Payout.objects.filter(livemode=False, stripe_account__in=accounts).delete()
        runs.delete()
        DaysKept.objects.update(until=None)
    return len(payments)


def _tried(since: datetime) -> models.QuerySet[Payment]:
    return Payment.objects.filter(livemode=False, agreed_at__gte=since)
