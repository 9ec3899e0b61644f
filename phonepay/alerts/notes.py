"""Alerts of those who must not wait for the database: remembered in memory, written by somebody else seconds later.

A caller's request that fails says so here and goes on: it pays for no statement, and it can say it while the database
is away. The web process has a thread that writes them (web and worker call `flush`); a process that is killed meanwhile
loses what it had not written, and the next failure says it again.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from phonepay.alerts.operations import alert

MOST = 200  # different ones between two writings: whoever sends us nonsense must not fill the memory


@dataclass(slots=True)
class _Noted:
    times: int
    facts: dict[str, Any]


_noted: dict[tuple[str, str], _Noted] = {}
_lock = threading.Lock()


def note(*, kind: str, key: str = "", facts: Mapping[str, Any] | None = None, times: int = 1) -> None:
    """Remember that it happened; no database, no lock that anybody holds for long. Never raises."""
    with _lock:
        found = _noted.get((kind, key))
        if found is not None:
            found.times += times
            found.facts = dict(facts or {})
        elif len(_noted) < MOST:
            _noted[kind, key] = _Noted(times, dict(facts or {}))


def flush(*, now: datetime) -> int:
    """Write what was noted. What the database refuses stays noted; its error is raised. Returns how many alerts."""
    with _lock:
        taken = dict(_noted)
        _noted.clear()
    done = 0
    try:
        for (kind, key), found in list(taken.items()):
            alert(kind=kind, key=key, facts=found.facts, times=found.times, now=now)
            del taken[kind, key]
            done += 1
    finally:
        for (kind, key), found in taken.items():
            note(kind=kind, key=key, facts=found.facts, times=found.times)
    return done


def forget() -> None:
    """Drop what was noted: for tests, and for a process that was forked off."""
    with _lock:
        _noted.clear()
