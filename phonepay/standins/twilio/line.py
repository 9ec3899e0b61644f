"""What the caller does, on the telephone's clock: keys, hanging up, a person who answers."""

from __future__ import annotations

import bisect
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Literal

from phonepay.standins.twilio.clock import Clock

State = Literal["listening", "paying", "ringing"]
#: Seconds after which Twilio ends any call.
LONGEST_CALL = 4 * 60 * 60.0


class CallEnds(Exception):
    """The call is over; ``by`` tells who or what ended it."""

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


@dataclass(frozen=True)
class Listening:
    """What the call waits for: the state, what it listens for, until when, and how many keys came already."""

    state: State
    what: str
    until: float
    attempt: int = 1
    keyed: int = 0


@dataclass(frozen=True, order=True)
class Event:
    """One thing that the caller, or the person called, does at a moment (seconds since the answer)."""

    at: float
    order: int
    kind: Literal["key", "hang-up", "answer", "refuse", "api"] = field(compare=False)
    value: str = field(default="", compare=False)


class Line:
    """The arranged events in their order, and the keys that nobody has taken yet."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.buffer: deque[str] = deque()
        self.silent = False
        self._arranged: list[Event] = []
        self._count = 0

    def arrange(self, kind: Literal["key", "hang-up", "answer", "refuse", "api"], at: float, value: str = "") -> None:
        """Let something happen at a moment; what is arranged for the past happens now."""
        self._count += 1
        bisect.insort(self._arranged, Event(max(at, self.clock.seconds), self._count, kind, value))

    def forget(self, kind: str) -> None:
        """Drop what is arranged of one kind."""
        self._arranged = [event for event in self._arranged if event.kind != kind]

    @property
    def last_key_at(self) -> float:
        """When the last arranged key is pressed; the moment now, if none is."""
        return max([event.at for event in self._arranged if event.kind == "key"], default=self.clock.seconds)

    def due(self, until: float) -> Event | None:
        """The next event up to a moment, after the clock has gone to it; a hang-up ends the call."""
        if self.clock.seconds > LONGEST_CALL:
            raise CallEnds("limit")
        if not self._arranged or self._arranged[0].at > until:
            return None
        event = self._arranged.pop(0)
        self.clock.advance_to(event.at)
        if event.kind == "hang-up":
            raise CallEnds("caller")
        if event.kind == "api":
            raise CallEnds("api")
        return event

    def event(self, listening: Listening) -> Generator[Listening, None, Event | None]:
        """The next event while the call listens, or None when the time is up.

        Where nothing is arranged, the caller is asked what to do: that is the moment at which ``press`` and the like
        return.
        """
        while True:
            event = self.due(listening.until)
            if event is not None:
                return event
            if self._arranged or self.silent:
                self.silent = False
                self.clock.advance_to(listening.until)
                return None
            yield listening
