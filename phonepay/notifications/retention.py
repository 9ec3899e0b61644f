"""What is forgotten of letters: to whom, as long after as the words of calls; the row, when no event of it can come."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from phonepay.notifications.models import Delivery

BATCH = 500
# Letters to staff hold an address and open nothing any more.
STAFF_KEPT = timedelta(days=30)


def run_due(now: datetime) -> int:
    """At most a batch; returns how many rows were worked on."""
    over = Delivery.objects.filter(due_at=None).exclude(to="")
    before = now - timedelta(days=settings.PHONEPAY_KEEP_CALLS)
    old = list(over.filter(made_at__lt=before).values_list("pk", flat=True)[:BATCH])
    done = Delivery.objects.filter(pk__in=old).update(to="") if old else 0
    staff = Delivery.objects.filter(due_at=None, order=None, made_at__lt=now - STAFF_KEPT)
    gone = list(staff.values_list("pk", flat=True)[:BATCH])
    return done + (Delivery.objects.filter(pk__in=gone).delete()[0] if gone else 0)
