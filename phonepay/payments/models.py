"""Payment, CardAttempt, Refund, LedgerEntry, StripeEvent: one row a fact, constraints for what must never happen.

Amounts are integers in the minor unit of the currency beside them. Rows that somebody still owes work on carry
`due_at` (when), `lease_until` (who comes first) and `tries`.
"""

from __future__ import annotations

import uuid

from django.db import models

from phonepay.events.append_only import AppendOnly
from phonepay.merchant.models import Line, Merchant
from phonepay.orders.claims import Terms
from phonepay.orders.models import Order
from phonepay.payments.attempt_models import CardAttempt
from phonepay.payments.book_models import Discrepancy, Payout, ReconciliationRun
from phonepay.payments.day_models import DaysKept, LedgerDay
from phonepay.payments.dispute_models import Dispute, EarlyFraudWarning
from phonepay.payments.event_models import StripeEvent
from phonepay.payments.fields import StripeIdField
from phonepay.payments.hold import Hold
from phonepay.payments.poll_models import EventPoll

# All models of this room; those in files of their own stand beside their verbs, and Django looks for them here.
__all__ = [
    "CardAttempt",
    "DaysKept",
    "Discrepancy",
    "Dispute",
    "EarlyFraudWarning",
    "EventPoll",
    "Hold",
    "LedgerDay",
    "LedgerEntry",
    "Payment",
    "Payout",
    "ReconciliationRun",
    "Refund",
    "StripeEvent",
]


class Payment(models.Model):
    """What a caller agreed to pay, or an extra charge on the card of such a payment.

    `id` is random: it is the payment's identity at Stripe and the root of its idempotency keys, and neither a restored
    backup nor a second installation may ever use one again. `attempt` is the card being keyed or charged now.

    `claim` holds the one charge that an order may have, under way or gone through, per mode; for an extra charge, the
    one under way. It is freed by a proven no-charge and by a full refund.
    """

    class Kind(models.TextChoices):
        INITIAL = "initial", "payment"
        OVERAGE = "overage", "extra charge"

    class Status(models.TextChoices):
        AGREED = "agreed", "waiting for a card"
        CHARGING = "charging", "being checked"
        UNKNOWN = "unknown", "being checked"
        SUCCEEDED = "succeeded", "paid"
        DECLINED = "declined", "declined"
        ABANDONED = "abandoned", "not paid"
        FAILED = "failed", "not charged"

    OPEN = (Status.AGREED, Status.CHARGING, Status.UNKNOWN, Status.DECLINED)
    UNDER_WAY = (Status.CHARGING, Status.UNKNOWN)
    NOT_CHARGED = (Status.DECLINED, Status.ABANDONED, Status.FAILED)

    cleared = False  # claimed by this very process, by a statement that saw no hold; no column

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="payments")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="payments")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="payments")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="overages")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.INITIAL)
    call_sid = models.CharField(max_length=64, blank=True, db_index=True)
    phone = models.CharField(max_length=20, blank=True)  # E.164; empty where hidden
    number = models.CharField(max_length=24, blank=True)  # the order's, as the shop writes it or as it was keyed
    keys = models.CharField(max_length=12, blank=True)  # of a number that no order had when it was agreed
    behavior = models.CharField(max_length=20, blank=True)
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    confirmation = models.CharField(max_length=6, null=True)  # extra charges have none

    status = models.CharField(max_length=10, choices=Status, default=Status.AGREED)
    claim = models.CharField(max_length=64, null=True, unique=True)  # null: nothing is held
    overpaid = models.BooleanField(default=False)
    refunded = models.PositiveBigIntegerField(default=0)  # refunds asked for that have not failed
    disputed = models.PositiveBigIntegerField(default=0, db_default=0)  # with the bank now, or lost to it
    refund_blocked = models.BooleanField(default=False, db_default=False)  # by an open dispute
    overage_used = models.PositiveBigIntegerField(default=0)  # extra charges under way, unknown or gone through

    attempt = models.UUIDField(default=uuid.uuid4)
    attempt_number = models.PositiveSmallIntegerField(default=1)
    payment_method = StripeIdField(blank=True, default="")
    card_brand = models.CharField(max_length=16, blank=True)
    card_last4 = models.CharField(max_length=4, blank=True)
    fingerprint = StripeIdField(blank=True, default="", db_default="")  # of the card that was tried last
    decline_code = models.CharField(max_length=40, blank=True)
    failure = models.CharField(max_length=200, blank=True)

    connector = models.CharField(max_length=64, blank=True)
    stripe_account = StripeIdField(blank=True, default="")
    livemode = models.BooleanField()
    moto = models.BooleanField(default=False)
    description = models.CharField(max_length=200, blank=True)
    descriptor_suffix = models.CharField(max_length=22, blank=True)
    intent_id = StripeIdField(null=True, unique=True)  # null until Stripe has one
    charge_id = StripeIdField(blank=True, default="")
    customer_id = StripeIdField(blank=True, default="")
    card_gone_at = models.DateTimeField(null=True)  # Stripe keeps the card no more

    consent_wording = models.TextField(blank=True)  # empty: the caller did not allow later charges
    consent_locale = models.CharField(max_length=8, blank=True)
    consent_key = models.CharField(max_length=1, blank=True)
    consent_cap = models.PositiveBigIntegerField(default=0)
    consent_until = models.DateTimeField(null=True)

    tells_customer = models.BooleanField(default=True, db_default=True)  # of an extra charge
    by_name = models.CharField(max_length=200, blank=True)  # who asked for an extra charge
    request_key = models.CharField(max_length=64, null=True, unique=True)  # of an extra charge
    agreed_at = models.DateTimeField()
    charging_at = models.DateTimeField(null=True)  # by the database's clock: waiting is measured against it
    settled_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True, default="", db_default="")  # of the worker's last try

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant", "confirmation"], name="payment_confirmation_once"),
            models.CheckConstraint(condition=models.Q(amount__gte=1), name="payment_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(refunded__lte=models.F("amount")), name="payment_refunded_within_amount"
            ),
            models.CheckConstraint(
                condition=models.Q(overage_used__lte=models.F("consent_cap")), name="payment_overage_within_cap"
            ),
            models.CheckConstraint(
                condition=~models.Q(charge_id="") & models.Q(order__isnull=False) | ~models.Q(status="succeeded"),
                name="payment_succeeded_has_charge",
            ),
            models.CheckConstraint(
                condition=models.Q(status="succeeded") | models.Q(refunded=0), name="payment_refunded_only_if_paid"
            ),
        ]
        indexes = [
            models.Index(fields=["merchant", "phone", "agreed_at"], name="payment_by_phone"),
            models.Index(fields=["merchant", "agreed_at"], name="payment_by_time"),
            models.Index(fields=["charge_id"], name="payment_by_charge"),
            models.Index(fields=["payment_method"], name="payment_by_card"),
            models.Index(fields=["customer_id"], name="payment_by_customer"),
            # Lists, their filters and the search, each newest first.
            models.Index(fields=["merchant", "livemode", "agreed_at"], name="payment_by_mode"),
            models.Index(fields=["merchant", "livemode", "status", "agreed_at"], name="payment_by_status"),
            models.Index(fields=["merchant", "livemode", "kind", "agreed_at"], name="payment_by_kind"),
            models.Index(fields=["merchant", "livemode", "overpaid", "refunded"], name="payment_overpaid"),
            models.Index(fields=["merchant", "card_last4", "agreed_at"], name="payment_by_last4"),
            models.Index(fields=["merchant", "amount", "agreed_at"], name="payment_by_amount"),
            models.Index(fields=["merchant", "number", "agreed_at"], name="payment_by_number"),
            models.Index(fields=["merchant", "stripe_account", "agreed_at"], name="payment_by_account"),
            models.Index(fields=["merchant", "livemode", "keys"], name="payment_by_new_number"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.confirmation or self.pk}"

    @property
    def terms(self) -> Terms:
        """What was agreed, as the orders room needs it."""
        return Terms(
            merchant_id=self.merchant_id,
            order_id=None if self.keys else self.order_id,
            keys=self.keys,
            amount=self.amount,
            currency=self.currency,
            livemode=self.livemode,
            phone=self.phone,
        )

    @property
    def refundable(self) -> int:
        """Minor units that can still go back. None while a dispute is open, but for an inquiry that allows it."""
        if self.status != self.Status.SUCCEEDED or self.refund_blocked:
            return 0
        return max(0, self.amount - self.refunded - self.disputed)


class Refund(models.Model):
    """Money on its way back to the card of one charge. An order's refund is one per charge, with one `request_key`."""

    class Status(models.TextChoices):
        ASKED = "asked", "being checked"  # committed, not yet answered by Stripe
        UNKNOWN = "unknown", "being checked"
        PENDING = "pending", "being checked"
        WAITING = "waiting", "waiting"  # Stripe's balance is too low; it goes out by itself
        SUCCEEDED = "succeeded", "refunded"
        FAILED = "failed", "failed"

    IN_FLIGHT = (Status.ASKED, Status.UNKNOWN)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="refunds")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    livemode = models.BooleanField()
    stripe_account = StripeIdField(blank=True, default="")
    reason = models.CharField(max_length=24)
    note = models.CharField(max_length=500, blank=True)
    by_kind = models.CharField(max_length=16)
    by_name = models.CharField(max_length=200, blank=True)
    request_key = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED)
    in_flight = models.UUIDField(null=True, unique=True)  # the payment's id while Stripe has not answered
    stripe_id = StripeIdField(null=True, unique=True)  # null until Stripe has one
    failure = models.CharField(max_length=200, blank=True)
    set_aside_at = models.DateTimeField(null=True)  # one that failed was paid back another way
    set_aside_by = models.CharField(max_length=200, blank=True, db_default="", default="")
    set_aside_how = models.CharField(max_length=500, blank=True, db_default="", default="")
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True, default="", db_default="")  # of the worker's last try

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request_key", "payment"], name="refund_once_per_request"),
            models.CheckConstraint(condition=models.Q(amount__gte=1), name="refund_amount_positive"),
        ]
        indexes = [
            models.Index(fields=["merchant", "livemode", "asked_at"], name="refund_by_time"),
            models.Index(fields=["merchant", "livemode", "status", "asked_at"], name="refund_by_status"),
        ]

    def __str__(self) -> str:
        return f"refund {self.pk}"


class LedgerEntry(AppendOnly):
    """One movement of money that Stripe made, signed from the shop's side. Append-only: see ledger.post()."""

    class Kind(models.TextChoices):
        SALE = "sale", "payment"
        OVERAGE = "overage", "extra charge"
        REFUND = "refund", "refund"
        REFUND_FAILED = "refund_failed", "refund that failed"
        DISPUTE_WITHDRAWN = "dispute_withdrawn", "withdrawn by a dispute"
        DISPUTE_REINSTATED = "dispute_reinstated", "given back by a dispute"
        FEE = "fee", "fee"
        ADJUSTMENT = "adjustment", "adjustment"

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="ledger_entries")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="ledger_entries")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="ledger_entries")
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, null=True, related_name="ledger_entries")
    kind = models.CharField(max_length=20, choices=Kind)
    stripe_object = StripeIdField()
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    settlement_amount = models.BigIntegerField(null=True)
    settlement_currency = models.CharField(max_length=3, blank=True)
    livemode = models.BooleanField()
    stripe_account = StripeIdField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stripe_object", "kind"], name="ledger_entry_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["sale", "overage", "refund_failed", "dispute_reinstated"], amount__gt=0)
                | models.Q(kind__in=["refund", "dispute_withdrawn"], amount__lt=0)
                | models.Q(kind__in=["fee", "adjustment"]),
                name="ledger_entry_sign",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant", "at"], name="ledger_by_time"),
            # All that the sums of a day read: the rows themselves are not touched.
            models.Index(fields=["merchant", "livemode", "at", "kind", "currency", "amount"], name="ledger_by_mode"),
            models.Index(fields=["merchant", "livemode", "kind", "at"], name="ledger_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"
