"""Credential: one key of a vendor, encrypted."""

from __future__ import annotations

from django.db import models


class Credential(models.Model):
    """One value of one name of `credentials.NAMES`. `value` is a Fernet token: never a key that can be read.

    Where a name has several values (a token beside the one that it follows), the highest `place` is the newest. A name
    that has one value has it at place 0, so that the constraint keeps a second one out.
    """

    name = models.CharField(max_length=40)
    place = models.PositiveIntegerField(default=0)
    value = models.TextField()
    since = models.DateTimeField()
    by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "place"], name="credential_place_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.place}"
