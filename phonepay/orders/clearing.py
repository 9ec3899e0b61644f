"""The end of a sandbox, for orders: those that were made for it or by its callers go, the shop's own are owed again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import models, transaction

from phonepay.orders.models import Order


def clear_tried(*, made: Iterable[int], since: datetime, now: datetime) -> int:
    """Delete the orders `made` (their keys) and those that callers made from `since` on; how many there were.

    Their payments are gone already. An order of the shop's own that was paid with a test card is to pay again.
    """
    with transaction.atomic():
        by_callers = models.Q(origin=Order.Origin.CALL, created_at__gte=since)
        gone = list(
            Order.with_reserved.filter(models.Q(pk__in=list(made)) | by_callers)
            .filter(payments__isnull=True)
            .values_list("pk", flat=True)
        )
        Order.with_reserved.filter(attached_to__in=gone).update(attached_to=None)
        Order.with_reserved.filter(extra_of__in=gone).update(extra_of=None)
        Order.with_reserved.filter(pk__in=gone).delete()
        paid = [Order.Status.PAID, Order.Status.REFUNDED]
        tried = Order.objects.filter(status__in=paid, paid_livemode=False, paid_at__gte=since, payments__isnull=True)
        afresh = {"status": Order.Status.UNPAID, "paid_at": None, "paid_livemode": None, "updated_at": now}
        Order.objects.filter(pk__in=list(tried.values_list("pk", flat=True))).update(**afresh)
    return len(gone)
