"""Order: something to be paid, and the row that at most one payment at a time may hold."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from phonepay.merchant.models import Merchant
from phonepay.orders.fields import BytewiseField


class OrderQuerySet(models.QuerySet["Order"]):
    def payable(self, *, livemode: bool) -> OrderQuerySet:
        """To be paid in this mode: what was paid in test mode is still owed in live."""
        owed = models.Q(status=Order.Status.UNPAID)
        if livemode:
            owed |= models.Q(status__in=[Order.Status.PAID, Order.Status.REFUNDED], paid_livemode=False)
        return self.filter(owed)


class OrderManager(models.Manager.from_queryset(OrderQuerySet)):  # type: ignore[misc]  # a base made at run time
    """Orders as people know them: without the rows that only hold a new number while its first charge is under way."""

    def get_queryset(self) -> OrderQuerySet:
        return OrderQuerySet(self.model, using=self._db).exclude(status=Order.Status.RESERVED)


class Order(models.Model):
    """`keyed` is what a caller presses (keypad.keyed_form). `claimed_by` is the payment whose charge is under way or
    whose result is not known; it blocks every other charge and every change.
    """

    class Status(models.TextChoices):
        RESERVED = "reserved", "reserved"  # not an order yet: a caller's new number, held by the charge under way
        UNPAID = "unpaid", "to pay"
        PAID = "paid", "paid"
        REFUNDED = "refunded", "refunded"
        CANCELLED = "cancelled", "cancelled"
        PAID_ANOTHER_WAY = "paid_another_way", "paid another way"
        ATTACHED = "attached", "attached to another order"  # made by a caller; its payments are that order's now

    class Origin(models.TextChoices):
        SHOP = "shop", "entered by the shop"
        CALL = "call", "new from a call"

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="orders")
    number = models.CharField(max_length=24)
    keyed = models.CharField(max_length=12, null=True)  # null where two rows may both have none
    lettered = models.BooleanField(default=False)
    amount = models.PositiveBigIntegerField()  # minor units
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=20, choices=Status, default=Status.UNPAID)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.SHOP)
    claimed_by = models.UUIDField(null=True, unique=True)
    paid_at = models.DateTimeField(null=True)
    paid_livemode = models.BooleanField(null=True)
    paid_how = models.CharField(
        max_length=500, blank=True, db_default="", default=""
    )  # of one that was paid another way
    right_at = models.DateTimeField(null=True)  # somebody said that the number which a caller made is right
    attached_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="attached")
    extra_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="asked_besides")
    request_key = models.CharField(max_length=64, null=True, unique=True)  # of the form that added it
    customer_name = models.CharField(max_length=120, blank=True)
    customer_phone = models.CharField(max_length=20, blank=True)
    customer_email = models.EmailField(blank=True)
    customer_postal = models.CharField(max_length=12, blank=True, default="", db_default="")
    note = models.CharField(max_length=500, blank=True)
    load = models.ForeignKey("orders.Load", on_delete=models.SET_NULL, null=True, related_name="orders")  # it came by
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    # Kept by the database, for the search: a prefix in any case is a range of their indexes.
    name_key = models.GeneratedField(
        expression=Lower("customer_name"), output_field=BytewiseField(max_length=120), db_persist=True
    )
    number_key = models.GeneratedField(
        expression=Lower("number"), output_field=BytewiseField(max_length=24), db_persist=True
    )

    objects = OrderManager()
    with_reserved = OrderQuerySet.as_manager()

    class Meta:
        base_manager_name = "with_reserved"
        default_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["merchant", "keyed"], name="order_keyed_alike_once"),
            models.UniqueConstraint(fields=["merchant", "number"], name="order_number_once"),
            models.CheckConstraint(condition=models.Q(amount__gte=1), name="order_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(paid_at__isnull=False, paid_livemode__isnull=False)
                | ~models.Q(status__in=["paid", "refunded"]),
                name="order_paid_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(claimed_by__isnull=False) | ~models.Q(status="reserved"),
                name="order_reserved_is_claimed",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant", "status", "lettered"], name="order_lettered_unpaid"),
            models.Index(fields=["merchant", "updated_at"], name="order_by_time"),
            models.Index(fields=["merchant", "status", "updated_at"], name="order_by_status"),
            models.Index(fields=["merchant", "origin", "updated_at"], name="order_by_origin_and_time"),
            models.Index(fields=["merchant", "name_key"], name="order_by_name"),
            models.Index(fields=["merchant", "number_key"], name="order_by_number"),
            models.Index(fields=["merchant", "customer_phone", "updated_at"], name="order_by_phone"),
            models.Index(fields=["merchant", "amount", "updated_at"], name="order_by_amount"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_new_from_call(self) -> bool:
        return self.origin == self.Origin.CALL

    def is_payable(self, *, livemode: bool) -> bool:
        """The same rule as OrderQuerySet.payable, for a row in hand."""
        if self.status == self.Status.UNPAID:
            return True
        paid = self.status in (self.Status.PAID, self.Status.REFUNDED)
        return paid and livemode and not self.paid_livemode


# Django finds a room's models here. Below, because they need nothing of the above but stand in a package of their own.
from phonepay.orders.loading.models import Load, LoadPiece, LoadRow  # noqa: E402

__all__ = ["Load", "LoadPiece", "LoadRow", "Order", "OrderManager", "OrderQuerySet"]
