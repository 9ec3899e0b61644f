"""The end of a sandbox, for calls: those under way end, and where somebody wants it, all of them go."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from phonepay.calls.ending import call_ended
from phonepay.calls.models import Call, CallDaysKept


def end_tried(*, since: datetime, now: datetime) -> None:
    """Whoever is still on the line has hung up: the telephone network of a sandbox ends with it."""
    for sid in Call.objects.filter(ended_at=None, started_at__gte=since).values_list("sid", flat=True):
        call_ended(sid=sid, status="completed", seconds=None, now=now)


def clear_tried(*, since: datetime) -> int:
    """Delete the test calls from `since` on; how many there were. Their days are counted anew."""
    with transaction.atomic():
        gone, _ = Call.objects.filter(livemode=False, started_at__gte=since).delete()
        CallDaysKept.objects.update(until=None)
    return gone
