"""Sessions that are over are forgotten: each stranger who looks at the sign-in's passkey leaves one."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session

BATCH = 500


def run_due(now: datetime) -> int:
    """At most a batch; returns how many were forgotten."""
    over = list(
        Session.objects.filter(expire_date__lt=now).order_by("expire_date").values_list("pk", flat=True)[:BATCH]
    )
    return Session.objects.filter(pk__in=over).delete()[0] if over else 0
