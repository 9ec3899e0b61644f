"""Dispute and EarlyFraudWarning: what the card's bank says of a payment afterwards."""

from __future__ import annotations

from django.db import models

from phonepay.merchant.models import Merchant
from phonepay.payments.fields import StripeIdField


class Dispute(models.Model):
    """A payment that the cardholder's bank takes back, or asks about (an inquiry). One row per dispute at Stripe.

    `status` and `reason` are Stripe's words; whoever reads them must expect new ones. `withdrawn`: minor units that the
    bank holds now. `version` counts what was recorded: a reading that began before the last one ended is read again.
    """

    CLOSED = ("won", "lost", "warning_closed", "prevented", "charge_refunded")
    ANSWER_WANTED = ("needs_response", "warning_needs_response", "appeal_needs_response")

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="disputes")
    payment = models.ForeignKey("payments.Payment", on_delete=models.PROTECT, related_name="disputes")
    stripe_id = StripeIdField(unique=True)
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    livemode = models.BooleanField()
    stripe_account = StripeIdField(blank=True, default="")
    reason = models.CharField(max_length=40)
    status = models.CharField(max_length=40)
    refundable = models.BooleanField(default=False)
    withdrawn = models.PositiveBigIntegerField(default=0)
    due_by = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(withdrawn__lte=models.F("amount")), name="dispute_withdrawn_within_amount"
            ),
        ]
        indexes = [
            models.Index(fields=["merchant", "opened_at"], name="dispute_by_time"),
            models.Index(fields=["merchant", "status", "due_by"], name="dispute_by_status"),
        ]

    def __str__(self) -> str:
        return f"dispute {self.stripe_id}"

    @property
    def is_open(self) -> bool:
        return self.status not in self.CLOSED

    @property
    def is_inquiry(self) -> bool:
        """The bank only asks: no money moved."""
        return self.status.startswith("warning_")


class EarlyFraudWarning(models.Model):
    """The card's bank thinks that a payment was fraud. `actionable`: a refund would still come before the dispute.

    `dismissed_at`: a person of the shop knows the customer, and keeps the money.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="fraud_warnings")
    payment = models.ForeignKey("payments.Payment", on_delete=models.PROTECT, related_name="fraud_warnings")
    stripe_id = StripeIdField(unique=True)
    livemode = models.BooleanField()
    fraud_type = models.CharField(max_length=40)
    actionable = models.BooleanField()
    warned_at = models.DateTimeField()
    dismissed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["merchant", "actionable", "warned_at"], name="fraud_warning_by_time")]

    def __str__(self) -> str:
        return f"early fraud warning {self.stripe_id}"
