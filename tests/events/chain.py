"""A chain to break: a key of its own, events, seals, and SQL behind the product's back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection

from phonepay.events import audit_keys, sealing, types
from phonepay.events.actors import SYSTEM
from phonepay.events.chain_models import AuditKey
from phonepay.events.models import record

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


def fresh_key() -> None:
    """Made long before what is recorded under it."""
    AuditKey.objects.all().delete()
    audit_keys.forget()
    audit_keys.key_for_sealing(NOW - timedelta(days=30), high=0)


def recorded(many: int = 1, at: datetime = NOW) -> list[int]:
    return [
        record(types.ORDER_EDITED, subject=("order", each), by=SYSTEM, now=at, before={"amount": each}, after={}).pk
        for each in range(many)
    ]


def sealed(many: int = 6, now: datetime = NOW) -> list[int]:
    ids = recorded(many)
    assert sealing.run_due(now) == many
    return ids


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
