"""Keeping below Stripe's rate limit: bulk reading goes at a quiet pace, and a full house (429) is waited out.

Stripe allows 100 requests a second with a live key and 25 with a test key; charges and refunds must always find room,
so whoever reads in bulk (reconciliation, the event poller) takes a small share. The pace is per process: each of them
has a lease on what it reads, so few read at once. Whatever a process asks, from whichever thread, passes one gate
that stays below the limit. Source: docs.stripe.com/rate-limits.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

from phonepay.payments.gateway import Refused

PER_SECOND = 10.0
AT_ONCE = 10  # requests that need not wait after a quiet time
LONGEST_WAIT = timedelta(minutes=10)


class Pace:
    """Lets `per_second` requests through, and `at_once` of them in one go."""

    def __init__(
        self,
        per_second: float = PER_SECOND,
        at_once: int = AT_ONCE,
        *,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], object] | None = None,
    ) -> None:
        self.per_second, self.at_once = per_second, at_once
        self._clock, self._wait = clock, wait or threading.Event().wait
        self._lock = threading.Lock()
        self._free = float(at_once)
        self._since = clock()

    def take(self) -> None:
        """Wait until the next request may go."""
        seconds = self._reserve()
        if seconds > 0:
            self._wait(seconds)

    def _reserve(self) -> float:
        with self._lock:
            now = self._clock()
            self._free = min(self.at_once, self._free + (now - self._since) * self.per_second) - 1
            self._since = now
            return -self._free / self.per_second if self._free < 0 else 0.0


# Of all bulk reading in this process.
BULK = Pace()

LIMITS = {True: 100, False: 25}  # requests in any second, by livemode
# The gate of this process: what may go at once and what a second brings together stay below the limit.
GATES = {True: Pace(75, 20), False: Pace(20, 4)}


def gate(*, livemode: bool, base: str) -> Pace | None:
    """What each request waits for; None where it is not Stripe itself that is asked."""
    return None if base else GATES[livemode]


def pause_after(error: Exception | None, tries: int) -> timedelta:
    """How long to leave Stripe alone after the `tries`th failure: what it asked for, else ever longer."""
    asked = error.retry_after if isinstance(error, Refused) else 0.0
    return min(timedelta(seconds=max(asked, 2.0 ** min(tries, 10))), LONGEST_WAIT)
