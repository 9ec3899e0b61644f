"""Whether Activity is still as it was written, for its page: what the worker verified last, and the head to note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from phonepay.events.verifying import newest_head
from phonepay.events.watching import last_check
from phonepay.setup.activity import activity_findings


@dataclass(frozen=True, slots=True)
class Chain:
    """`problems` are sentences; `verified_at` is None before the first verification has ended."""

    head: str
    verified_at: datetime | None
    events: int
    problems: Sequence[str]


def chain() -> Chain:
    """Four queries, whatever the number of events."""
    last = last_check()
    return Chain(
        head=newest_head(),
        verified_at=last.finished_at if last else None,
        events=last.events if last else 0,
        problems=[each.what for each in activity_findings(whole=False) if each.is_problem],
    )
