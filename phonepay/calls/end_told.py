"""Who heard "being checked" is owed the end of it: a letter told it, or a person says that they did."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from phonepay.calls.models import Call
from phonepay.calls.told import CHECKING
from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.merchant.models import Merchant
from phonepay.payments.models import Payment
from phonepay.people.permissions import require

OWED_FOR = timedelta(days=30)  # after that whoever wanted to know has asked


def owed_the_end(merchant: Merchant, *, livemode: bool, since: datetime) -> QuerySet[Call]:
    """Calls that ended with "being checked", whose payment is known now, and whose caller nobody has told."""
    known = (Payment.Status.SUCCEEDED, *Payment.NOT_CHARGED)
    rows = Call.objects.filter(merchant=merchant, told=CHECKING, end_told_at=None, livemode=livemode)
    return rows.filter(started_at__gt=since, ended_at__isnull=False, payment__status__in=known).order_by("started_at")


def heard_checking(payment: Payment) -> bool:
    """Whether whoever called for this payment was left with "being checked"."""
    return Call.objects.filter(payment=payment, told=CHECKING).exists()


def told_in_writing(*, payment_id: UUID, now: datetime) -> None:
    """A letter about this payment went out: its caller has the end, unless somebody has told it before."""
    Call.objects.filter(payment_id=payment_id, told=CHECKING, end_told_at=None).update(end_told_at=now)


def tell_end(*, call: Call, by: Actor, now: datetime) -> bool:
    """Somebody told the caller. False where that was said before, or nothing is owed. Raises NotAllowed."""
    require(by, "tell_callers")
    with transaction.atomic():
        if not Call.objects.filter(pk=call.pk, told=CHECKING, end_told_at=None).update(end_told_at=now):
            return False
        record(types.CALL_END_TOLD, subject=("call", call.pk), by=by, now=now)
    return True
