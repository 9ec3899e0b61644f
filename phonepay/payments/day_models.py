"""What the ledger says of each day that is over, kept beside it: LedgerDay; and how far: DaysKept."""

from __future__ import annotations

from django.db import models

from phonepay.merchant.models import Merchant
from phonepay.payments.fields import StripeIdField


class LedgerDay(models.Model):
    """One kind of movement on one day of the shop's: how many, and their sum in minor units of `currency`."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="ledger_days")
    day = models.DateField()
    kind = models.CharField(max_length=20)  # LedgerEntry.Kind
    currency = models.CharField(max_length=3)
    livemode = models.BooleanField()
    stripe_account = StripeIdField(blank=True, default="")
    count = models.PositiveIntegerField()
    sum = models.BigIntegerField()  # signed as the entries are

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "livemode", "day", "kind", "currency", "stripe_account"], name="ledger_day_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.sum} {self.currency}"


class DaysKept(models.Model):
    """Days up to `until`, on the clock of `zone`, have their rows of LedgerDay; for later ones the ledger is summed."""

    merchant = models.OneToOneField(Merchant, on_delete=models.CASCADE, related_name="days_kept")
    zone = models.CharField(max_length=64)
    until = models.DateField(null=True)  # null: none yet

    def __str__(self) -> str:
        return f"{self.zone} until {self.until}"
