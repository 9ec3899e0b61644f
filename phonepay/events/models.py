"""Event: a fact that was recorded, in the transaction of the change that it tells of. Never updated, never deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from phonepay.events import audit_keys
from phonepay.events.actors import Actor
from phonepay.events.append_only import AppendOnly
from phonepay.events.chain_models import ActivityCheck, AuditKey, Seal
from phonepay.events.digests import FIELDS, digest_of

# All models of this room: Django looks for them here.
__all__ = ["ActivityCheck", "AuditKey", "Event", "Seal", "record", "without_names"]


class Event(AppendOnly):
    type = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16)
    actor_id = models.CharField(max_length=64, blank=True)
    actor_name = models.CharField(max_length=200, blank=True)
    # The subject is named, not referenced: this room lies below all the others.
    subject_kind = models.CharField(max_length=16)
    subject_id = models.CharField(max_length=64)
    # From where: actors.Actor.source.
    source = models.CharField(max_length=80, blank=True, default="", db_default="")
    data = models.JSONField(default=dict)
    # A keyed hash of all the above; null where the version before recorded it. Unique, so that a copied row is refused.
    digest = models.CharField(max_length=100, null=True, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="event_subject"),
            models.Index(fields=["type", "at"], name="event_type_at"),
            models.Index(fields=["at"], name="event_at"),
            models.Index(fields=["actor_kind", "actor_id", "at"], name="event_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject_kind} {self.subject_id}"


# Facts that may name somebody. What is never changed must not hold them: that they changed is kept, not what they were.
PERSONAL = frozenset({"customer_name", "customer_phone", "customer_email", "customer_postal", "note", "paid_how"})
HIDDEN = "…"


def without_names(data: dict[str, Any]) -> dict[str, Any]:
    """The same facts, those of people hidden at every depth."""
    return {name: _hidden(name, value) for name, value in data.items()}


def _hidden(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return without_names(value)
    return HIDDEN if name in PERSONAL and value else value


def record(happened: str, *, subject: tuple[str, object], by: Actor, now: datetime, **data: Any) -> Event:
    """Record one event of `events.types`. `subject` is (kind, id).

    `data` holds JSON-safe facts, money in minor units beside its currency.
    """
    kind, identity = subject
    event = Event(
        type=happened,
        at=now,
        actor_kind=by.kind,
        actor_id=by.id[:64],
        actor_name=by.name[:200],
        subject_kind=kind,
        subject_id=str(identity),
        source=by.source[:80],
        data=without_names(data),
    )
    if key := audit_keys.current():
        facts = [getattr(event, name) for name in FIELDS]
        event.digest = str(digest_of(facts, key=key.number, secret=key.secret))
    event.save(force_insert=True)
    return event
