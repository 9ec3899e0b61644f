"""The telephone's own clock: it moves when words are said and silence passes, never by itself."""

from __future__ import annotations

from collections.abc import Callable


class Clock:
    """Seconds since the call was answered; ``on_time`` hears every move, so that other clocks can be turned with it.

    ``pace`` is given the same seconds and may really wait for them: a call in a terminal sounds as long as it is.
    """

    def __init__(
        self, on_time: Callable[[float], None] | None = None, pace: Callable[[float], None] | None = None
    ) -> None:
        self.seconds = 0.0
        self._listeners = [listener for listener in (pace, on_time) if listener is not None]

    def advance(self, seconds: float) -> None:
        """Let seconds pass; a negative or zero step is none."""
        if seconds <= 0:
            return
        self.seconds += seconds
        for listener in self._listeners:
            listener(seconds)

    def advance_to(self, at: float) -> None:
        """Let the time pass until ``at`` (seconds since the answer); a moment already past is now."""
        self.advance(at - self.seconds)
