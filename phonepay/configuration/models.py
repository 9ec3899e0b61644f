"""Process: a worker or a web process as it was last seen; Arrival: when a vendor came last. For people to look at."""

from __future__ import annotations

import uuid

from django.db import models


class Process(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8)  # worker, web
    host = models.CharField(max_length=120)
    pid = models.PositiveIntegerField()
    version = models.CharField(max_length=32)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
    stopped_at = models.DateTimeField(null=True)  # null: it did not say goodbye

    def __str__(self) -> str:
        return f"{self.kind} {self.pid} on {self.host}"


class Arrival(models.Model):
    """The last request that was proven to be of one of the vendors: a row each."""

    whose = models.CharField(primary_key=True, max_length=16)  # twilio, stripe
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.whose}, {self.last_at}"
