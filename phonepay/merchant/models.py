"""Merchant, and Line: a phone number with its behavior, its words and its limits."""

from __future__ import annotations

import uuid

from django.db import models

from phonepay.merchant.credential_models import Credential
from phonepay.merchant.sandbox_models import SandboxStay

__all__ = ["Credential", "Line", "Merchant", "SandboxStay"]

DEFAULT_CARDS = ["visa", "mastercard", "amex", "discover"]


def default_cards() -> list[str]:
    return list(DEFAULT_CARDS)


def default_locales() -> list[str]:
    return ["en-US"]


class Merchant(models.Model):
    """A shop. `installation` goes into the metadata of each Stripe object: so we know our own on a shared account."""

    name = models.CharField(max_length=80)
    installation = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    time_zone = models.CharField(max_length=64, default="America/New_York")
    region = models.CharField(max_length=2, default="US")  # how a phone number without + is read
    shop_phone = models.CharField(max_length=20, blank=True)  # said by end.help and caller.refused.help
    order_prefix = models.CharField(max_length=8, blank=True)  # callers need not key it
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Line(models.Model):
    class Behavior(models.TextChoices):
        FIXED_WITH_ORDER = "fixed-with-order", "fixed amount, with order number"
        FIXED = "fixed", "fixed amount, no order number"
        CALLER_WITH_ORDER = "caller-with-order", "caller's amount, with order number"
        CALLER = "caller", "caller's amount, no order number"

    class Overage(models.TextChoices):
        OFF = "off", "off"
        ASK = "ask", "ask"
        CONDITION = "condition", "condition of paying"

    class AmountsKeyed(models.TextChoices):
        STAR = "star", "42*50#"
        MINOR = "minor", "4250#"

    class OrderNoun(models.TextChoices):
        ORDER = "order", "order"
        INVOICE = "invoice", "invoice"
        BOOKING = "booking", "booking"
        BILL = "bill", "bill"
        ACCOUNT = "account", "account"

    class SecondFact(models.TextChoices):
        OFF = "off", "off"
        POSTAL = "postal", "postal code"
        PHONE = "phone", "last four digits of the phone"

    class Protection(models.TextChoices):
        STRICT = "strict", "strict"
        STANDARD = "standard", "standard"
        RELAXED = "relaxed", "relaxed"

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="lines")
    phone_number = models.CharField(max_length=20, unique=True)  # E.164
    behavior = models.CharField(max_length=20, choices=Behavior, default=Behavior.FIXED_WITH_ORDER)
    behavior_since = models.DateTimeField(null=True, blank=True)
    behavior_by = models.CharField(max_length=200, blank=True)
    currency = models.CharField(max_length=3, default="usd")
    fixed_amount = models.PositiveBigIntegerField(null=True, blank=True)  # minor units, as all amounts here
    floor = models.PositiveBigIntegerField()
    ceiling = models.PositiveBigIntegerField()
    usual_amount = models.PositiveBigIntegerField(null=True, blank=True)
    amounts_keyed = models.CharField(max_length=8, choices=AmountsKeyed, default=AmountsKeyed.STAR)
    accepts_unknown_orders = models.BooleanField(default=True)
    order_noun = models.CharField(max_length=8, choices=OrderNoun, default=OrderNoun.ORDER)

    locales = models.JSONField(default=default_locales)  # the first is the line's own; two: the caller chooses
    voices = models.JSONField(default=dict, blank=True)  # locale → Twilio voice
    words = models.JSONField(default=dict, blank=True)  # locale → prompt key → the owner's own words

    cards = models.JSONField(default=default_cards)  # Twilio's words for validCardTypes
    asks_postal_code = models.BooleanField(default=True)
    connector = models.CharField(max_length=64, default="Default")
    moto = models.BooleanField(default=False)
    says_statement = models.BooleanField(default=False)
    statement_prefix = models.CharField(max_length=10, blank=True)  # as the Stripe account has it

    overage = models.CharField(max_length=10, choices=Overage, default=Overage.OFF)
    overage_cap = models.PositiveBigIntegerField(default=0)
    overage_days = models.PositiveSmallIntegerField(default=30)

    # Against card testing and guessing: protection.limits.
    protection = models.CharField(
        max_length=10, choices=Protection, default=Protection.STANDARD, db_default=Protection.STANDARD
    )
    # Asked before anything of an order is told; `passes`: an order without it is told all the same.
    second_fact = models.CharField(max_length=8, choices=SecondFact, default=SecondFact.OFF, db_default=SecondFact.OFF)
    second_fact_passes = models.BooleanField(default=False, db_default=False)
    protection_may_pause = models.BooleanField(default=True, db_default=True)

    person_number = models.CharField(max_length=20, blank=True)
    person_hours = models.JSONField(default=dict, blank=True)  # weekday "0" (Monday) … "6" → [["09:00", "17:00"], …]

    entry_seconds = models.PositiveSmallIntegerField(default=8)
    choice_seconds = models.PositiveSmallIntegerField(default=8)
    field_seconds = models.PositiveSmallIntegerField(default=10)
    tries = models.PositiveSmallIntegerField(default=3)
    tries_per_call = models.PositiveSmallIntegerField(default=6)
    unknown_tries = models.PositiveSmallIntegerField(default=3)
    paused = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(floor__gte=1), name="line_floor_positive"),
            models.CheckConstraint(condition=models.Q(ceiling__gte=models.F("floor")), name="line_ceiling_above_floor"),
            models.CheckConstraint(
                condition=models.Q(fixed_amount__isnull=False) | ~models.Q(behavior__startswith="fixed"),
                name="line_fixed_amount_there",
            ),
            models.CheckConstraint(
                condition=models.Q(fixed_amount__isnull=True)
                | models.Q(fixed_amount__gte=models.F("floor"), fixed_amount__lte=models.F("ceiling")),
                name="line_fixed_amount_within",
            ),
            models.CheckConstraint(
                condition=models.Q(overage="off") | models.Q(overage_cap__gte=1, overage_days__gte=1),
                name="line_overage_has_cap",
            ),
        ]

    def __str__(self) -> str:
        return self.phone_number

    @property
    def asks_order_number(self) -> bool:
        return self.behavior in (self.Behavior.FIXED_WITH_ORDER, self.Behavior.CALLER_WITH_ORDER)

    @property
    def has_fixed_amount(self) -> bool:
        return self.behavior in (self.Behavior.FIXED_WITH_ORDER, self.Behavior.FIXED)
