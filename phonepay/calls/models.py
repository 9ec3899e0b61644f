"""Call: one telephone call, where its conversation stands, and every turn of it.

The turns are a list in the call's own row, not rows of their own: a turn then costs one UPDATE instead of an UPDATE and
an INSERT, which is a fifth of all statements of a paid call, and nobody ever asks for a turn without its call.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from phonepay.calls.asked import Asked
from phonepay.calls.day_models import CallDay, CallDaysKept
from phonepay.ivr.script import Script
from phonepay.ivr.state import State
from phonepay.merchant.models import Line, Merchant
from phonepay.payments.fields import StripeIdField
from phonepay.payments.models import Payment
from phonepay.protection.models import Measure

__all__ = ["Call", "CallDay", "CallDaysKept", "Erasure"]


class Call(models.Model):
    """`script` is the line as it was when the call began; `state` where the conversation stands after turn `turn`.

    `told` is what the caller heard about the money last (calls.told), apart from what is true of it: "", paid,
    checking, not_charged, nothing_to_pay. `ended` is how the conversation ended (ivr.endings, or hung_up), `ended_at`
    when the line went dead. `stopped` is the step at which a call ended without a payment, as far as is known when it
    ends ("refused" where the caller was not let in); a payment that succeeds later belongs to no stop.
    """

    sid = models.CharField(max_length=64, unique=True)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="calls")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="calls")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, related_name="+")
    phone = models.CharField(max_length=20, blank=True)  # E.164; empty where the caller hides it
    script = models.JSONField()
    state = models.JSONField()
    turn = models.PositiveSmallIntegerField(default=0)
    turns = models.JSONField(default=list)
    told = models.CharField(max_length=16, blank=True)
    step = models.CharField(max_length=24, blank=True)
    ended = models.CharField(max_length=24, blank=True)
    stopped = models.CharField(max_length=24, blank=True, default="", db_default="")
    livemode = models.BooleanField(default=False, db_default=False)
    # protection.callers.key_of, while the caller is on the line
    caller = StripeIdField(max_length=64, blank=True, default="", db_default="")
    numbers = models.PositiveSmallIntegerField(default=0, db_default=0)  # order numbers that were keyed
    started_at = models.DateTimeField()
    last_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    seconds = models.PositiveIntegerField(null=True)  # as Twilio counted them
    # Who heard "being checked" got the end of it then: by a letter, or from a person who says so.
    end_told_at = models.DateTimeField(null=True)
    pruned_at = models.DateTimeField(null=True)  # its turns were forgotten then
    ended_asked = models.JSONField(null=True)  # of the status callback that ended it: calls.asked

    # The request that is being answered: the next turn keeps what may be kept of it.
    asked: Asked | None = None
    # What is held against the caller and on the line, and whether any card is turned away: reading.find has them.
    callers_guard: Measure | None = None
    its_guard: Measure | None = None
    cards_turned_away = False
    script_changed = False  # the script has more to say of it since the call was read

    class Meta:
        indexes = [
            models.Index(fields=["merchant", "started_at"], name="call_by_time"),
            # How calls ended, where they stopped and who called, each newest first.
            models.Index(fields=["merchant", "ended", "started_at"], name="call_by_ending"),
            models.Index(fields=["merchant", "stopped", "started_at"], name="call_by_stop"),
            models.Index(fields=["merchant", "phone", "started_at"], name="call_by_phone"),
            models.Index(fields=["ended_at", "last_at"], name="call_still_open"),
            models.Index(fields=["merchant", "ended_at", "started_at"], name="call_on_the_line"),
            models.Index(fields=["merchant", "told", "end_told_at"], name="call_owed_the_end"),
            models.Index(fields=["pruned_at", "ended_at"], name="call_to_prune"),
        ]

    def __str__(self) -> str:
        return self.sid

    def the_script(self) -> Script:
        return Script.from_dict(self.script)

    def the_state(self) -> State:
        return State.from_dict(self.state)

    @property
    def connector(self) -> str:
        """Twilio's name of the Pay connector, as the line had it when the call began or last asked for a card."""
        return str(self.script["connector"])

    @property
    def last_turn(self) -> dict[str, Any]:
        turns: list[dict[str, Any]] = self.turns
        return turns[-1]


class Erasure(models.Model):
    """A person whose data were erased. It names nobody: `cards` are the payments whose card Stripe still keeps."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="erasures")
    asked_at = models.DateTimeField()
    cards = models.JSONField(default=list)
    done_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"erasure {self.pk}"
