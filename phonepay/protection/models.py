"""Measure: what protection holds against one caller, one card or a line, until when. Watch: a line's usual share."""

from __future__ import annotations

from django.db import models

from phonepay.merchant.models import Line, Merchant
from phonepay.payments.fields import StripeIdField
from phonepay.protection.limits import USUAL
from phonepay.protection.steps import Step


class Measure(models.Model):
    """One row for each caller, card or line that met a limit; it is taken again, eased and lifted in place.

    `key` is a keyed hash of the caller's number (callers.key_of), Stripe's fingerprint of a card, or the line's own
    key. It holds while `until` lies ahead. What happened before `counted_from` counts no more: somebody said that it
    was a real customer. `trusted_until`: nothing is held against this caller or card so long.
    """

    class Kind(models.TextChoices):
        CALLER = "caller", "caller"
        CARD = "card", "card"
        LINE = "line", "line"

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="measures")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="measures")  # where it was last met
    kind = models.CharField(max_length=8, choices=Kind)
    key = StripeIdField(max_length=64)
    step = models.PositiveSmallIntegerField(default=0)
    why = models.CharField(max_length=16, blank=True)
    count = models.PositiveIntegerField(default=0)
    call_sid = models.CharField(max_length=64, blank=True)  # the call in which it was taken
    since = models.DateTimeField()
    until = models.DateTimeField()
    taken = models.PositiveSmallIntegerField(default=0)  # of a line, how often of late: it lasts longer then
    counted_from = models.DateTimeField(null=True)
    trusted_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant", "kind", "key"], name="measure_once"),
        ]
        indexes = [
            models.Index(fields=["until"], name="measure_by_end"),
            models.Index(fields=["merchant", "step", "until"], name="measure_by_step"),
            models.Index(fields=["line", "kind"], name="measure_of_line"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {Step(self.step).name.lower()} until {self.until}"


class Watch(models.Model):
    """What is usual on a line: `usual` is its share of declines among all cards tried. `looked_at`: declines up to then
    were looked at by the worker."""

    line = models.OneToOneField(Line, on_delete=models.CASCADE, related_name="watch")
    usual = models.FloatField(default=USUAL)
    usual_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.line}: {self.usual:.0%} declined"
