"""What this room owes: listen, look whether all is well, tell alerts, send letters, forget old ones."""

from __future__ import annotations

from datetime import datetime

from phonepay.alerts import notes
from phonepay.notifications import hearing, outbox, retention, telling, watch


def run_due(now: datetime) -> int:
    """For the worker; returns how many rows were worked on."""
    noted = notes.flush(now=now)
    heard = hearing.run_due(now)
    forgotten = retention.run_due(now) if watch.run_due(now) else 0
    return noted + heard + telling.run_due(now) + outbox.run_due(now) + forgotten


def run_without_worker(now: datetime) -> None:
    """For the web process, every now and then: while no worker is there to do it, tell the alerts, that one among
    them."""
    if watch.worker(now):
        telling.run_due(now)
        outbox.run_due(now)
