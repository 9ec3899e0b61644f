"""How much is tried at each door, how much processor time it may take, and what was counted.

Every run tries EXAMPLES of each kind; `make fuzz ARGS="50"` tries fifty times as many. Time is the processor's, never the
clock's, without what other threads do and what clearing up after other tests takes: what a request may take is told by
what usual requests took in the same run.
"""

from __future__ import annotations

import gc
import os
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from time import thread_time

from hypothesis import HealthCheck, settings

TIMES = max(1, int(os.environ.get("PHONEPAY_TEST_FUZZ", "1")))
# Slower than the median request of the run by so much is a way to keep the server busy.
FACTOR, SPARE_SECONDS = 60, 0.25

# What was tried at each door in this run; printed at its end.
TRIED: Counter[str] = Counter()


def examples(many: int) -> settings:
    """Settings of hypothesis for so many examples in a usual run."""
    return settings(
        max_examples=many * TIMES,
        deadline=None,
        derandomize=TIMES == 1,  # the same in every usual run, something new in each long one
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
    )


@dataclass
class Spent:
    """Processor time of each request at a door, against the median of all of them."""

    door: str
    seconds: list[float] = field(default_factory=list)

    @contextmanager
    def request(self) -> Iterator[None]:
        gc.disable()
        began = thread_time()
        try:
            yield
            self.seconds.append(thread_time() - began)
        finally:
            gc.enable()
        TRIED[self.door] += 1

    @property
    def is_bounded(self) -> bool:
        return not self.seconds or max(self.seconds) < median(self.seconds) * FACTOR + SPARE_SECONDS


@contextmanager
def memory_below(megabytes: float) -> Iterator[None]:
    """What Python allocates meanwhile, at its peak, stays below."""
    tracemalloc.start()
    try:
        yield
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < megabytes * 1024 * 1024, f"{peak / 1024 / 1024:.1f} MB at its peak"
