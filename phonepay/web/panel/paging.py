"""Lists by pages of keys: never an offset, never a count of a million rows.

A place in a list is a time and a name, both in the address (`?after=…`), so that a page can be linked to and the list
may grow meanwhile. Several sources are merged: each is asked for one page from the same place on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

PAGE = 50
COUNTED_TO = 1_000  # beyond it a page says "more than"

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: by time, then by name, so that no two rows share a place."""

    at: datetime
    name: str

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.name}"


def read_place(text: str) -> Place | None:
    """What an address carries; None where it carries none, or nonsense: then the list begins at its top."""
    stamp, found, name = text.partition("_")
    try:
        at = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return Place(at, name) if found and at.tzinfo is not None else None


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page, newest first. `next` is the place to go on from, "" at the end; `first` where it is the top."""

    rows: Sequence[Row]
    next: str
    first: bool


@dataclass(frozen=True, slots=True)
class Source(Generic[Row]):
    """Rows of one table. `at` is the column of its time, indexed; `prefix` is a letter that begins its rows' names."""

    rows: QuerySet[Any]
    at: str
    prefix: str
    make: Callable[[Any], Row]

    def take(self, after: Place | None, size: int) -> Iterable[tuple[Place, Row]]:
        rows = self.rows
        if after is not None:
            rows = rows.filter(self._beyond(after))
        for row in rows.order_by(f"-{self.at}", "-pk")[:size]:
            yield Place(getattr(row, self.at), f"{self.prefix}{row.pk}"), self.make(row)

    def _beyond(self, after: Place) -> Q:
        earlier = Q(**{f"{self.at}__lt": after.at})
        same = {self.at: after.at}
        prefix, key = after.name[:1], after.name[1:]
        if self.prefix == prefix and self._is_key(key):
            return earlier | Q(**same, pk__lt=key)
        # At one and the same moment the sources stand in the order of their prefixes, last letter first.
        return earlier | Q(**same) if self.prefix < prefix else earlier

    def _is_key(self, text: str) -> bool:
        """An address may have been tampered with."""
        try:
            self.rows.model._meta.pk.to_python(text)
        except ValidationError:
            return False
        return True


def page_of(sources: Sequence[Source[Row]], after: Place | None, size: int = PAGE) -> Page[Row]:
    """One page of several sources, one query each."""
    found = [each for source in sources for each in source.take(after, size + 1)]
    # Rows of one source at one moment stay as the database has them: MariaDB orders UUIDs in its own way.
    found.sort(key=lambda each: (each[0].at, each[0].name[:1]), reverse=True)
    shown = found[:size]
    return Page([row for _, row in shown], str(shown[-1][0]) if len(found) > size else "", after is None)


def counted(rows: QuerySet[Any]) -> int:
    """How many there are, up to one more than COUNTED_TO."""
    return rows.order_by().values("pk")[: COUNTED_TO + 1].count()
