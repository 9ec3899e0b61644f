"""The rows of Calls."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from phonepay.calls.models import Call
from phonepay.merchant.models import Merchant
from phonepay.web.panel.calls_told import Told, told
from phonepay.web.panel.paging import PAGE, Page, Place, Source, counted, few, page_of

MOST_LIVE = 100
# The columns that a row or its export shows.
_SHOWN = (
    "sid", "phone", "step", "ended", "started_at", "ended_at", "seconds",
    "payment__status", "payment__amount", "payment__currency", "payment__number",
    "payment__order__number", "payment__order__customer_name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A call in the list; `length` in seconds, still counting while it is on the line."""

    told: Told
    now: datetime

    @property
    def call(self) -> Call:
        return self.told.call

    @property
    def length(self) -> int | None:
        """As Twilio counted it, else by our clock."""
        call = self.told.call
        if call.seconds is not None:
            return call.seconds
        return max(0, int(((call.ended_at or self.now) - call.started_at).total_seconds()))

    @property
    def says_state(self) -> bool:
        """Whether the state has its badge: the money is not simply paid, or has none to do with it."""
        return self.told.state is not None and self.told.paid is None and not self.told.on_the_line


def rows_of(calls: Iterable[Call], shop: Merchant) -> list[Row]:
    now = timezone.now()
    return [Row(told(call, shop.region), now) for call in calls]


def page_of_calls(rows: QuerySet[Call], after: Place | None, shop: Merchant, size: int = PAGE) -> Page[Row]:
    return page_of([_source(rows, shop)], after, size)


def page_and_count(
    rows: QuerySet[Call], unordered: QuerySet[Call] | None, after: Place | None, shop: Merchant
) -> tuple[Page[Row], int]:
    """One page, and how many calls there are, up to one more than COUNTED_TO. `unordered`: the same, to be counted."""
    source = _source(rows, shop)
    if unordered is None:
        count = counted(rows)
    else:
        source, count = few(source, unordered)
    return page_of([source], after), count


def _source(rows: QuerySet[Call], shop: Merchant) -> Source[Row]:
    now = timezone.now()
    return Source(rows, "started_at", "k", lambda call: Row(told(call, shop.region), now), _SHOWN)


def live_ids(rows: Iterable[Row], *, all_of_them: bool = False) -> str:
    """The rows that a page asks for again, as an address carries them; "" where none is on the line any more."""
    shown = list(rows)
    if not any(row.told.on_the_line for row in shown):
        return ""
    return ",".join(str(row.call.pk) for row in shown if all_of_them or row.told.on_the_line)


def read_ids(text: str) -> list[int]:
    """The calls that a page shows, as its address names them."""
    return [int(each) for each in text.split(",")[:MOST_LIVE] if each.isascii() and each.isdigit() and len(each) < 19]  # noqa: PLR2004 - of a big integer
