"""SetUp: how far the first set-up has come; NumberWiring: what a number did at Twilio before it was ours."""

from __future__ import annotations

from typing import Any

from django.db import models


class SetUp(models.Model):
    """One row, the installation's; one that was set up without these pages has none.

    `steps` has, by the name of a step (setup.steps), what was found there and when (`at`, ISO 8601). Secrets are never
    in it: `code_hash` and `session_hash` are SHA-256 of random texts, and keys are kept by merchant.credentials.
    """

    begun_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)  # closed for good
    code_hash = models.CharField(max_length=64, blank=True, default="")  # "" once the code was used
    code_until = models.DateTimeField(null=True)
    session_hash = models.CharField(max_length=64, blank=True, default="")  # of the session that the code opened
    nonce = models.CharField(max_length=64, blank=True, default="")  # what the public address is asked for
    nonce_until = models.DateTimeField(null=True)
    steps = models.JSONField(default=dict)
    looked_at = models.DateTimeField(null=True)  # by setup.rounds

    def __str__(self) -> str:
        return "set-up, done" if self.done_at else "set-up"

    def facts(self, step: str) -> dict[str, Any]:
        """What was found at a step; {} where it was not done yet."""
        found: dict[str, Any] = self.steps.get(step, {})
        return found


class NumberWiring(models.Model):
    """A number whose calls were sent here; `before` is what Twilio had, by the names of its REST interface."""

    number_sid = models.CharField(max_length=34)
    phone_number = models.CharField(max_length=20)
    before = models.JSONField()
    wired_at = models.DateTimeField()
    wired_by = models.CharField(max_length=200, blank=True)
    put_back_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["phone_number", "put_back_at"], name="wiring_of_number")]

    def __str__(self) -> str:
        return self.phone_number
