"""Run again: a person need not wait for the next try of something that the worker owes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.orders.loading.models import Load
from phonepay.payments.book_models import ReconciliationRun
from phonepay.payments.models import Payment, Refund, StripeEvent
from phonepay.payments.poll_models import EventPoll
from phonepay.people.permissions import require

KINDS: dict[str, Callable[[], models.QuerySet[Any]]] = {
    "payment": Payment.objects.all,
    "refund": Refund.objects.all,
    "event": StripeEvent.objects.all,
    "poll": EventPoll.objects.all,
    "load": lambda: Load.objects.filter(status__in=Load.AT_WORK),  # of the others it is the clearing that is due
    "books": ReconciliationRun.objects.all,
}


def run_again(*, kind: str, identity: str, by: Actor, now: datetime) -> bool:
    """Let the next worker that comes by try it. False where nothing is owed, or a worker is at it or about to be.

    It is the same try, with the same idempotency keys, only sooner: pressing twice changes nothing.
    """
    require(by, "run_again")
    rows = KINDS[kind]()
    free = models.Q(lease_until=None) | models.Q(lease_until__lte=now)
    try:
        waiting = rows.filter(free, pk=identity, due_at__gt=now)
    except (ValidationError, ValueError):
        return False
    with transaction.atomic():
        if waiting.update(due_at=now, lease_until=None) != 1:
            return False
        record(types.WORK_AGAIN, subject=(kind, identity), by=by, now=now)
    return True
