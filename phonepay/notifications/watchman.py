"""A thread of the web process: writes the alerts that requests only noted, and tells of a worker that is away."""

from __future__ import annotations

import logging
import threading

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from phonepay.alerts import notes
from phonepay.configuration import arrivals
from phonepay.merchant import credentials
from phonepay.notifications.due import run_without_worker

logger = logging.getLogger(__name__)

EVERY = 5.0  # seconds between two writings
LOOK_EVERY = 12  # of them one looks whether a worker is there: once a minute


class Watchman:
    """From the start of a web process to its end; what it cannot do now it does some seconds later."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="watchman", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """Write what is left; at most a few seconds, whatever the database does."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _go_on(self) -> None:
        rounds = 0
        while not self._over.wait(EVERY):
            rounds += 1
            self._do(look=rounds % LOOK_EVERY == 0)
        self._do(look=False)

    def _do(self, *, look: bool) -> None:
        now = timezone.now()
        # Keys that were changed count here, and no caller's request reads them.
        credentials.refresh()
        try:
            if look:
                run_without_worker(now)
            else:
                notes.flush(now=now)
                arrivals.write()
        except (DatabaseError, InterfaceError):
            # What was noted stays noted: the very alert may be that the database is away.
            logger.debug("alerts could not be written", exc_info=True)
        except Exception:
            logger.exception("the watchman will look again")
        finally:
            connection.close()
