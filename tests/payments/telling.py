"""Stripe's own events, told to the shop: as they are, in another order, twice, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from phonepay.payments import stripe_events
from phonepay.payments.models import StripeEvent
from phonepay.payments.stripe_shapes import event_of
from tests.shop import Till


def told(till: Till) -> list[dict[str, Any]]:
    """What Stripe has to tell, oldest first, of what an endpoint subscribes to."""
    return [each for each in till.account.events if each["type"] in stripe_events.SUBSCRIBED]


def tell(till: Till, events: Iterable[dict[str, Any]] | None = None, now: datetime | None = None) -> None:
    """Store them as the webhook does."""
    for each in told(till) if events is None else events:
        stripe_events.store(event=event_of(each), now=now or timezone.now())


def handle_all(order: Sequence[str] | None = None) -> None:
    """Handle what is stored, once each, in this order (by id) or the stored one; what fails is tried again last."""
    rows = {each.pk: each for each in StripeEvent.objects.filter(ours=True, handled_at=None)}
    late = []
    for key in order or list(rows):
        if key in rows:
            try:
                stripe_events.handle(rows[key], now=timezone.now())
            except stripe_events.BeforeItsCharge:
                late.append(rows[key])
    for row in late:
        stripe_events.handle(row, now=timezone.now())
