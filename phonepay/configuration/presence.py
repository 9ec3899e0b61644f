"""A process says in the database that it is there, for those who look from another machine."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta

import phonepay
from phonepay.configuration.models import Process

WORKER, WEB = "worker", "web"
EVERY = {WORKER: timedelta(seconds=15), WEB: timedelta(minutes=1)}
SILENT_AFTER = {WORKER: timedelta(minutes=1), WEB: timedelta(minutes=3)}
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
        """Say it, as often as EVERY has it; those who have been silent for a week are forgotten."""
        if self._said is not None and now - self._said < EVERY[self._row.kind]:
            return
        if self._said is None or not Process.objects.filter(pk=self._row.pk).update(seen_at=now):
            self._row.seen_at = now
            self._row.save(force_insert=True)
            Process.objects.filter(seen_at__lt=now - KEPT).delete()
        self._said = now

    def end(self, now: datetime) -> None:
        """Goodbye: it stopped as it was told to."""
        Process.objects.filter(pk=self._row.pk).update(stopped_at=now, seen_at=now)


def is_there(row: Process, now: datetime) -> bool:
    return row.stopped_at is None and row.seen_at > now - SILENT_AFTER[row.kind]


def last_seen(kind: str) -> Process | None:
    """The one of its kind that was heard of last, on whichever host; those who said goodbye come after the others."""
    rows = Process.objects.filter(kind=kind).order_by("-seen_at")
    return rows.filter(stopped_at=None).first() or rows.first()


def at_work(kind: str, now: datetime) -> list[Process]:
    """Those who are there, by their hosts."""
    heard = Process.objects.filter(kind=kind, stopped_at=None, seen_at__gt=now - SILENT_AFTER[kind])
    return list(heard.order_by("host", "pid"))
