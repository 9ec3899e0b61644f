"""Erasing a person: names, numbers, notes and words go at once, the card at Stripe by a row that is owed.

What moved stays: amounts, times, order and confirmation numbers, a card's last four digits, Stripe's identifiers, the
ledger. Refunds need no more than that. Events hold no caller's number and no customer's name to begin with.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction

from phonepay.calls.models import Call, Erasure
from phonepay.calls.personal import Kept
from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.lib.stopping import STOPPING
from phonepay.merchant.models import Merchant
from phonepay.orders.models import Order
from phonepay.payments.gateway import GatewayError, get_gateway_for
from phonepay.payments.models import Payment, Refund
from phonepay.payments.operations import LEASE
from phonepay.people.permissions import require

logger = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(hours=1)
BATCH = 20


class ErasureRefused(ValueError):
    """Nothing was erased. `reason` is a short name for the sentence: under_way or nothing."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


def erase(
    *, merchant: Merchant, kept: Kept, by: Actor, now: datetime, also: Callable[[Kept], None] | None = None
) -> Erasure:
    """Erase what may be erased of a person; what is owed at Stripe follows by `run_due`. Raises ErasureRefused,
    NotAllowed. Again on the same rows it changes nothing more. `also` erases, in the same transaction, what rooms
    above this one keep."""
    require(by, "personal_data")
    if not kept:
        raise ErasureRefused("nothing", "Nothing is kept of this person.")
    payments = Payment.objects.filter(pk__in=[payment.pk for payment in kept.payments])
    calls = Call.objects.filter(pk__in=[call.pk for call in kept.calls])
    orders = Order.with_reserved.filter(pk__in=[order.pk for order in kept.orders])
    with transaction.atomic(durable=True):
        open_payments = payments.filter(status__in=(Payment.Status.AGREED, *Payment.UNDER_WAY))
        if open_payments.exists() or calls.filter(ended_at=None).exists():
            raise ErasureRefused(
                "under_way", "A call or a payment of this person is under way. Nothing was erased: try again after it."
            )
        cards = payments.exclude(customer_id="").filter(kind=Payment.Kind.INITIAL)
        erasure = Erasure.objects.create(
            merchant=merchant,
            asked_at=now,
            cards=[str(identity) for identity in cards.values_list("pk", flat=True)],
            due_at=now,
        )
        orders.update(
            customer_name="",
            customer_phone="",
            customer_email="",
            customer_postal="",
            note="",
            paid_how="",
            updated_at=now,
        )
        Refund.objects.filter(payment__in=payments.values("pk")).update(note="", set_aside_how="")
        payments.filter(consent_until__gt=now).update(consent_until=now)
        payments.update(phone="", description="")  # what an extra charge was for is somebody's own words
        calls.update(phone="", caller="", turns=[], ended_asked=None, pruned_at=now)
        if also is not None:
            also(kept)
        counts = {"orders": len(kept.orders), "payments": len(kept.payments), "calls": len(kept.calls)}
        record(types.CUSTOMER_ERASED, subject=("erasure", erasure.pk), by=by, now=now, **counts)
    return erasure


def run_due(now: datetime) -> int:
    """Take the cards of erased people off at Stripe; returns how many erasures were worked on."""
    free = models.Q(lease_until=None) | models.Q(lease_until__lte=now)
    done = 0
    for row in Erasure.objects.filter(free, due_at__lte=now).order_by("due_at")[:BATCH]:
        if STOPPING.is_set():
            break
        mine = Erasure.objects.filter(pk=row.pk, lease_until=row.lease_until, due_at=row.due_at)
        if mine.update(lease_until=now + LEASE, tries=min(row.tries + 1, 1000)) != 1:
            continue
        done += 1
        later = now + min(timedelta(seconds=2 ** min(row.tries + 1, 12)), LONGEST_WAIT)
        changes: dict[str, Any] = {"due_at": later, "lease_until": None}
        try:
            _take_one_card(row)
        except GatewayError as error:
            logger.warning("erasure %s: %s", row.pk, error)
            changes["error"] = str(error)[:500]
        else:
            rest = row.cards[1:]
            changes = {"cards": rest, "lease_until": None, "error": "", "tries": 0}
            changes |= {"due_at": now} if rest else {"due_at": None, "done_at": now}
        Erasure.objects.filter(pk=row.pk).update(**changes)
    return done


def _take_one_card(row: Erasure) -> None:
    """One card a turn: each is done on its own, so that a kill between two loses none."""
    if not row.cards:
        return
    payment = Payment.objects.get(pk=row.cards[0])
    if not payment.customer_id:
        return
    gateway = get_gateway_for(livemode=payment.livemode, account=payment.stripe_account or "")
    if payment.payment_method:
        gateway.detach_card(payment.payment_method)
    gateway.delete_customer(payment.customer_id)
    Payment.objects.filter(pk=payment.pk).update(customer_id="", payment_method="")
