"""Delivery: one letter to one address. Heard and Listening: which events were listened to. Postbox: does it go out."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from phonepay.events.models import Event
from phonepay.orders.models import Order


class Delivery(models.Model):
    """A letter that is owed, sent, or will not be sent. It keeps no words: they are made of `subject` when it is sent,
    and so are links that open something. `once` names what it tells to whom, so that it is told once.

    `id` is the letter's Message-ID: one that is sent again, because its sender died before it could say so, is known as
    the same by whoever gets it. `order` is whose customer it went to.
    """

    class Kind(models.TextChoices):
        PAYMENT = "payment", "receipt"
        OVERAGE = "overage", "receipt of an extra charge"
        REFUND = "refund", "receipt of a refund"
        NOT_CHARGED = "not_charged", "a payment that was being checked was not charged"
        INVITATION = "invitation", "invitation"
        PASSWORD = "password", "link for a new password"
        ACCOUNT = "account", "something about the account was changed"
        ALERT = "alert", "alert"
        ALERT_OVER = "alert_over", "end of an alert"

    class State(models.TextChoices):
        DUE = "due", "to be sent"
        SENT = "sent", "sent"
        FAILED = "failed", "could not be delivered"
        DROPPED = "dropped", "not needed any more"

    TO_CUSTOMERS = (Kind.PAYMENT, Kind.OVERAGE, Kind.REFUND, Kind.NOT_CHARGED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=16, choices=Kind)
    subject = models.CharField(max_length=64)  # the key of the payment, refund, invitation, event or alert
    once = models.CharField(max_length=160, unique=True)
    to = models.EmailField(blank=True)  # empty once it was forgotten or erased
    language = models.CharField(max_length=8, blank=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.DUE)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["kind", "subject"], name="delivery_by_subject"),
            models.Index(fields=["state", "sent_at"], name="delivery_by_state"),
            models.Index(fields=["made_at"], name="delivery_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Heard(models.Model):
    """An event was listened to, by whoever could make this row."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="+")
    at = models.DateTimeField(db_index=True)  # the event's


class Listening(models.Model):
    """One row: up to when all events were listened to, and when it was last looked whether all is well."""

    since = models.DateTimeField()
    watched_at = models.DateTimeField(null=True)


class Postbox(models.Model):
    """One row: how sending goes. `resting_until`: the mail server failed, and is not asked before."""

    last_sent_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=32, blank=True)  # notifications.smtp.FAILURES
    answer = models.CharField(max_length=300, blank=True)  # what the server said
    error_at = models.DateTimeField(null=True)
    resting_until = models.DateTimeField(null=True)
