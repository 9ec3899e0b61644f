"""What needs a person: one sentence and one button each, the oldest first. A registry: each kind is a `Kind` below.

To add a kind, write two functions in the module of its noun (`needs_of_money.py` and the like) and name them in KINDS:

    def failed(asked: Asked) -> QuerySet[Refund]:               # an indexed query, the oldest first, never sliced
        return Refund.objects.filter(merchant=asked.shop, livemode=asked.live, status="failed").order_by("asked_at")

    def tell_failed(refund: Refund, asked: Asked) -> Need:      # no query here: select_related above
        return Need(refund.asked_at, _("The refund of … failed."), reverse("payment", args=[…]), _("Pay it back"))

How the red count stays cheap on every page: `counts_of` asks for all kinds in one statement, a subselect each that
stops at MOST rows; it is put together once (statement.py), so that `rows` may use the time only to take a span from it
(`asked.now - PATIENCE`). And `rows` must go by an index in which what needs nobody is left out early (a state that few
rows have), and must not annotate, group or be ordered by another table. Home then reads the rows of those kinds alone
that there is any of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from phonepay.merchant.models import Merchant
from phonepay.payments.gateway import key_is_live
from phonepay.web.panel.home import needs_of_alerts as alerts
from phonepay.web.panel.home import needs_of_books as books
from phonepay.web.panel.home import needs_of_calls as calls
from phonepay.web.panel.home import needs_of_disputes as disputes
from phonepay.web.panel.home import needs_of_money as money
from phonepay.web.panel.home import needs_of_orders as orders
from phonepay.web.panel.home import needs_of_protection as protection
from phonepay.web.panel.home.need import Asked, Need
from phonepay.web.panel.home.statement import counted

MOST = 41  # of one kind: forty are shown, one more says that there are more
FIRST = 5


@dataclass(frozen=True, slots=True)
class Kind:
    """`rows` finds what needs somebody, `tell` says one of them. `name` is for the code that reads counts."""

    name: str
    rows: Callable[[Asked], QuerySet[Any]]
    tell: Callable[[Any, Asked], Need]


KINDS: tuple[Kind, ...] = (
    Kind("alert", alerts.open_ones, alerts.tell_open),
    Kind("dispute", disputes.to_answer, disputes.tell_to_answer),
    Kind("fraud_warning", disputes.warned, disputes.tell_warned),
    Kind("line_guarded", protection.line, protection.tell_line),
    Kind("caller_refused", protection.callers, protection.tell_caller),
    Kind("checking", money.checking, money.tell_checking),
    Kind("not_told", calls.not_told, calls.tell_not_told),
    Kind("refund_failed", money.failed, money.tell_failed),
    Kind("refund_waiting", money.waiting, money.tell_waiting),
    Kind("overpaid", money.overpaid, money.tell_overpaid),
    Kind("books", books.differing, books.tell_differing),
    Kind("to_match", orders.to_match, orders.tell_to_match),
)


@dataclass(frozen=True, slots=True)
class Needs:
    """The oldest first. `more`: there are more than could be read."""

    all: Sequence[Need]
    more: bool

    @property
    def first(self) -> Sequence[Need]:
        return self.all[:FIRST]

    @property
    def rest(self) -> int:
        return len(self.all) - len(self.first)


def ask(shop: Merchant, now: datetime) -> Asked:
    """Of the mode that the key is of: what was left over from tests needs nobody once money is real."""
    return Asked(shop, now, key_is_live())


def counts_of(asked: Asked, kinds: Sequence[Kind] = KINDS) -> dict[str, int]:
    """How many there are of each kind, none counted beyond MOST: one statement."""
    if not kinds:
        return {}
    counts = counted(asked, tuple(kind.rows for kind in kinds), MOST)
    return dict(zip((kind.name for kind in kinds), counts, strict=True))


def needs_of(asked: Asked, counts: dict[str, int], kinds: Sequence[Kind] = KINDS) -> Needs:
    """All that needs somebody. `counts` as counts_of gave them: a query for each kind that there is any of."""
    present = [kind for kind in kinds if counts.get(kind.name)]
    found = [kind.tell(row, asked) for kind in present for row in kind.rows(asked)[:MOST]]
    found.sort(key=lambda each: each.since)
    return Needs(found, any(counts[kind.name] >= MOST for kind in present))
