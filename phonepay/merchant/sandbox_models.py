"""SandboxStay: a time in which this installation talks to the stand-ins on its own machine."""

from __future__ import annotations

from django.db import models


class SandboxStay(models.Model):
    """From `started_at` until somebody left it. `orders` are those that were made for it, so that they can go again."""

    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=200, blank=True)
    orders = models.JSONField(default=list)
    left_at = models.DateTimeField(null=True)
    cleared = models.BooleanField(null=True)  # whether what was tried went too; null while it goes on

    def __str__(self) -> str:
        return f"sandbox since {self.started_at}"
