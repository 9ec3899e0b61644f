"""What a process has read of the kept keys, and when: read again every few seconds, and at once after a change.

Only what is committed is known to the whole process. A transaction that changed keys sees its own change, and nobody
else does: where it is rolled back, what it had read is gone with it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping

from django.db import DatabaseError, InterfaceError, connection, transaction

logger = logging.getLogger(__name__)

READ_AGAIN = 10.0  # seconds
REREAD_PAUSE = 0.5  # seconds between two looks that a bad signature may cause, whoever sends it

Values = Mapping[str, tuple[str, ...]]


class _Uncommitted:
    """A change of the transaction under way, among what is to be done when that is committed.

    A rollback takes it away there (Django drops the callbacks of what was rolled back), and its reading with it.
    """

    def __init__(self, committed: Callable[[], None]) -> None:
        self._committed = committed
        self.values: Values | None = None
        self.until = 0.0

    def __call__(self) -> None:
        self._committed()


class Cache:
    """The kept values by name, as `read` finds them; by the clock that nobody sets."""

    def __init__(self, read: Callable[[], Values]) -> None:
        self._read = read
        self._reading = threading.Lock()
        self._values: Values | None = None
        self._until = 0.0
        self._looked_early = -REREAD_PAUSE
        self._changes = 0  # made in this process, and how many of them what was read can have seen
        self._seen = 0

    def values(self) -> Values:
        if (own := _of_this_transaction()) is not None:
            return self._own(own)
        # Who finds another reading goes on with what is known; it waits only at the very first, and after a change.
        wait = self._values is None or self._seen != self._changes
        if time.monotonic() >= self._until and self._reading.acquire(blocking=wait):
            try:
                if time.monotonic() >= self._until:
                    self._look()
            finally:
                self._reading.release()
        return self._values or {}

    def look_early(self, name: str, known: tuple[str, ...] | None) -> bool:
        """Look at once, where `name` still is what is `known`; True where it now has another value."""
        known = self._of(name) if known is None else known
        # A request does not wait long for another's look, which may itself wait for a database that is away.
        if not self._reading.acquire(timeout=REREAD_PAUSE):
            return False
        try:
            if self._of(name) == known and time.monotonic() - self._looked_early >= REREAD_PAUSE:
                self._looked_early = time.monotonic()
                self._look()
        finally:
            self._reading.release()
        return self._of(name) != known

    def look(self) -> None:
        with self._reading:
            self._look()

    def changed(self) -> None:
        """This transaction changed keys: it reads its own from now on, and everybody anew once it is committed."""
        transaction.on_commit(_Uncommitted(self.forget))

    def forget(self) -> None:
        """The next who asks reads, and what is being read at this moment does not count for long."""
        self._changes += 1
        self._until = 0.0
        if (own := _of_this_transaction()) is not None:
            own.until = 0.0

    def start_with(self, values: Values, *, seconds: float) -> None:
        """As if this had been read just now, for so many seconds."""
        self._values, self._until, self._looked_early = dict(values), time.monotonic() + seconds, -REREAD_PAUSE
        self._seen = self._changes
        if (own := _of_this_transaction()) is not None:
            own.values, own.until = self._values, self._until

    def _of(self, name: str) -> tuple[str, ...]:
        known = self._values if (own := _of_this_transaction()) is None else own.values
        return (known or {}).get(name, ())

    def _own(self, own: _Uncommitted) -> Values:
        if time.monotonic() >= own.until:
            own.values, own.until = self._found(own.values), time.monotonic() + READ_AGAIN
        return own.values or {}

    def _look(self) -> None:
        if (own := _of_this_transaction()) is not None:
            own.until = 0.0
            self._own(own)
            return
        changes = self._changes
        self._values = self._found(self._values)
        # While the database is away, not each call waits for it.
        self._until = time.monotonic() + READ_AGAIN
        self._seen = changes
        if changes != self._changes:
            self._until = 0.0

    def _found(self, known: Values | None) -> Values | None:
        try:
            return self._read()
        except (DatabaseError, InterfaceError):
            # What was known counts on: callers are answered, and the check says that the database is away.
            logger.debug("the kept keys could not be read", exc_info=True)
            return known


def _of_this_transaction() -> _Uncommitted | None:
    """The last change of this thread's transaction that is neither committed nor rolled back."""
    waiting = (entry[1] for entry in reversed(connection.run_on_commit))  # (savepoints, callback, robust)
    return next((work for work in waiting if isinstance(work, _Uncommitted)), None)
