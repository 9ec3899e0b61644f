"""Asking Stripe for its events, for where its webhooks do not reach us, and as a net under those that got lost.

What is found is stored and handled as a webhook's event is; one that is known already changes nothing. Each reading
begins ten minutes before the end of the last one, by Stripe's clock: events do not become visible in their order.
"""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.db import models
from django.db.models.functions import Least

from phonepay.lib.stopping import STOPPING
from phonepay.merchant.credentials import current
from phonepay.payments import pacing, stripe_events
from phonepay.payments.gateway import EventPage, Gateway, GatewayError, NotConfigured, Refused, get_gateway, key_is_live
from phonepay.payments.models import Payment, StripeEvent
from phonepay.payments.operations import LEASE
from phonepay.payments.poll_models import EventPoll

logger = logging.getLogger(__name__)

OVERLAP = timedelta(minutes=10)
OFTEN, AS_A_NET = timedelta(minutes=1), timedelta(minutes=10)
TRUSTED_AGAIN = timedelta(hours=1)  # after the last event that a webhook should have brought and did not
WEBHOOK_TAKES = timedelta(seconds=20)
KEPT_BY_STRIPE = timedelta(days=29)  # a day less than it keeps them
PAGES = 10  # at one turn, a hundred events each; the rest at the next
MOST_TRIES = 1000


class LeaseLost(Exception):
    """Another worker took the reading over: what this one keeps would undo its progress."""


def run_due(now: datetime) -> int:
    """The worker's part: read what is new where it is time to; 1 where something was read."""
    try:
        gateway = get_gateway()
    except NotConfigured:
        return 0
    live = key_is_live()
    poll = EventPoll.objects.filter(livemode=live).first()
    if poll is None:
        EventPoll.objects.bulk_create([EventPoll(livemode=live, due_at=now)], ignore_conflicts=True)
        poll = EventPoll.objects.get(livemode=live)
    if not _take(poll, now):
        return 0
    try:
        _turn(poll, gateway, now)
    except LeaseLost:
        logger.warning("another worker reads Stripe's events now")
    return 1


def _turn(poll: EventPoll, gateway: Gateway, now: datetime) -> None:
    try:
        ended = _read(poll, gateway, now)
    except GatewayError as error:
        _later(poll, error, now)
    else:
        due = now + (_pause(poll, now) if ended else timedelta(seconds=1))
        _keep(poll, due_at=due, lease_until=None, tries=0, error="")


def _take(poll: EventPoll, now: datetime) -> bool:
    free = models.Q(lease_until=None) | models.Q(lease_until__lte=now)
    mine = EventPoll.objects.filter(free, pk=poll.pk, due_at__lte=now)
    tries = Least(models.F("tries") + 1, MOST_TRIES)
    taken = mine.update(lease_until=now + LEASE, asked_at=now, tries=tries) == 1
    if taken:
        poll.refresh_from_db()
    return taken


def _read(poll: EventPoll, gateway: Gateway, now: datetime) -> bool:
    """Read some pages, each kept before the next is asked for. True where the end was reached."""
    since, began = _since(poll, now), time.monotonic()
    for _ in range(PAGES):
        if STOPPING.is_set():
            return False  # the cursor is kept: the next worker goes on
        pacing.BULK.take()
        page = _page(poll, gateway, since)
        if page is None:
            return False
        _store(poll, page, now)
        newest = max((each.created for each in page.events), default=None)
        if poll.reading_from is None and newest is not None:
            poll.reading_from = datetime.fromtimestamp(newest, UTC)
        if not page.more or not page.events:
            _end(poll, since)
            return True
        lease = now + timedelta(seconds=time.monotonic() - began) + LEASE
        _keep(poll, cursor=page.events[-1].id, reading_from=poll.reading_from, lease_until=lease)
    return False


def _since(poll: EventPoll, now: datetime) -> datetime:
    """Where to read from. At the very first: from the first payment that Stripe may know, or from now."""
    if poll.seen_until is not None:
        return max(poll.seen_until - OVERLAP, now - KEPT_BY_STRIPE)
    of_mode = Payment.objects.filter(livemode=poll.livemode).order_by("agreed_at")
    first = of_mode.values_list("agreed_at", flat=True).first() or now
    return max(first - OVERLAP, now - KEPT_BY_STRIPE)


def _page(poll: EventPoll, gateway: Gateway, since: datetime) -> EventPage | None:
    """The next page; None where the event that it would follow is gone from Stripe, and it begins anew."""
    try:
        return gateway.events_since(int(since.timestamp()), types=stripe_events.SUBSCRIBED, after=poll.cursor or "")
    except Refused as error:
        if error.status != HTTPStatus.BAD_REQUEST or not poll.cursor:
            raise
        _keep(poll, cursor="", reading_from=None)
        return None


def _store(poll: EventPoll, page: EventPage, now: datetime) -> None:
    known = set(StripeEvent.objects.filter(pk__in=[each.id for each in page.events]).values_list("pk", flat=True))
    for event in page.events:
        if event.id in known:
            continue
        stripe_events.store(event=event, now=now)
        if datetime.fromtimestamp(event.created, UTC) < now - WEBHOOK_TAKES:
            poll.missed_at = now
    _keep(poll, missed_at=poll.missed_at)


def _end(poll: EventPoll, since: datetime) -> None:
    seen = max(filter(None, (poll.reading_from, poll.seen_until)), default=since + OVERLAP)
    _keep(poll, seen_until=seen, reading_from=None, cursor="")


def _pause(poll: EventPoll, now: datetime) -> timedelta:
    """Often where webhooks cannot come or do not; else seldom, for those that got lost."""
    if not current().stripe_webhook_secrets:
        return OFTEN
    missing = poll.missed_at is not None and poll.missed_at > now - TRUSTED_AGAIN
    return OFTEN if missing else AS_A_NET


def _later(poll: EventPoll, error: GatewayError, now: datetime) -> None:
    logger.warning("Stripe's events could not be read: %s", error)
    due = now + pacing.pause_after(error, poll.tries)
    _keep(poll, due_at=due, lease_until=None, error=f"{type(error).__name__}: {error}"[:2000])


def _keep(poll: EventPoll, **facts: Any) -> None:
    if EventPoll.objects.filter(pk=poll.pk, lease_until=poll.lease_until).update(**facts) != 1:
        raise LeaseLost
    for name, value in facts.items():
        setattr(poll, name, value)
