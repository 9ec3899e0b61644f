"""What the money's room owes: rows whose time has come, each taken with a lease, done, or left for a later try.

Any number of workers may run this at once: a lease is taken by compare-and-set, and each thing is done once, or again
harmlessly with the same idempotency key.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from django.db import models
from django.db.models.functions import Least

from phonepay.configuration.context import About
from phonepay.events.actors import SYSTEM
from phonepay.lib.stopping import STOPPING
from phonepay.payments import refunds, stripe_events, stripe_side
from phonepay.payments.agreement import end_unpaid
from phonepay.payments.models import Payment, Refund, StripeEvent
from phonepay.payments.operations import LEASE
from phonepay.payments.turned_away import CardQuestion

logger = logging.getLogger(__name__)

BATCH = 20
MOST_TRIES = 1000  # counted no further: the column is small, and years of trying must not end in an error
LONGEST_WAIT = timedelta(minutes=10)

Row = TypeVar("Row", Payment, Refund, StripeEvent)


def run_due(now: datetime, question_of: Callable[[Payment], CardQuestion | None] = lambda payment: None) -> int:
    """Do what is owed at `now`, which goes on while the work is done; returns how many rows were worked on.

    `question_of` gives for a charge under way what is asked about its card before the bank is; None for nothing.
    """
    clock = _clock(now)
    payments = Payment.objects.select_related("merchant", "line", "order", "parent")
    refund_rows = Refund.objects.select_related("payment__merchant", "payment__line", "order")
    return (
        _work(payments, partial(_payment, question_of=question_of), clock)
        + _work(refund_rows, _refund, clock)
        + _work(StripeEvent.objects.all(), _event, clock)
    )


def _clock(now: datetime) -> Callable[[], datetime]:
    began = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - began)


def _work(rows: models.QuerySet[Row], work: Callable[[Row, datetime], None], clock: Callable[[], datetime]) -> int:
    start = clock()
    free = models.Q(lease_until=None) | models.Q(lease_until__lte=start)
    done = 0
    for row in rows.filter(free, due_at__lte=start).order_by("due_at")[:BATCH]:
        if STOPPING.is_set():
            break
        now, due_at = clock(), row.due_at
        mine = type(row)._default_manager.filter(pk=row.pk, lease_until=row.lease_until, due_at=due_at)
        if mine.update(lease_until=now + LEASE, tries=Least(models.F("tries") + 1, MOST_TRIES)) != 1:
            continue
        row.tries += 1
        done += 1
        with _about(row):
            try:
                work(row, now)
            except Exception as error:
                logger.exception("%s %s will be tried again", type(row).__name__, row.pk)
                _later(row, error, clock())
            else:
                _still_owed(row, due_at, clock())
    return done


def _about(row: Payment | Refund | StripeEvent) -> About:
    """What the log names: the payment and its call; of an event, which may be about anything, nothing yet."""
    payment = row if isinstance(row, Payment) else row.payment if isinstance(row, Refund) else None
    return About(call=payment.call_sid, payment=str(payment.pk)) if payment else About()


def _payment(payment: Payment, now: datetime, *, question_of: Callable[[Payment], CardQuestion | None]) -> None:
    if payment.status == Payment.Status.CHARGING:
        # The pool of a web process has asked it, unless that died before.
        stripe_side.send_charge(payment, question_of(payment))
    elif payment.status == Payment.Status.UNKNOWN:
        stripe_side.resolve(payment)
    elif payment.status == Payment.Status.AGREED:
        end_unpaid(payment=payment, by=SYSTEM, now=now)
    elif payment.status in Payment.NOT_CHARGED:
        stripe_side.close(payment)


def _refund(refund: Refund, now: datetime) -> None:
    if refund.status in Refund.IN_FLIGHT:
        refunds.send(refund)
    else:
        refunds.look(refund, now=now)


def _event(event: StripeEvent, now: datetime) -> None:
    if event.ours:
        stripe_events.handle(event, now=now)
    else:
        event.delete()  # its week is over


def _still_owed(row: Payment | Refund | StripeEvent, due_at: datetime | None, now: datetime) -> None:
    """Worked on without an end (a charge that Stripe still processes, say): look again, ever less often."""
    rows: Any = type(row)._default_manager
    rows.filter(pk=row.pk, due_at=due_at).update(due_at=now + _pause(row.tries), lease_until=None)


def _later(row: Payment | Refund | StripeEvent, error: Exception, now: datetime) -> None:
    later = now + _pause(row.tries)
    rows: Any = type(row)._default_manager
    why = f"{type(error).__name__}: {error}"
    changes: dict[str, Any] = {"due_at": later, "lease_until": None, "error": why[:500]}
    rows.filter(pk=row.pk, due_at__isnull=False).update(**changes)


def _pause(tries: int) -> timedelta:
    return min(timedelta(seconds=2 ** min(tries, 10)), LONGEST_WAIT)
