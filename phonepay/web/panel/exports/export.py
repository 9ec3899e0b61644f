"""Just what is filtered, as CSV or XLSX, sent while it is read: a chunk of rows in memory, no transaction between two.

A list gives an Export; who took what, and how many rows, is an event.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db import Error as DatabaseProblem
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from phonepay.events import types
from phonepay.events.models import record
from phonepay.lib.cards import looks_like_card_number
from phonepay.lib.money import currency as currency_facts
from phonepay.lib.sheets import Cell, csv_parts, xlsx_parts
from phonepay.merchant.models import Merchant
from phonepay.people.permissions import Person, acting
from phonepay.web.panel.paging import Page, Place, read_place

logger = logging.getLogger(__name__)

CHUNK = 1_000
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_LONGEST_QUERY = 300
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Export:
    """`what` names the list for events ("payments"), `title` for people; `words` are the filters, "" for none.

    `chunks` are made when they are sent, each in the reader's language.
    """

    what: str
    title: str
    words: str
    header: Sequence[str | Promise]
    chunks: Callable[[], Iterable[Sequence[Sequence[Cell]]]]


def sent(request: HttpRequest, shop: Merchant, export: Export) -> StreamingHttpResponse:
    """The file as an answer. Raises NotAllowed."""
    by = acting(request.user, "export")
    kind = request.GET.get("format", "")
    kind = kind if kind in TYPES else "csv"
    header = [str(each) for each in export.header]
    counter = _Counter(export.chunks(), translation.get_language() or "en")
    parts = xlsx_parts(header, counter, title=export.title) if kind == "xlsx" else csv_parts(header, counter)
    facts = {"format": kind, "query": _query(request)}
    response = StreamingHttpResponse(_recorded(parts, counter, export.what, by, facts), content_type=TYPES[kind])
    response.headers["Content-Disposition"] = content_disposition_header(True, _name(shop, export, kind)) or ""
    response.headers["Cache-Control"] = "no-store"
    # A proxy that waits for the end would keep all of it.
    response.headers["X-Accel-Buffering"] = "no"
    return response


class _Counter:
    """Makes each chunk in the language of who asked: by then the request's own is off again."""

    def __init__(self, chunks: Iterable[Sequence[Sequence[Cell]]], language: str) -> None:
        self._chunks, self._language = iter(chunks), language
        self.rows = 0

    def __iter__(self) -> Iterator[Sequence[Sequence[Cell]]]:
        while True:
            with translation.override(self._language):
                chunk = next(self._chunks, None)
            if chunk is None:
                return
            self.rows += len(chunk)
            yield chunk


def _recorded(
    parts: Iterator[bytes], counter: _Counter, what: str, by: Person, facts: dict[str, Any]
) -> Iterator[bytes]:
    whole = False
    try:
        yield from parts
        whole = True
    finally:
        # Also where whoever asked went away: what was sent has left the house.
        try:
            facts |= {"rows": counter.rows, "whole": whole}
            record(types.EXPORTED, subject=("export", what), by=by, now=timezone.now(), **facts)
        except DatabaseProblem:
            logger.exception("%s exported %d rows of %s, and no event could be kept", by, counter.rows, what)


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("after", "format"):
        query.pop(name, None)
    text = query.urlencode()[:_LONGEST_QUERY]
    return "" if looks_like_card_number(text) else text


def _name(shop: Merchant, export: Export, kind: str) -> str:
    at = timezone.now().astimezone(ZoneInfo(shop.time_zone))
    words = [slugify(each, allow_unicode=True) for each in (export.title, export.words)]
    return f"{'-'.join(word for word in words if word)[:80]}-{at:%Y-%m-%d-%H%M}.{kind}"


def by_keys(page: Callable[[Place | None], Page[Row]], row: Callable[[Row], Sequence[Cell]]) -> Iterator[list[Any]]:
    """All pages of a list, one after the other."""
    place: Place | None = None
    while True:
        found = page(place)
        if found.rows:
            yield [row(each) for each in found.rows]
        if not found.next:
            return
        place = read_place(found.next)


def clock(at: datetime | None, zone: str) -> tuple[Cell, Cell]:
    """A moment as two cells: the shop's clock, and by how much it is off UTC ("UTC-05:00")."""
    if at is None:
        return None, None
    local = at.astimezone(ZoneInfo(zone))
    return local.replace(microsecond=0), f"UTC{local.isoformat()[-6:]}"


def sum_of(amount: int, currency: str) -> tuple[Cell, Cell]:
    """An amount as two cells: a plain number in the currency's units, and its code."""
    return Decimal(amount).scaleb(-currency_facts(currency).decimals), currency.upper()
