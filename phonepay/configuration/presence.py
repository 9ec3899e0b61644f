"""A worker says in the database that it is there, for those who look from another machine."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta

import phonepay
from phonepay.configuration.models import Process

EVERY = timedelta(seconds=15)
SILENT_AFTER = timedelta(minutes=1)
KEPT = timedelta(days=7)


class Presence:
    """One process, from its start to its goodbye."""

    def __init__(self, kind: str, now: datetime) -> None:
        self._row = Process(
            kind=kind,
            host=socket.gethostname()[:120],
            pid=os.getpid(),
            version=phonepay.__version__[:32],
            started_at=now,
            seen_at=now,
        )
        self._said: datetime | None = None

    def beat(self, now: datetime) -> None:
        """Say it, at most four times a minute; those who have been silent for a week are forgotten."""
        if self._said is not None and now - self._said < EVERY:
            return
        if self._said is None or not Process.objects.filter(pk=self._row.pk).update(seen_at=now):
            self._row.seen_at = now
            self._row.save(force_insert=True)
            Process.objects.filter(seen_at__lt=now - KEPT).delete()
        self._said = now

    def end(self, now: datetime) -> None:
        """Goodbye: it stopped as it was told to."""
        Process.objects.filter(pk=self._row.pk).update(stopped_at=now, seen_at=now)
