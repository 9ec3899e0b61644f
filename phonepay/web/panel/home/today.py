"""Taken, Refunded, Kept: what the ledger says of a time, per currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Sum

from phonepay.merchant.models import Merchant
from phonepay.payments.models import LedgerEntry

_IN = (LedgerEntry.Kind.SALE, LedgerEntry.Kind.OVERAGE)
_BACK = (LedgerEntry.Kind.REFUND, LedgerEntry.Kind.REFUND_FAILED)
_DISPUTES = (LedgerEntry.Kind.DISPUTE_WITHDRAWN, LedgerEntry.Kind.DISPUTE_REINSTATED)


@dataclass
class Figures:
    """Minor units of `currency`. `refunded` is what went back, above zero."""

    currency: str
    taken: int = 0
    taken_count: int = 0
    refunded: int = 0
    refunded_count: int = 0
    disputed: int = 0

    @property
    def kept(self) -> int:
        return self.taken - self.refunded - self.disputed


def figures_between(shop: Merchant, start: datetime, end: datetime, *, livemode: bool) -> list[Figures]:
    """One for each currency in which money moved from `start` to before `end`, in this mode."""
    rows = LedgerEntry.objects.filter(merchant=shop, livemode=livemode, at__gte=start, at__lt=end)
    found: dict[str, Figures] = {}
    for row in rows.order_by().values("currency", "kind").annotate(sum=Sum("amount"), count=Count("pk")):
        figures = found.setdefault(row["currency"], Figures(row["currency"]))
        if row["kind"] in _IN:
            figures.taken += row["sum"]
            figures.taken_count += row["count"]
        elif row["kind"] in _BACK:
            figures.refunded -= row["sum"]
            figures.refunded_count += row["count"] if row["kind"] == LedgerEntry.Kind.REFUND else 0
        elif row["kind"] in _DISPUTES:
            figures.disputed -= row["sum"]
    return sorted(found.values(), key=lambda each: each.currency)
