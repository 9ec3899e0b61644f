"""Sets of ids as ranges: a million ids without a hole are one pair."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence


class IdRanges:
    """Disjoint ranges in order, both ends within."""

    def __init__(self, pairs: Iterable[tuple[int, int]] = ()) -> None:
        self._first: list[int] = []
        self._last: list[int] = []
        for first, last in pairs:
            self._first.append(first)
            self._last.append(last)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self._first, self._last, strict=True)

    def __contains__(self, identity: int) -> bool:
        at = bisect_right(self._first, identity) - 1
        return at >= 0 and identity <= self._last[at]

    def add(self, identity: int) -> None:
        at = bisect_right(self._first, identity) - 1
        if at >= 0 and identity <= self._last[at]:
            return
        joins_left = at >= 0 and self._last[at] == identity - 1
        joins_right = at + 1 < len(self._first) and self._first[at + 1] == identity + 1
        if joins_left and joins_right:
            self._last[at] = self._last.pop(at + 1)
            del self._first[at + 1]
        elif joins_left:
            self._last[at] = identity
        elif joins_right:
            self._first[at + 1] = identity
        else:
            self._first.insert(at + 1, identity)
            self._last.insert(at + 1, identity)


def holes(low: int, ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The ranges above `low` and below the last of `ids` (sorted) that are none of them."""
    for identity in ids:
        if identity > low + 1:
            yield low + 1, identity - 1
        low = max(low, identity)


def without(first: int, last: int, ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """What is left of a range when `ids` (sorted) are taken out of it."""
    low = first - 1
    inside = [identity for identity in ids if first <= identity <= last]
    for identity in inside:
        if identity > low + 1:
            yield low + 1, identity - 1
        low = identity
    if low < last:
        yield low + 1, last
