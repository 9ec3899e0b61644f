"""Lists by pages of keys: never an offset, never a count of a million rows.

A place in a list is a time and a name, both in the address (`?after=…`), so that a page can be linked to and the list
may grow meanwhile. Several sources are merged: each is asked for one page from the same place on.

What a filter finds is asked for first without an order, a thousand keys at most: where so few are all that there is,
they are read by their keys. Else the newest are found soon by going back in time. In the order of time alone a database
would go through a million rows for the three that are being checked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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
    """Rows of one table. `at` is the column of its time, indexed; `prefix` is a letter that begins its rows' names.

    `reads` names the columns that a row is made of, where a list needs few of many; "" reads all of them.
    """

    rows: QuerySet[Any]
    at: str
    prefix: str
    make: Callable[[Any], Row]
    reads: tuple[str, ...] = ()

    def take(self, after: Place | None, size: int, since: datetime | None = None) -> list[tuple[Place, Any]]:
        """The next rows, as the database has them; with `since` none that is older than that."""
        rows = self.rows.only(*self.reads) if self.reads else self.rows
        if after is not None:
            # The bound alone is what an index is entered by: databases make no range of the alternatives.
            rows = rows.filter(self._beyond(after), **{f"{self.at}__lte": after.at})
        if since is not None:
            rows = rows.filter(**{f"{self.at}__gte": since})
        found = rows.order_by(f"-{self.at}", "-pk")[:size]
        return [(Place(getattr(row, self.at), f"{self.prefix}{row.pk}"), row) for row in found]

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
    """One page of several sources, one query each: what is older than a page that is full already is not read."""
    found: list[tuple[Place, Any, Callable[[Any], Row]]] = []
    since = None
    for source in sources:
        found += [(place, row, source.make) for place, row in source.take(after, size + 1, since)]
        # Rows of one source at one moment stay as the database has them: MariaDB orders UUIDs in its own way.
        found.sort(key=lambda each: (each[0].at, each[0].name[:1]), reverse=True)
        del found[size + 1 :]
        since = found[-1][0].at if len(found) > size else None
    shown = found[:size]
    next_place = str(shown[-1][0]) if len(found) > size else ""
    return Page([make(row) for _, row, make in shown], next_place, after is None)


def counted(rows: QuerySet[Any]) -> int:
    """How many there are, up to one more than COUNTED_TO."""
    return rows.order_by().values("pk")[: COUNTED_TO + 1].count()


def few(source: Source[Row], unordered: QuerySet[Any] | None = None) -> tuple[Source[Row], int]:
    """The source, read by its keys where COUNTED_TO are all that it has; and how many it has, up to one more.

    `unordered`: the same rows, asked for in a way that is quicker where their order does not matter.
    """
    rows = source.rows if unordered is None else unordered
    keys = list(rows.order_by().values_list("pk", flat=True)[: COUNTED_TO + 1])
    if len(keys) > COUNTED_TO:
        return source, len(keys)
    rows = source.rows.model._default_manager.filter(pk__in=keys)
    rows.query.select_related = source.rows.query.select_related
    return replace(source, rows=rows), len(keys)
