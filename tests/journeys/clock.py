"""One clock for everybody in a journey: the product's, the database's and the stand-ins', turned by the telephone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from django.db.backends.signals import connection_created

# A Monday in November, 2:00 PM in New York, where Harbor Garage is.
NOON = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)


def _tell_the_time(connection: Any, **_: Any) -> None:
    """SQLite asks the machine for the time itself, past time_machine: let it ask Python."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("strftime", 2, _strftime)


def _strftime(shape: str, of: str) -> str:
    assert (shape, of) == ("%Y-%m-%d %H:%M:%f", "NOW"), "Django's Now() asks this way"
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


connection_created.connect(_tell_the_time)


class Clock:
    """Stands still until it is turned."""

    def __init__(self, turned: time_machine.Coordinates) -> None:
        self._turned = turned
        self._lock = threading.Lock()  # two calls at the same moment turn it both

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    def turn(self, seconds: float = 0, **parts: float) -> datetime:
        """Turn it forward, by seconds or by any part of a timedelta (minutes=10)."""
        with self._lock:
            self._turned.shift(timedelta(seconds=seconds, **parts))
        return self.now


@contextmanager
def standing_still(at: datetime = NOON) -> Iterator[Clock]:
    with time_machine.travel(at, tick=False) as turned:
        yield Clock(turned)
