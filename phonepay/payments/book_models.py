"""What reconciliation keeps: its runs, what did not agree, and the payouts that it saw."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from phonepay.merchant.models import Merchant
from phonepay.payments.fields import StripeIdField


class ReconciliationRun(models.Model):
    """One comparison of the time from `since` to `until`, on the Stripe account of the key; never two at once per
    shop and mode, by `running`.

    It is done a page at a time: `stage` and `cursor` say where it goes on, after a kill too. A thorough one looks at
    more than at the balance. The row of the next run is there before its time has come, without `began_at`.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="reconciliations")
    livemode = models.BooleanField()
    stripe_account = StripeIdField(blank=True, default="")
    running = models.CharField(max_length=40, null=True, unique=True)  # null once it is finished
    thorough = models.BooleanField(default=False)
    asked_by = models.CharField(max_length=200, blank=True)  # "" where its time had come
    asked_at = models.DateTimeField()
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    began_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    stage = models.CharField(max_length=16, blank=True)
    cursor = models.CharField(max_length=64, blank=True)
    looked_at = models.PositiveIntegerField(default=0)  # objects of Stripe's and entries of ours
    healed = models.PositiveIntegerField(default=0)
    differing = models.PositiveIntegerField(default=0)  # discrepancies that were open as it finished
    due_at = models.DateTimeField(null=True, db_index=True)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["merchant", "livemode", "finished_at"], name="reconciliation_finished")]

    def __str__(self) -> str:
        return f"reconciliation {self.pk}"


class Discrepancy(models.Model):
    """Something that does not agree and has more than one explanation. Amounts in minor units of `currency`.

    `open_key` names it while it is open, so that it is there once; a person who resolved it says why in `note`, and
    the same is not opened again.
    """

    class Kind(models.TextChoices):
        AMOUNT = "amount", _("another amount")
        REFUNDED = "refunded", _("another amount refunded")
        NOT_AT_STRIPE = "not_at_stripe", _("not at Stripe")
        NOT_HERE = "not_here", _("not in our books")
        DISPUTE = "dispute", _("a dispute that is booked otherwise")

    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="discrepancies")
    livemode = models.BooleanField()
    stripe_account = StripeIdField(blank=True, default="")
    kind = models.CharField(max_length=16, choices=Kind)
    stripe_object = StripeIdField()
    open_key = StripeIdField(max_length=100, null=True, unique=True)
    payment_id = models.UUIDField(null=True)  # named, not referenced: what is not in the books may have none
    ours = models.BigIntegerField(null=True)  # null: we have nothing
    theirs = models.BigIntegerField(null=True)  # null: Stripe has nothing
    currency = models.CharField(max_length=3, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    happened_at = models.DateTimeField()  # the movement that it is about
    since = models.DateTimeField()  # when it was first seen
    seen_at = models.DateTimeField()
    seen_by = models.ForeignKey(ReconciliationRun, on_delete=models.SET_NULL, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["merchant", "livemode", "resolved_at"], name="discrepancy_open")]

    def __str__(self) -> str:
        return f"{self.kind} {self.stripe_object}"


class Payout(models.Model):
    """Money on its way from Stripe to the shop's bank: shown, not reconciled. A shared account's holds others' too."""

    id = StripeIdField(primary_key=True)
    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="payouts")
    livemode = models.BooleanField()
    stripe_account = StripeIdField(blank=True, default="")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=16)  # Stripe's word: pending, in_transit, paid, failed, canceled
    failure = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    arrives_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["merchant", "livemode", "created_at"], name="payout_by_time")]

    def __str__(self) -> str:
        return f"payout {self.amount} {self.currency}"
