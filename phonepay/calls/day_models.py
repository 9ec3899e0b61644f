"""How the calls of each day ended, kept beside them: CallDay; and how far: CallDaysKept."""

from __future__ import annotations

from django.db import models

from phonepay.merchant.models import Merchant


class CallDay(models.Model):
    """Calls of one day of the shop's that ended alike: `outcome` is "paid", the step at which they stopped, or ""."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="call_days")
    day = models.DateField()
    livemode = models.BooleanField()
    outcome = models.CharField(max_length=24, blank=True)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merchant", "livemode", "day", "outcome"], name="call_day_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.outcome} {self.count}"


class CallDaysKept(models.Model):
    """Days up to `until`, on the clock of `zone`, have their rows of CallDay; for later ones the calls are counted."""

    merchant = models.OneToOneField(Merchant, on_delete=models.CASCADE, related_name="call_days_kept")
    zone = models.CharField(max_length=64)
    until = models.DateField(null=True)  # null: none yet
    looked_at = models.DateTimeField(null=True)  # when the latest of them were last counted again

    def __str__(self) -> str:
        return f"{self.zone} until {self.until}"
