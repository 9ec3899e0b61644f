"""The histograms and counters of this process. Their labels are names of ours, never anything of a person or a call."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from phonepay.measuring.operations import operation_of

if TYPE_CHECKING:
    from prometheus_client import Counter, Histogram

# Seconds. Twilio waits 6 for us (docs/timeouts.md), a caller notices half of one.
VOICE_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 6.0)
STRIPE_BUCKETS = (0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0)
PAGE_BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class _Instruments:
    def __init__(self, folder: Path) -> None:
        # The package decides at its import, by this name, to keep its numbers in files.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
        # Only now, because of that; and whoever measures nothing does not wait for it.
        from prometheus_client import Counter, Histogram

        self.folder = folder
        self.voice: Histogram = Histogram(
            "phonepay_voice_request_seconds",
            "How long Twilio waited for an answer, by what it asked and what it got (answered, apology).",
            ("asked", "outcome"),
            registry=None,
            buckets=VOICE_BUCKETS,
        )
        self.stripe: Histogram = Histogram(
            "phonepay_stripe_request_seconds",
            "How long Stripe took, by what it was asked and its answer (2xx, 4xx, 5xx, unanswered).",
            ("operation", "outcome"),
            registry=None,
            buckets=STRIPE_BUCKETS,
        )
        self.pages: Histogram = Histogram(
            "phonepay_page_seconds",
            "How long people waited for a page of the panel, by the kind of answer (2xx, 3xx, 4xx, 5xx).",
            ("outcome",),
            registry=None,
            buckets=PAGE_BUCKETS,
        )
        self.signatures: Counter = Counter(
            "phonepay_signature_failures",
            "Requests that came to Twilio's or Stripe's door without their signature, and were refused.",
            ("door",),
            registry=None,
        )
        # From the first reading on there is a zero, so that the first failure is seen as an increase.
        for door in ("twilio", "stripe"):
            self.signatures.labels(door)


_on: _Instruments | None = None


def switch_on(folder: Path) -> None:
    """Measure from now on, into files of this folder. Before anybody imports prometheus_client; once a process."""
    global _on  # noqa: PLW0603  # one process measures itself once
    if _on is None:
        _on = _Instruments(folder)


def folder() -> Path | None:
    """Where the numbers are; None where nothing is measured."""
    return _on.folder if _on else None


def voice_answered(asked: str, outcome: str, seconds: float) -> None:
    if _on:
        _on.voice.labels(asked, outcome).observe(seconds)


def stripe_answered(method: str, url: str, status: int | None, seconds: float) -> None:
    """`status` is None where no answer came."""
    if _on:
        outcome = f"{status // 100}xx" if status else "unanswered"
        _on.stripe.labels(operation_of(method, url), outcome).observe(seconds)


def page_answered(status: int, seconds: float) -> None:
    if _on:
        _on.pages.labels(f"{status // 100}xx").observe(seconds)


def signature_refused(door: str) -> None:
    if _on:
        _on.signatures.labels(door).inc()
