"""Connection overrides: what the fragment of a webhook's address says about waiting and trying again.

Source: twilio.com/docs/usage/webhooks/webhooks-connection-overrides. Milliseconds there, seconds here.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

#: Every call-control request ends after this many seconds, whatever the address says.
TOTAL_SECONDS = 15.0
_RANGES = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000), "rc": (0, 5)}
_POLICIES = frozenset({"4xx", "5xx", "ct", "rt", "all"})
_OTHERS = frozenset({"sni", "e"})  # edges and certificates: nothing that a stand-in on loopback could show


@dataclass(frozen=True)
class Overrides:
    """How long to wait and what to try again."""

    connect_seconds: float = 5.0
    read_seconds: float = TOTAL_SECONDS
    total_seconds: float = TOTAL_SECONDS
    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})
    problems: tuple[str, ...] = ()

    def retries_after(self, failure: str) -> bool:
        """Whether a failure of this kind ("ct", "rt", "4xx", "5xx") is one to try again."""
        return failure in self.retry_on or "all" in self.retry_on


def overrides_of(url: str) -> Overrides:
    """Read the fragment; a value out of range is left at its default and named in ``problems``."""
    numbers = {"ct": 5_000, "rt": 15_000, "tt": 15_000, "rc": 1}
    policies = frozenset({"ct"})
    problems: list[str] = []
    for name, value in parse_qsl(urlsplit(url).fragment, keep_blank_values=True):
        if name in _RANGES:
            low, high = _RANGES[name]
            if value.isascii() and value.isdigit() and low <= int(value[:9]) <= high:
                numbers[name] = int(value)
            else:
                problems.append(f"{name}={value} is not a number from {low} to {high}")
        elif name == "rp":
            asked = frozenset(value.split(","))
            policies = asked & _POLICIES or policies
            problems += [f"rp={unknown} is no retry policy" for unknown in sorted(asked - _POLICIES)]
        elif name not in _OTHERS:
            problems.append(f"{name} is no connection override")
    return Overrides(
        connect_seconds=numbers["ct"] / 1000,
        read_seconds=numbers["rt"] / 1000,
        total_seconds=min(numbers["tt"] / 1000, TOTAL_SECONDS),
        retries=numbers["rc"],
        retry_on=policies,
        problems=tuple(problems),
    )
