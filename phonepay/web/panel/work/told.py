"""What the worker owes, row by row, in words. A registry: one `Queue` for each kind of row that has a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phonepay.configuration.models import Process
from phonepay.configuration.presence import WEB, WORKER, is_there
from phonepay.merchant.models import Merchant
from phonepay.orders.loading.models import Load
from phonepay.payments.book_models import ReconciliationRun
from phonepay.payments.gateway import key_is_live
from phonepay.payments.models import Payment, Refund, StripeEvent
from phonepay.payments.poll_models import EventPoll
from phonepay.web.panel import formats

SHOWN = 20
PROCESSES = 40
COUNTED_TO = 1000


@dataclass(frozen=True, slots=True)
class Owed:
    """`error` is the last try's, "" where none failed."""

    identity: str
    sentence: str
    due_at: datetime
    tries: int
    error: str
    at_work: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """`name` is the kind for `payments.again`."""

    name: str
    title: str | Promise
    rows: Callable[[Merchant], QuerySet[Any]]
    tell: Callable[[Any, str], str]


@dataclass(frozen=True, slots=True)
class Shown:
    queue: Queue
    count: int
    owed: Sequence[Owed]

    @property
    def is_more(self) -> bool:
        return self.count > COUNTED_TO


# What an event of Stripe is about, by how its type begins.
_EVENTS: dict[str, str | Promise] = {
    "payment_intent.": gettext_lazy("a payment"),
    "charge.dispute.": gettext_lazy("a dispute"),
    "charge.refund": gettext_lazy("a refund"),
    "refund.": gettext_lazy("a refund"),
    "radar.": gettext_lazy("a warning of fraud"),
    "payment_method.": gettext_lazy("a card"),
    "customer.": gettext_lazy("a card"),
    "payout.": gettext_lazy("a payout"),
    "charge.": gettext_lazy("a payment"),
}


def _payment(payment: Payment, region: str) -> str:
    facts = {"amount": formats.money(payment.amount, payment.currency, region), "number": payment.number}
    if payment.status in Payment.UNDER_WAY:
        return _("Find out whether %(amount)s was charged") % facts
    if payment.status == Payment.Status.AGREED:
        return _("End a payment of %(amount)s for which no card came") % facts
    return _("Tidy up at Stripe after %(amount)s that was not charged") % facts


def _refund(refund: Refund, region: str) -> str:
    facts = {"amount": formats.money(refund.amount, refund.currency, region)}
    if refund.status in Refund.IN_FLIGHT:
        return _("Find out whether %(amount)s was refunded") % facts
    return _("See whether the refund of %(amount)s has arrived") % facts


def _event(event: StripeEvent, region: str) -> str:
    about = next((word for start, word in _EVENTS.items() if event.type.startswith(start)), _("something else"))
    return _("Handle what Stripe told about %(what)s") % {"what": about}


def _poll(poll: EventPoll, region: str) -> str:
    if poll.asked_at is None:
        return _("Ask Stripe what happened there: not asked yet")
    return _("Ask Stripe what happened there: last asked %(when)s") % {"when": formats.moment(poll.asked_at)}


def _load(load: Load, region: str) -> str:
    return _("Go on with the file %(name)s") % {"name": load.file_name}


def _run(run: ReconciliationRun, region: str) -> str:
    return _("Compare the books with Stripe")


QUEUES: tuple[Queue, ...] = (
    Queue("payment", gettext_lazy("Payments"), lambda shop: Payment.objects.filter(merchant=shop), _payment),
    Queue("refund", gettext_lazy("Refunds"), lambda shop: Refund.objects.filter(merchant=shop), _refund),
    Queue("event", gettext_lazy("What Stripe told"), lambda shop: StripeEvent.objects.filter(ours=True), _event),
    Queue(
        "poll",
        gettext_lazy("Asking Stripe"),
        lambda shop: EventPoll.objects.filter(livemode=key_is_live()),
        _poll,
    ),
    Queue(
        "load",
        gettext_lazy("Files of orders"),
        lambda shop: Load.objects.filter(merchant=shop, status__in=Load.AT_WORK),
        _load,
    ),
    Queue("books", gettext_lazy("The books"), lambda shop: ReconciliationRun.objects.filter(merchant=shop), _run),
)


def queues_of(shop: Merchant, now: datetime) -> list[Shown]:
    """Each kind with what is owed, the next first; of the first SHOWN the words, of the rest the number."""
    found = []
    for queue in QUEUES:
        rows = queue.rows(shop).filter(due_at__isnull=False)
        count = rows.order_by()[: COUNTED_TO + 1].count()
        owed = [_owed(queue, row, shop.region, now) for row in rows.order_by("due_at")[:SHOWN]] if count else []
        found.append(Shown(queue, count, owed))
    return found


def _owed(queue: Queue, row: Any, region: str, now: datetime) -> Owed:
    at_work = row.lease_until is not None and row.lease_until > now
    error = getattr(row, "error", "")
    return Owed(str(row.pk), queue.tell(row, region), row.due_at, getattr(row, "tries", 0), error, at_work)


KINDS: dict[str, str | Promise] = {WORKER: gettext_lazy("Worker"), WEB: gettext_lazy("Answers calls and pages")}


@dataclass(frozen=True, slots=True)
class AtWork:
    row: Process
    kind: str | Promise
    is_there: bool


def processes(now: datetime) -> list[AtWork]:
    """Workers and web processes of the last week on all hosts, those at work first."""
    rows = Process.objects.order_by("-seen_at")[:PROCESSES]
    found = [AtWork(row, KINDS[row.kind], is_there(row, now)) for row in rows]
    return sorted(found, key=lambda each: (not each.is_there, each.row.kind != WORKER))
