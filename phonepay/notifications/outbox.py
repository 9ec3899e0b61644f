"""The outbox: letters that are owed are claimed by lease, written, handed to the mail server, and tried again.

A letter is handed over once: whoever takes its lease by compare-and-set sends it, and says so in the row. Who dies
between the two sends it again, with the same Message-ID. While the server fails nothing else is tried: it is asked
again after a pause that grows. The worker does it in a thread of its own, so that no charge ever waits for e-mail.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils import translation

from phonepay.calls.end_told import told_in_writing
from phonepay.lib.stopping import STOPPING
from phonepay.merchant.mail_account import MailAccount, current
from phonepay.notifications import receipts, staff_letters
from phonepay.notifications.letters import Letter, email_of
from phonepay.notifications.models import Delivery, Postbox
from phonepay.notifications.smtp import Connection, MailRefused, connected
from phonepay.orders.models import Order
from phonepay.payments import hold
from phonepay.people.models import User

logger = logging.getLogger(__name__)

BATCH = 20
SLICE_SECONDS = 3.0  # after which a round begins no further letter: what else is to be told waits for it
LEASE = timedelta(minutes=3)  # longer than a letter can take, at ANSWER_SECONDS a step
REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=15)
TRIED_FOR = timedelta(days=3)
# A link that opens something is of use only while whoever asked for it waits.
LINK_WAITS = timedelta(minutes=30)
PAUSES = (timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))


def queue(
    *,
    kind: str,
    subject: object,
    once: str,
    to: str,
    language: str,
    now: datetime,
    user: User | None = None,
    order: Order | None = None,
) -> bool:
    """Owe a letter, in the transaction of the caller if there is one. False where it is owed, or was sent, already."""
    try:
        with transaction.atomic():
            Delivery.objects.create(
                kind=kind,
                subject=str(subject),
                once=once[:160],
                to=to,
                language=language,
                user=user,
                order=order,
                made_at=now,
                due_at=now,
            )
    except IntegrityError:
        return False
    return True


def run_due(now: datetime) -> int:
    """Send what is owed, for some seconds; returns how many letters were worked on."""
    account = current()
    if account is None:
        return 0
    clock = _clock(now)
    free = models.Q(lease_until=None) | models.Q(lease_until__lte=now)
    owed = list(Delivery.objects.filter(free, due_at__lte=now).select_related("user").order_by("due_at")[:BATCH])
    if not owed or Postbox.objects.filter(pk=1, resting_until__gt=now).exists():
        return 0
    _drop_restored(owed, now)
    written = [(row, letter) for row in owed if not STOPPING.is_set() and (letter := _claimed(row, clock()))]
    if written:
        try:
            with connected(account) as connection:
                _hand_over(connection, account, written, clock)
        except MailRefused as refused:
            rest(refused, clock())
    # Who came too late for this round is free for the next.
    mine = [row.pk for row, _letter in written]
    Delivery.objects.filter(pk__in=mine, state=Delivery.State.DUE).update(lease_until=None)
    return len(owed)


def _drop_restored(owed: list[Delivery], now: datetime) -> None:
    """What was owed when a backup was made was sent, as far as anybody knows, before it was put back."""
    restored = hold.last_restore()
    for row in [row for row in owed if restored is not None and row.made_at <= restored]:
        _end(row, Delivery.State.DROPPED, now, "")
        owed.remove(row)


def _clock(now: datetime) -> Callable[[], datetime]:
    began = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - began)


def _claimed(row: Delivery, now: datetime) -> Letter | None:
    """The letter, where this process may send it; what is not needed any more is dropped."""
    mine = Delivery.objects.filter(pk=row.pk, state=Delivery.State.DUE, due_at=row.due_at, lease_until=row.lease_until)
    if mine.update(lease_until=now + LEASE) != 1:
        return None
    try:
        letter = write(row, now)
    except Exception as error:
        # A fault of ours in one letter must not keep the others.
        logger.exception("delivery %s could not be written", row.pk)
        _later(row, type(error).__name__, now)
        return None
    if letter is None:
        _end(row, Delivery.State.DROPPED, now, "")
    return letter


def write(row: Delivery, now: datetime) -> Letter | None:
    """What a delivery says now; None where it need not be said any more."""
    if not row.to:
        return None
    if row.kind in Delivery.TO_CUSTOMERS:
        return receipts.compose(row)
    if row.kind == Delivery.Kind.PASSWORD and now - row.made_at > LINK_WAITS:
        return None
    return staff_letters.compose(row, now)


def _hand_over(
    connection: Connection,
    account: MailAccount,
    written: list[tuple[Delivery, Letter]],
    clock: Callable[[], datetime],
) -> None:
    """One after the other; raises MailRefused where it is the server's own fault, so that none is tried after it."""
    until = clock() + timedelta(seconds=SLICE_SECONDS)
    for row, letter in written:
        if STOPPING.is_set() or clock() > until:
            return
        with translation.override(row.language or "en"):
            message = email_of(letter, to=row.to, identity=row.pk, account=account)
        try:
            connection.send(message)
        except ValueError as error:
            # No address that a header could hold: an order that was brought over may have anything.
            _end(row, Delivery.State.FAILED, clock(), f"recipient {error}")
            continue
        except MailRefused as refused:
            if refused.permanent:
                _end(row, Delivery.State.FAILED, clock(), f"{refused.failure} {refused.answer}")
                continue
            alone = refused.failure == "recipient"  # this address, for now: greylisting, a full mailbox
            _later(row, f"{refused.failure} {refused.answer}", clock(), behind_the_others=not alone)
            if alone:
                continue
            raise
        _end(row, Delivery.State.SENT, clock(), "")
        went_out(now=clock())


def _end(row: Delivery, state: str, now: datetime, why: str) -> None:
    changes: dict[str, Any] = {"state": state, "due_at": None, "lease_until": None, "error": why[:300]}
    if state == Delivery.State.SENT:
        changes["sent_at"] = now
    if state == Delivery.State.DROPPED:
        changes["to"] = ""  # what somebody typed who has no account here, among others
    Delivery.objects.filter(pk=row.pk).update(tries=models.F("tries") + 1, **changes)
    row.state = state
    if state == Delivery.State.FAILED:
        logger.warning("delivery %s is given up: %s", row.pk, why)
    if state == Delivery.State.SENT and row.kind in (Delivery.Kind.PAYMENT, Delivery.Kind.NOT_CHARGED):
        told_in_writing(payment_id=UUID(row.subject), now=now)


def _later(row: Delivery, why: str, now: datetime, *, behind_the_others: bool = False) -> None:
    """Try again after a pause of its own; where the server is at fault, as soon as that is asked again."""
    if now - row.made_at > TRIED_FOR:
        _end(row, Delivery.State.FAILED, now, why)
        return
    pause = REST if behind_the_others else PAUSES[min(row.tries, len(PAUSES) - 1)]
    Delivery.objects.filter(pk=row.pk).update(
        tries=models.F("tries") + 1, due_at=now + pause, lease_until=None, error=why[:300]
    )


def went_out(*, now: datetime) -> None:
    """The server took a letter: all is well with it."""
    well = {"last_sent_at": now, "failing_since": None, "failures": 0, "error": "", "answer": "", "resting_until": None}
    Postbox.objects.update_or_create(pk=1, defaults=well)


def rest(refused: MailRefused, now: datetime) -> None:
    """The server fails: leave it alone for a while, the longer the oftener."""
    logger.warning("e-mail does not go out: %s", refused)
    box, _made = Postbox.objects.get_or_create(pk=1)
    pause = min(REST * 2 ** min(box.failures, 10), LONGEST_REST)
    Postbox.objects.filter(pk=1).update(
        failing_since=box.failing_since or now,
        failures=min(box.failures + 1, 1000),
        error=refused.failure,
        answer=refused.answer,
        error_at=now,
        resting_until=now + pause,
    )
