"""Losses and repetitions on demand: the next request that matches suffers them."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Literal

Kind = Literal["call", "pay-status", "call-status"]
Harm = Literal["lose-answer", "drop-answer", "refuse-connection", "repeat"]


@dataclass
class Fault:
    """What is to happen to a request: of which kind, with which piece of text in its address, and how often.

    ``always`` lets it happen to every request that fits.
    """

    harm: Harm
    kind: Kind = "call"
    where: str = ""
    times: int = 1
    together: bool = False
    always: bool = False


class Faults:
    """The faults that wait for their request; shared by all calls of a telephone."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Let a fault wait for the next request that it fits."""
        with self._lock:
            self._waiting.append(fault)

    def take(self, kind: Kind, url: str) -> Fault | None:
        """The fault for this attempt at a request, used up by it; a repetition is used up at once."""
        with self._lock:
            for fault in self._waiting:
                if fault.kind == kind and fault.where in url:
                    return self._use(fault)
        return None

    def _use(self, fault: Fault) -> Fault:
        if fault.always:
            return fault
        if fault.harm == "repeat":
            self._waiting.remove(fault)
            return fault
        fault.times -= 1
        if not fault.times:
            self._waiting.remove(fault)
        return fault
