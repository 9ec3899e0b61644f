"""What is forgotten by itself after a set time: the words and keys of calls, and Stripe's events that were handled.

Money is never forgotten: payments, refunds, the ledger and Events stay, and so do the facts of a call (when, how long,
how it ended, what was told).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from phonepay.calls.models import Call
from phonepay.payments.models import StripeEvent

BATCH = 500


def run_due(now: datetime) -> int:
    """Forget at most a batch of each; returns how many rows were worked on."""
    return _calls(now) + _stripe_events(now)


def _calls(now: datetime) -> int:
    before = now - timedelta(days=settings.PHONEPAY_KEEP_CALLS)
    old = Call.objects.filter(pruned_at=None, ended_at__lt=before).order_by("ended_at").values_list("pk", flat=True)
    rows = Call.objects.filter(pk__in=list(old[:BATCH]), pruned_at=None)
    return rows.update(turns=[], ended_asked=None, pruned_at=now)


def _stripe_events(now: datetime) -> int:
    """Nothing is owed of them any more. Stripe itself lists events for 30 days, so none comes again."""
    before = now - timedelta(days=settings.PHONEPAY_KEEP_STRIPE_EVENTS)
    over = Q(due_at=None, received_at__lt=before)
    old = list(StripeEvent.objects.filter(over).order_by("received_at").values_list("pk", flat=True)[:BATCH])
    return StripeEvent.objects.filter(pk__in=old, due_at=None).delete()[0] if old else 0
