"""The figures of the days, as they are read and as the ledger gives them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from phonepay.merchant.models import Merchant
from phonepay.payments import days
from phonepay.payments.models import LedgerEntry

Figures = dict[tuple[Any, ...], tuple[int, int]]


def shown(shop: Merchant, *, livemode: bool = False, since: date = date(2026, 1, 1)) -> Figures:
    """(day, kind, currency) → (how many, their sum), as home reads them."""
    rows = days.read(shop, since, timezone.now().date() + timedelta(days=2), livemode=livemode)
    found = {(row.day, row.kind, row.currency): (row.count, row.sum) for row in rows}
    assert len(found) == len(rows)
    return found


def summed(shop: Merchant, *, livemode: bool = False) -> Figures:
    """The same, summed entry by entry."""
    found: Figures = {}
    for entry in LedgerEntry.objects.filter(merchant=shop, livemode=livemode):
        key = days.day_of(entry.at, shop.time_zone), entry.kind, entry.currency
        count, total = found.get(key, (0, 0))
        found[key] = count + 1, total + entry.amount
    return found
