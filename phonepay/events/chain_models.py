"""AuditKey, Seal, ActivityCheck: what makes a changed, removed or added event be found."""

from __future__ import annotations

from django.db import models

from phonepay.events.append_only import AppendOnly


class AuditKey(models.Model):
    """The secret of the digests and seals, encrypted under a key that is derived from the installation's own.

    A new encryption key wraps it anew; the secret stays, so that what was sealed can be verified for good.
    """

    number = models.BigIntegerField(primary_key=True)
    wrapped = models.CharField(max_length=500)
    made_at = models.DateTimeField()


class Seal(AppendOnly):
    """Some events under one link of the chain. `number` counts from 1 without a gap; who comes second does not seal.

    `entries` holds 8 bytes of id and 32 of digest for each event. `high` is the highest id so far, `total` how many
    events are sealed so far. `gaps` are ids below `high` that may still be committed: [first, last, since when].
    """

    number = models.BigIntegerField(primary_key=True)
    key = models.BigIntegerField()
    sealed_at = models.DateTimeField()
    high = models.BigIntegerField()
    total = models.BigIntegerField()
    gaps = models.JSONField(default=list)
    entries = models.BinaryField()
    link = models.CharField(max_length=64)  # over all of this and the link before, in hexadecimal


class ActivityCheck(models.Model):
    """The worker's own verification, a slice a round: how far it is, and what the last whole one found."""

    started_at = models.DateTimeField(null=True)
    cursor = models.BigIntegerField(default=0)  # the seal that was looked at last
    link = models.CharField(max_length=64, blank=True)
    found = models.JSONField(default=list)  # so far
    finished_at = models.DateTimeField(null=True)
    seals = models.BigIntegerField(default=0)
    events = models.BigIntegerField(default=0)
    breaks = models.JSONField(default=list)
