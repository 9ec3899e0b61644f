"""Listening: recorded events that nobody has listened to yet become letters that are owed, and alerts.

Each event is listened to once, by whoever makes its row in `Heard`, in one transaction with what comes of it. Events
are found by their time, from a little before the last look on: one that was committed late is found too. Nothing of
what happened before the first look is told, nor what is written later with an old time (a brought-over past, a demo's
month), nor what began before a backup was put back: it was told by the database that is gone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, IntegrityError, InterfaceError, transaction
from django.db.models import Exists, OuterRef

from phonepay.alerts.operations import alert, over
from phonepay.calls.end_told import heard_checking
from phonepay.events import types
from phonepay.events.models import Event
from phonepay.lib.stopping import STOPPING
from phonepay.merchant.mail_account import current
from phonepay.notifications import staff_letters
from phonepay.notifications.models import Delivery, Heard, Listening
from phonepay.notifications.outbox import queue
from phonepay.notifications.receipts import language_of
from phonepay.payments import hold
from phonepay.payments.models import Payment, Refund
from phonepay.people.models import Invitation, User

logger = logging.getLogger(__name__)

BATCH = 100
# A transaction is ended by the database after 30 seconds (docs/timeouts.md), and clocks of several hosts differ a bit.
LATE = timedelta(minutes=5)

# Failed, but by nobody's fault: what the resolver itself ended.
_ENDED_ON_PURPOSE = ("cancelled at Stripe", "no PaymentIntent was made")


def run_due(now: datetime) -> int:
    """Listen to at most a batch; returns how many events were new."""
    # The first look begins at this moment, and reaches no further back.
    listening, _made = Listening.objects.get_or_create(pk=1, defaults={"since": now + LATE})
    heard = Exists(Heard.objects.filter(event=OuterRef("pk")))
    since = max(filter(None, (listening.since - LATE, hold.last_restore())))
    fresh = list(Event.objects.filter(~heard, type__in=LISTENERS, at__gt=since, at__lte=now).order_by("at")[:BATCH])
    done = sum(_listen(event, now) for event in fresh if not STOPPING.is_set())
    if len(fresh) < BATCH and now - listening.since > LATE / 5:
        # Never back, where another worker has looked further.
        Listening.objects.filter(pk=1, since__lt=now).update(since=now)
        Heard.objects.filter(at__lt=now - 2 * LATE).delete()
    return done


def _listen(event: Event, now: datetime) -> bool:
    try:
        with transaction.atomic():
            Heard.objects.create(event=event, at=event.at)
            LISTENERS[event.type](event, now)
    except IntegrityError:
        return False  # another worker listens to it
    except (DatabaseError, InterfaceError):
        raise
    except Exception:
        # A fault of ours about one event must keep neither the others nor the next round.
        logger.exception("event %s is told to nobody", event.pk)
        Heard.objects.get_or_create(event=event, defaults={"at": event.at})
    return True


def _payment(event: Event) -> Payment | None:
    rows = Payment.objects.select_related("merchant", "line", "order")
    return rows.filter(pk=event.subject_id).first()


def _paid(event: Event, now: datetime) -> None:
    """A receipt; and whatever kept callers from paying is over."""
    payment = _payment(event)
    if payment is None:
        return
    _owe(Delivery.Kind.PAYMENT, payment.pk, payment, payment.agreed_at, now)
    for kind in ("stripe_refuses", "pay_error"):
        over(kind=kind, key=None, now=now)


def _charged_extra(event: Event, now: datetime) -> None:
    payment = _payment(event)
    if payment is not None and payment.tells_customer:
        _owe(Delivery.Kind.OVERAGE, payment.pk, payment, payment.agreed_at, now)
    over(kind="stripe_refuses", key=None, now=now)


def _refunded(event: Event, now: datetime) -> None:
    rows = Refund.objects.select_related("payment__merchant", "payment__line", "payment__order")
    refund = rows.filter(pk=event.subject_id).first()
    if refund is not None:
        _owe(Delivery.Kind.REFUND, refund.pk, refund.payment, refund.asked_at, now)


def _not_paid(event: Event, now: datetime) -> None:
    """Told to who was left with "being checked"; an owner hears of a fault of ours."""
    payment = _payment(event)
    if payment is not None and heard_checking(payment):
        _owe(Delivery.Kind.NOT_CHARGED, payment.pk, payment, payment.agreed_at, now)
    _refused(event, now)


def _refused(event: Event, now: datetime) -> None:
    why = str(event.data.get("reason", ""))
    if event.type in (types.PAYMENT_FAILED, types.OVERAGE_FAILED) and why not in _ENDED_ON_PURPOSE:
        alert(kind="stripe_refuses", facts={"why": why[:200]}, now=now)


def _owe(kind: str, subject: object, payment: Payment, began: datetime, now: datetime) -> None:
    """To the order's address, where there is one and e-mail goes out; while it is off, nothing is owed for later.

    `began`: when what it tells of was asked for.
    """
    order = payment.order
    if order is None or not order.customer_email or current() is None:
        return
    restored = hold.last_restore()
    if restored is not None and began <= restored:
        return  # it was told, as far as anybody knows, by what the restored database has forgotten
    queue(
        kind=kind,
        subject=subject,
        once=f"{kind}:{subject}",
        to=order.customer_email,
        language=language_of(payment),
        order=order,
        now=now,
    )


def _invited(event: Event, now: datetime) -> None:
    found = Invitation.objects.filter(pk=event.subject_id).select_related("invited_by").first()
    if found is None or current() is None:
        return
    queue(
        kind=Delivery.Kind.INVITATION,
        subject=found.pk,
        once=f"invitation:{found.pk}",
        to=found.email,
        language=staff_letters.language_of(found.invited_by),
        now=now,
    )


def _link_made(event: Event, now: datetime) -> None:
    """An owner made a link for somebody's new password."""
    user = User.objects.filter(pk=event.subject_id, is_active=True).first()
    if user is None or current() is None:
        return
    queue(
        kind=Delivery.Kind.PASSWORD,
        subject=user.pk,
        once=f"password:event:{event.pk}",
        to=user.email,
        language=staff_letters.language_of(user),
        user=user,
        now=now,
    )


def _account_changed(event: Event, now: datetime) -> None:
    """Told to where they could be reached until then: it may have been done by somebody else."""
    user = User.objects.filter(pk=event.subject_id).first()
    before = (event.data.get("before") or {}).get("email", "")
    if user is None or current() is None or (event.type == types.PERSON_ACCOUNT_CHANGED and not before):
        return
    queue(
        kind=Delivery.Kind.ACCOUNT,
        subject=event.pk,
        once=f"account:{event.pk}",
        to=str(before) or user.email,
        language=staff_letters.language_of(user),
        user=user,
        now=now,
    )


LISTENERS: dict[str, Callable[[Event, datetime], None]] = {
    types.PAYMENT_SUCCEEDED: _paid,
    types.PAYMENT_OVERPAID: _paid,
    types.OVERAGE_SUCCEEDED: _charged_extra,
    types.OVERAGE_FAILED: _refused,
    types.REFUND_SUCCEEDED: _refunded,
    types.PAYMENT_DECLINED: _not_paid,
    types.PAYMENT_FAILED: _not_paid,
    types.PAYMENT_NOT_CHARGED: _not_paid,
    types.PERSON_INVITED: _invited,
    types.PERSON_PASSWORD_LINK: _link_made,
    types.PERSON_ACCOUNT_CHANGED: _account_changed,
    types.PERSON_PASSWORD_CHANGED: _account_changed,
    types.PERSON_PASSWORD_RESET: _account_changed,
    types.PERSON_STEP_ADDED: _account_changed,
    types.PERSON_STEP_REMOVED: _account_changed,
}
