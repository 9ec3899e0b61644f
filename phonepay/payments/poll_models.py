"""EventPoll: how far Stripe's events were read by asking for them."""

from __future__ import annotations

from django.db import models

from phonepay.payments.fields import StripeIdField


class EventPoll(models.Model):
    """One row a mode. All times are of Stripe's clock, but `due_at`, `lease_until`, `asked_at` and `missed_at`.

    A reading goes from the newest event down to `seen_until` less the overlap, page by page: `reading_from` is the
    newest that it met, `cursor` the last event of the page that was kept. `seen_until` moves when it has ended.
    """

    livemode = models.BooleanField(unique=True)
    seen_until = models.DateTimeField(null=True)
    reading_from = models.DateTimeField(null=True)
    cursor = StripeIdField(blank=True, default="")
    missed_at = models.DateTimeField(null=True)  # when the last one was found that no webhook had brought
    asked_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    due_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"events of Stripe, {'live' if self.livemode else 'test'}"
