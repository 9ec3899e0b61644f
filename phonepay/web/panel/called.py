"""The calls in which something was paid, for the pages of payments and orders."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from phonepay.calls.models import Call


def calls_of(payments: Iterable[UUID]) -> list[Call]:
    """By the payments that callers made, oldest first, without their words."""
    rows = Call.objects.filter(payment__in=list(payments)).order_by("started_at")
    return list(rows.defer("turns", "state", "script"))
