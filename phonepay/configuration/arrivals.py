"""When Twilio and Stripe last came through with a request of theirs: the proof that nothing from here can give.

A caller's request only remembers it; a thread of the web process writes it within the minute.
"""

from __future__ import annotations

import threading
from datetime import datetime

from django.db import models

from phonepay.configuration.models import Arrival

TWILIO, STRIPE = "twilio", "stripe"

_lock = threading.Lock()
_noted: dict[str, datetime] = {}


def note(whose: str, now: datetime) -> None:
    """A request that was proven to be theirs; no database, and it never raises."""
    with _lock:
        _noted[whose] = now


def write() -> None:
    """Keep what was noted, each the latest. What the database refuses stays noted; its error is raised."""
    with _lock:
        taken = dict(_noted)
        _noted.clear()
    try:
        for whose, at in list(taken.items()):
            later = models.Q(last_at__gt=at)
            if not Arrival.objects.filter(pk=whose).exclude(later).update(last_at=at):
                Arrival.objects.bulk_create([Arrival(whose=whose, last_at=at)], ignore_conflicts=True)
            del taken[whose]
    finally:
        with _lock:
            for whose, at in taken.items():
                _noted[whose] = max(at, _noted.get(whose, at))


def last(whose: str) -> datetime | None:
    """When they came last, as far as it is written; None for never."""
    return Arrival.objects.filter(pk=whose).values_list("last_at", flat=True).first()


def forget() -> None:
    """Drop what was noted: for tests."""
    with _lock:
        _noted.clear()
