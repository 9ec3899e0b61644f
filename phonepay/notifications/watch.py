"""What lasts: looked at every minute. Each is an alert while it is so, and over when it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min, Q

from phonepay.alerts.models import Alert
from phonepay.alerts.operations import alert, close_quiet, forget_old, over
from phonepay.configuration import arrivals
from phonepay.configuration.models import Process
from phonepay.configuration.presence import WEB, WORKER, at_work, last_seen
from phonepay.merchant.mail_account import current
from phonepay.merchant.models import Merchant
from phonepay.notifications.models import Listening, Postbox
from phonepay.notifications.smtp import sentence
from phonepay.payments import hold
from phonepay.payments.books import open_discrepancies
from phonepay.payments.dispute_models import Dispute
from phonepay.payments.gateway import key_is_live
from phonepay.payments.models import Payment
from phonepay.payments.set_aside import failed_and_open

EVERY = timedelta(minutes=1)
AWAY_AFTER = timedelta(minutes=3)
UNANSWERED_AFTER = timedelta(minutes=15)
STUCK_AFTER = timedelta(minutes=10)
MOST = 20  # of one kind at a time

Found = Iterable[tuple[str, Mapping[str, Any]]]


def run_due(now: datetime) -> bool:
    """Look, where no other worker has within the minute; False where one has."""
    mine = Listening.objects.filter(Q(watched_at=None) | Q(watched_at__lte=now - EVERY), pk=1)
    # Asked first: an idle round of the worker, each second, writes nothing.
    if not mine.exists() or mine.update(watched_at=now) != 1:
        return False
    for kind, look in LOOKS.items():
        _keep(kind, dict(look(now)), now)
    _believed_again(now)
    close_quiet(now=now)
    forget_old(now=now)
    return True


def _believed_again(now: datetime) -> None:
    """Signatures do not fit until one does: what the vendor signed was let in since."""
    for kind, whose in (("twilio_signature", arrivals.TWILIO), ("stripe_signature", arrivals.STRIPE)):
        refused = Alert.objects.filter(kind=kind, closed_at=None).first()
        if refused is not None and (arrivals.last(whose) or refused.last_at) > refused.last_at:
            over(kind=kind, now=now)


def worker(now: datetime) -> bool:
    """Whether a worker is away, looked at by whoever is none: told by the web process, as nobody else is left.

    Not at once: a deploy stops one and starts the next.
    """
    if at_work(WORKER, now):
        return False
    seen = last_seen(WORKER)
    since = seen.seen_at if seen else Process.objects.filter(kind=WEB).aggregate(first=Min("started_at"))["first"]
    if since is None or now - since < AWAY_AFTER:
        return False
    alert(kind="worker_away", facts={"seen_at": since.isoformat()}, now=now)
    return True


def _keep(kind: str, found: Mapping[str, Mapping[str, Any]], now: datetime) -> None:
    for key, facts in found.items():
        alert(kind=kind, key=key, facts=facts, now=now)
    for key in Alert.objects.filter(kind=kind, closed_at=None).values_list("key", flat=True):
        if key not in found:
            over(kind=kind, key=key, now=now)


def _unanswered(now: datetime) -> Found:
    rows = Payment.objects.filter(status__in=Payment.UNDER_WAY, livemode=key_is_live(), merchant__in=_shops())
    for row in rows.filter(agreed_at__lt=now - UNANSWERED_AFTER).order_by("agreed_at")[:MOST]:
        facts = {"amount": row.amount, "currency": row.currency, "since_at": row.agreed_at.isoformat()}
        yield str(row.pk), facts | {"payment": str(row.pk)}


def _refunds(_now: datetime) -> Found:
    for row in failed_and_open(livemode=key_is_live()).filter(merchant__in=_shops())[:MOST]:
        yield str(row.pk), {"amount": row.amount, "currency": row.currency, "payment": str(row.payment_id)}


def _disputes(_now: datetime) -> Found:
    rows = Dispute.objects.filter(merchant__in=_shops(), livemode=key_is_live(), status__in=Dispute.ANSWER_WANTED)
    for row in rows.order_by("due_by")[:MOST]:
        facts: dict[str, Any] = {"amount": row.amount, "currency": row.currency, "payment": str(row.payment_id)}
        yield str(row.pk), facts | ({"due_at": row.due_by.isoformat()} if row.due_by else {})


def _books(_now: datetime) -> Found:
    for shop in Merchant.objects.all()[:1]:
        if open_discrepancies(shop, livemode=key_is_live()).exists():
            yield "", {}


def _held(_now: datetime) -> Found:
    on = hold.current()
    if on is not None:
        yield "", {"since_at": on.put_at.isoformat()}


def _mail(now: datetime) -> Found:
    account = current()
    box = Postbox.objects.filter(pk=1, failing_since__lt=now - STUCK_AFTER).first()
    if account is not None and box is not None:
        yield "", {"why": str(sentence(box.error, account))}


def _away(_now: datetime) -> Found:
    """Whoever looks here is a worker: none is away."""
    return ()


def _shops() -> list[int]:
    """The merchant's key stands first in the indexes of its rows."""
    return list(Merchant.objects.values_list("pk", flat=True))


LOOKS: dict[str, Callable[[datetime], Found]] = {
    "unanswered": _unanswered,
    "refund_failed": _refunds,
    "dispute": _disputes,
    "books": _books,
    "hold": _held,
    "mail_stuck": _mail,
    "worker_away": _away,
}
