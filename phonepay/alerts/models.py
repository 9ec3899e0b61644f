"""Alert: something is wrong that a person of the shop should know. One row from its first time until it is over."""

from __future__ import annotations

from django.db import models


class Alert(models.Model):
    """`kind` is a name of alerts.kinds, `key` what it is about ("" for all of it).

    `open_key` holds the one place that an open alert of its kind and key can take; null once it is over. `seen_at`: a
    person knows, and is not told again until it gets worse or comes back. `tell_at` is when it is told next by e-mail,
    null where nothing is owed; `told_count` how many times it was told, `told_of` how many repeats were told of.
    """

    class End(models.TextChoices):
        OVER = "over", "it works again"
        QUIET = "quiet", "it did not happen again"
        SEEN = "seen", "a person settled it"

    kind = models.CharField(max_length=32)
    key = models.CharField(max_length=80, blank=True)
    open_key = models.CharField(max_length=113, null=True, unique=True)
    facts = models.JSONField(default=dict)
    count = models.PositiveIntegerField(default=1)
    since = models.DateTimeField()
    last_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=8, choices=End, blank=True)
    tell_at = models.DateTimeField(null=True, db_index=True)
    told_at = models.DateTimeField(null=True)
    told_count = models.PositiveIntegerField(default=0)
    told_of = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["closed_at", "seen_at", "since"], name="alert_open"),
            models.Index(fields=["kind", "since"], name="alert_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}".strip()
