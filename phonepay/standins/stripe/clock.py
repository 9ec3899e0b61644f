"""The stand-in's own time: it runs with the machine's until it is told to stand still, and can be turned forward."""

import threading
import time
from collections.abc import Callable


class Clock:
    """Unix seconds. Without `now` it runs; with `now` it stands still until turned by `advance` or `set`."""

    def __init__(self, now: int | None = None) -> None:
        self._lock = threading.Lock()
        self._frozen = now
        self._offset = 0
        self._listeners: list[Callable[[], None]] = []

    @property
    def runs(self) -> bool:
        return self._frozen is None

    @property
    def offset(self) -> int:
        """Seconds that a running clock is ahead of the machine's."""
        return self._offset

    def now(self) -> int:
        with self._lock:
            return self._now()

    def _now(self) -> int:
        return int(time.time()) + self._offset if self._frozen is None else self._frozen

    def advance(self, seconds: int) -> int:
        """Turn forward; whatever became due (retries, failing refunds) is done at once or by the background thread."""
        if seconds < 0:
            raise ValueError("time only goes forward")
        with self._lock:
            if self._frozen is None:
                self._offset += seconds
            else:
                self._frozen += seconds
            now = self._now()
        self._tell()
        return now

    def set(self, unix: int) -> None:
        """Set the time; a running clock goes on from there."""
        with self._lock:
            if self._frozen is None:
                self._offset = unix - int(time.time())
            else:
                self._frozen = unix
        self._tell()

    def restore(self, offset: int) -> None:
        """Take up the offset of an earlier run of the same state."""
        with self._lock:
            self._offset = offset

    def on_turn(self, listener: Callable[[], None]) -> None:
        self._listeners.append(listener)

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
