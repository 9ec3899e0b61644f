"""A thread of the web process for what no request waits for: says that the process is there, writes what requests only
noted, reads keys that were changed, and tells of a worker that is away."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from phonepay.alerts import notes
from phonepay.configuration import arrivals
from phonepay.configuration.presence import WEB, Presence
from phonepay.merchant import credentials
from phonepay.notifications.due import run_without_worker

logger = logging.getLogger(__name__)

EVERY = 5.0  # seconds between two rounds
LOOK_EVERY = 12  # of them one looks whether a worker is there: once a minute


class Watchman:
    """From the start of a web process to its end; what it cannot do now it does some seconds later."""

    def __init__(self) -> None:
        self._presence = Presence(WEB, timezone.now())
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="watchman", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """Write what is left and say goodbye; at most a few seconds, whatever the database does."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _go_on(self) -> None:
        rounds = 0
        self._do(self._presence.beat)
        while not self._over.wait(EVERY):
            rounds += 1
            # Keys that were changed count here, and no caller's request reads them.
            credentials.refresh()
            self._do(self._presence.beat, _write, *([run_without_worker] if rounds % LOOK_EVERY == 0 else []))
        self._do(_write, self._presence.end)

    def _do(self, *deeds: Callable[[datetime], None]) -> None:
        try:
            for deed in deeds:
                deed(timezone.now())
        except (DatabaseError, InterfaceError):
            # What was noted stays noted: the very alert may be that the database is away.
            logger.debug("the database did not answer the watchman", exc_info=True)
        except Exception:
            logger.exception("the watchman will look again")
        finally:
            connection.close()


def _write(now: datetime) -> None:
    notes.flush(now=now)
    arrivals.write()
