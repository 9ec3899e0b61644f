"""Misbehavior on demand: requests held until let go, failed, dropped, or limited, before or after the work is done."""

import fnmatch
import itertools
import threading
from typing import Literal

When = Literal["before", "after"]
Action = Literal["hold", "fail", "drop", "limit"]


class Fault:
    """One order to misbehave. `arrived` is set when the first request meets it; a held request goes on at `release`."""

    def __init__(
        self,
        identity: int,
        action: Action,
        method: str,
        pattern: str,
        *,
        when: When,
        times: int,
        status: int,
        retry_after: int | None = None,
    ) -> None:
        self.id, self.action, self.method, self.pattern = identity, action, method.upper(), pattern
        self.when, self.left, self.status, self.retry_after = when, times, status, retry_after
        self.met = 0
        self.arrived = threading.Event()
        self._free = threading.Event()
        self._abandoned = False
        self._changed = threading.Condition()

    def matches(self, method: str, path: str, when: When) -> bool:
        fits = self.method in (method, "*") and fnmatch.fnmatchcase(path, self.pattern)
        return fits and self.when == when and self.left > 0

    def meet(self) -> None:
        with self._changed:
            self.left -= 1
            self.met += 1
            self._changed.notify_all()
        self.arrived.set()

    def wait_for(self, count: int, timeout: float) -> bool:
        """Wait until `count` requests have met this fault; False when `timeout` seconds passed first."""
        with self._changed:
            return self._changed.wait_for(lambda: self.met >= count, timeout)

    def release(self) -> None:
        """Let every held request go on, and hold no more."""
        self.left = 0
        self._free.set()

    def abandon(self) -> None:
        """Let every held request end unserved, as the end of the process would."""
        self._abandoned = True
        self.release()

    def wait_released(self) -> bool:
        """Wait to be let go; False where the stand-in ends instead."""
        self._free.wait()
        return not self._abandoned

    def describe(self) -> dict[str, object]:
        names = ("id", "action", "method", "pattern", "when", "left", "status", "met")
        return {name: getattr(self, name) for name in names} | {"released": self._free.is_set()}


class Faults:
    """The orders in force. Patterns are paths with `*` for any text, such as `/v1/payment_intents/*/confirm`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._numbers = itertools.count(1)
        self._closed = False

    def hold(self, method: str, pattern: str, when: When = "before", times: int = 1) -> Fault:
        """Keep requests waiting: `before` with the work undone (its idempotency key in use), `after` with it done."""
        return self._add("hold", method, pattern, when=when, times=times)

    def fail(self, method: str, pattern: str, status: int = 500, when: When = "before", times: int = 1) -> Fault:
        """Answer with an error of Stripe's own; as at Stripe it is the answer that the idempotency key replays."""
        return self._add("fail", method, pattern, when=when, times=times, status=status)

    def drop(self, method: str, pattern: str, when: When = "before", times: int = 1) -> Fault:
        """Close the connection without an answer: `before` nothing was done, `after` everything was."""
        return self._add("drop", method, pattern, when=when, times=times)

    def rate_limit(self, method: str, pattern: str, times: int = 1, retry_after: int | None = None) -> Fault:
        """Answer 429, with `Retry-After` in seconds where it is given; the limiter stands before everything else, so
        nothing is done and nothing kept."""
        return self._add("limit", method, pattern, when="before", times=times, status=429, retry_after=retry_after)

    def _add(
        self,
        action: Action,
        method: str,
        pattern: str,
        *,
        when: When,
        times: int,
        status: int = 0,
        retry_after: int | None = None,
    ) -> Fault:
        if when not in ("before", "after") or times < 1:
            raise ValueError("a fault is before or after, at least once")
        number = next(self._numbers)
        fault = Fault(number, action, method, pattern, when=when, times=times, status=status, retry_after=retry_after)
        with self._lock:
            self._faults.append(fault)
        return fault

    def take(self, method: str, path: str, when: When, actions: tuple[Action, ...]) -> Fault | None:
        """The first order that fits this request at this moment, counted as met."""
        with self._lock:
            if self._closed:
                return None
            for fault in self._faults:
                if fault.action in actions and fault.matches(method, path, when):
                    fault.meet()
                    return fault
        return None

    def list(self) -> list[Fault]:
        with self._lock:
            return list(self._faults)

    def release(self, identity: int) -> bool:
        found = [fault for fault in self.list() if fault.id == identity]
        for fault in found:
            fault.release()
        return bool(found)

    def clear(self) -> None:
        """Let everything go on and forget every order."""
        with self._lock:
            faults, self._faults = self._faults, []
        for fault in faults:
            fault.release()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            faults, self._faults = self._faults, []
        for fault in faults:
            fault.abandon()
