"""CardAttempt: a card that was asked for on a payment and did not pay."""

from __future__ import annotations

from django.db import models

from phonepay.payments.fields import StripeIdField


class CardAttempt(models.Model):
    """A card that was asked for and did not pay: declined, stopped, unreadable. The one that paid is on the payment."""

    class Result(models.TextChoices):
        DECLINED = "declined", "declined"
        STOPPED = "stopped", "stopped by the caller"
        UNREAD = "unread", "could not be read"
        UNREACHABLE = "unreachable", "card service not reached"
        REFUSED = "refused", "not charged: the order had changed"
        FAILED = "failed", "not charged"

    id = models.UUIDField(primary_key=True, editable=False)
    payment = models.ForeignKey("payments.Payment", on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    result = models.CharField(max_length=12, choices=Result)
    decline_code = models.CharField(max_length=40, blank=True)
    card_brand = models.CharField(max_length=16, blank=True)
    card_last4 = models.CharField(max_length=4, blank=True)
    fingerprint = StripeIdField(blank=True, default="", db_default="")  # the card's, as Stripe names it
    ended_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["ended_at"], name="attempt_by_time"),
            models.Index(fields=["result", "ended_at"], name="attempt_by_result"),
            models.Index(fields=["fingerprint", "ended_at"], name="attempt_by_card"),
        ]

    def __str__(self) -> str:
        return f"card {self.number}: {self.result}"
