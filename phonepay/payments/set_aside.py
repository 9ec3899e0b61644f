"""A refund that failed at the bank, and was paid back another way: somebody says how, and it asks nobody any more.

No money moves by it, and the books stay as they are: at Stripe the sum is the shop's.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.lib.cards import looks_like_card_number
from phonepay.payments.models import Refund
from phonepay.payments.refunds import LONGEST_NOTE, RefundRefused
from phonepay.people.permissions import require


def failed_and_open(*, livemode: bool) -> QuerySet[Refund]:
    """Refunds that failed and ask for somebody, the oldest first: until one is tried again, or said to be paid back."""
    later = Refund.objects.filter(payment=OuterRef("payment"), asked_at__gt=OuterRef("asked_at"))
    again = Exists(later.exclude(status=Refund.Status.FAILED))
    rows = Refund.objects.filter(~again, livemode=livemode, status=Refund.Status.FAILED, set_aside_at=None)
    return rows.order_by("asked_at")


def paid_back_another_way(*, refund: Refund, how: str, by: Actor, now: datetime) -> bool:
    """Say how a failed refund was paid back. False where somebody said so before, or it has not failed (any more).

    Raises RefundRefused (how, too_long, card_number) and NotAllowed.
    """
    require(by, "refund")
    how = " ".join(how.split())
    if not how:
        raise RefundRefused("how", "Say how it was paid back: in cash, by transfer.")
    if len(how) > LONGEST_NOTE:
        raise RefundRefused("too_long", "The note is too long: at most 500 characters. Nothing was changed.")
    if looks_like_card_number(how):
        raise RefundRefused("card_number", "The note looks like it holds a card number, so nothing was kept.")
    with transaction.atomic():
        failed = Refund.objects.filter(pk=refund.pk, status=Refund.Status.FAILED, set_aside_at=None)
        if not failed.update(set_aside_at=now, set_aside_by=by.name[:200], set_aside_how=how):
            return False
        facts = {"amount": refund.amount, "currency": refund.currency, "payment": str(refund.payment_id)}
        record(types.REFUND_PAID_ANOTHER_WAY, subject=("refund", refund.pk), by=by, now=now, **facts)
    return True
