"""Load: a file on its way into orders; LoadPiece: the file itself, encrypted; LoadRow: one of its rows as read."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models

from phonepay.merchant.models import Merchant


def _nothing() -> dict[str, Any]:
    return {}


class Load(models.Model):
    """`due_at` and `lease_until` are the worker's: what is owed is the next slice, or that an old load is cleared."""

    class Status(models.TextChoices):
        MATCHING = "matching", "columns are being matched"
        READING = "reading", "being read"
        READY = "ready", "read"
        LOADING = "loading", "being loaded"
        LOADED = "loaded", "loaded"
        DISCARDED = "discarded", "discarded"

    AT_WORK = (Status.READING, Status.LOADING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=Status, default=Status.MATCHING)
    file_name = models.CharField(max_length=200)
    kind = models.CharField(max_length=4)  # csv, xlsx
    encoding = models.CharField(max_length=12, blank=True)
    delimiter = models.CharField(max_length=1, blank=True)
    sheets = models.JSONField(default=list)  # the names of a workbook's sheets
    sheet = models.PositiveSmallIntegerField(default=0)
    headed = models.BooleanField(default=True)  # the first row names the columns
    sample = models.JSONField(default=list)  # the first rows as texts, without what may be card numbers
    header_key = models.CharField(max_length=64, blank=True)  # by which a shop's earlier matching is found again
    columns = models.JSONField(default=_nothing)  # field → column, from 0
    currency = models.CharField(max_length=3)
    decimal_mark = models.CharField(max_length=1, blank=True)
    rows_total = models.PositiveIntegerField(default=0)  # about: blank rows are counted too
    rows_read = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changing = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    updates = models.BooleanField(default=False)  # also change unpaid orders that differ
    failure = models.CharField(max_length=32, blank=True)  # a name of reasons.FAILURES
    by_kind = models.CharField(max_length=16)
    by_id = models.CharField(max_length=64, blank=True)
    by_name = models.CharField(max_length=200, blank=True)
    by_source = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True, default="", db_default="")  # what broke at the last try

    class Meta:
        indexes = [models.Index(fields=["merchant", "header_key"], name="load_header")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def not_taken(self) -> int:
        return self.wrong + self.refused

    @property
    def left_alone(self) -> int:
        """Orders that the file named and that stayed as they were."""
        return self.same + (0 if self.updates else self.changing)

    @property
    def at_work(self) -> bool:
        return self.status in self.AT_WORK


class LoadPiece(models.Model):
    """Gone when the load is done or given up."""

    load = models.ForeignKey(Load, on_delete=models.CASCADE, related_name="pieces")
    place = models.PositiveSmallIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["load", "place"], name="load_piece_once")]

    def __str__(self) -> str:
        return f"piece {self.place}"


class LoadRow(models.Model):
    """`order_id` and `seen_at` tell which order it was compared with, and as of which of its changes."""

    class Outcome(models.TextChoices):
        NEW = "new", "new"
        CHANGE = "change", "changes an unpaid order"
        SAME = "same", "as it is already"
        REFUSED = "refused", "the order cannot be changed"
        WRONG = "wrong", "cannot be read"

    load = models.ForeignKey(Load, on_delete=models.CASCADE, related_name="rows", db_index=False)
    line = models.PositiveIntegerField()  # of the file, from 1
    outcome = models.CharField(max_length=8, choices=Outcome)
    number = models.CharField(max_length=24, blank=True)
    keyed = models.CharField(max_length=12, null=True)
    lettered = models.BooleanField(default=False)
    amount = models.PositiveBigIntegerField(null=True)  # minor units of the load's currency
    customer_name = models.CharField(max_length=120, blank=True)
    customer_phone = models.CharField(max_length=20, blank=True)
    customer_email = models.EmailField(blank=True)
    customer_postal = models.CharField(max_length=12, blank=True, default="", db_default="")
    note = models.CharField(max_length=500, blank=True)
    order_id = models.BigIntegerField(null=True)
    seen_at = models.DateTimeField(null=True)
    change = models.JSONField(null=True)  # {"before": …, "after": …}, as an event keeps it
    field = models.CharField(max_length=16, blank=True)  # what is wrong: a field of the file, "" for the row
    reason = models.CharField(max_length=32, blank=True)  # a name of reasons.REASONS
    value = models.CharField(max_length=80, blank=True)  # what stands there
    facts = models.JSONField(default=_nothing)  # for the reason's sentence

    class Meta:
        constraints = [models.UniqueConstraint(fields=["load", "line"], name="load_row_once")]
        indexes = [
            models.Index(fields=["load", "keyed"], name="load_row_keyed"),
            models.Index(fields=["load", "outcome", "line"], name="load_row_outcome"),
            models.Index(fields=["load", "order_id"], name="load_row_order"),
        ]

    def __str__(self) -> str:
        return f"line {self.line}"
