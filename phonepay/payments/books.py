"""Do the books agree with Stripe? What Home, the page, the terminal and monitoring ask."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from phonepay.merchant.models import Merchant
from phonepay.payments.book_models import Discrepancy, ReconciliationRun
from phonepay.payments.reconciliation.discrepancies import open_ones
from phonepay.payments.reconciliation.runs import last_finished


def agree_until(merchant: Merchant, livemode: bool) -> datetime | None:
    """Up to when all that Stripe did is in our books, and the other way round; None where something does not agree, or
    nothing was compared yet."""
    if open_discrepancies(merchant, livemode=livemode).exists():
        return None
    last = last_finished(merchant, livemode=livemode)
    return last.until if last else None


def open_discrepancies(merchant: Merchant, *, livemode: bool) -> QuerySet[Discrepancy]:
    """What does not agree now, the oldest first."""
    return open_ones(merchant.pk, livemode=livemode)


def compared_until(merchant: Merchant, *, livemode: bool) -> datetime | None:
    """Up to when it was compared at all, whatever came of it."""
    last: ReconciliationRun | None = last_finished(merchant, livemode=livemode)
    return last.until if last else None
