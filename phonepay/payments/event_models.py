"""StripeEvent: what Stripe told us."""

from __future__ import annotations

from django.db import models

from phonepay.payments.fields import StripeIdField


class StripeEvent(models.Model):
    """What Stripe told us, stored before it is handled. It is only a hint: the handler re-reads the object."""

    id = StripeIdField(primary_key=True)
    type = models.CharField(max_length=64)
    object_id = StripeIdField(blank=True, default="")
    ours = models.BooleanField()  # of anybody else's object only id, type and time are kept
    livemode = models.BooleanField()
    created_at = models.DateTimeField()
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.type} {self.id}"
