"""The rows of Orders: an order, its state, what happened to it last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from phonepay.merchant.models import Merchant
from phonepay.orders.models import Order
from phonepay.payments.gateway import key_is_live
from phonepay.payments.models import Payment
from phonepay.web.panel import formats
from phonepay.web.panel.orders.filters import Filters, orders_of
from phonepay.web.panel.paging import COUNTED_TO, PAGE, Page, Place, Source, counted, few, page_of
from phonepay.web.panel.states import BEING_PAID, ORDER, State, order_state

# The columns that a row or its export shows.
_SHOWN = (
    "number", "status", "origin", "amount", "currency", "claimed_by", "paid_at", "paid_livemode", "customer_name",
    "customer_phone", "customer_email", "customer_postal", "note", "created_at", "updated_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """`last` is what happened last, as a sentence without its full stop; `at` when."""

    order: Order
    state: State
    last: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Total:
    """How many orders a filter finds, up to COUNTED_TO, and their sum per currency where they could be counted."""

    count: int
    sums: tuple[tuple[int, str], ...]

    @property
    def is_more(self) -> bool:
        return self.count > COUNTED_TO


def orders(shop: Merchant, filters: Filters, after: Place | None, size: int = PAGE) -> Page[Row]:
    """One page, by what happened last."""
    page = page_of([_source(shop, filters)], after, size)
    return Page(rows_of(page.rows), page.next, page.first)


def rows_of(found: Sequence[Order]) -> list[Row]:
    """The same of orders in hand."""
    back = refunded_of(found)
    return [
        Row(order, state_of(order, refunded=back.get(order.pk, 0)), last_of(order), order.updated_at) for order in found
    ]


def refunded_of(found: Sequence[Order]) -> dict[int, int]:
    """Minor units that went back, by order."""
    paid = [order.pk for order in found if order.status == Order.Status.PAID]
    if not paid:
        return {}
    rows = Payment.objects.filter(order__in=paid, status=Payment.Status.SUCCEEDED, refunded__gt=0)
    return dict(rows.values_list("order").annotate(sum=Sum("refunded")))


def page_and_total(shop: Merchant, filters: Filters, after: Place | None) -> tuple[Page[Row], Total]:
    """One page, and the sum of all pages together."""
    source = _source(shop, filters, by_keys=True)
    if filters.any:
        source, count = few(source)
    else:
        count = counted(source.rows)
    page = page_of([source], after)
    sums = () if count > COUNTED_TO else _sums(source.rows)
    return Page(rows_of(page.rows), page.next, page.first), Total(count, sums)


def _source(shop: Merchant, filters: Filters, *, by_keys: bool = False) -> Source[Order]:
    return Source(orders_of(shop, filters, by_keys=by_keys), "updated_at", "o", lambda order: order, _SHOWN)


def _sums(rows: QuerySet[Order]) -> tuple[tuple[int, str], ...]:
    owed = rows.exclude(status__in=(Order.Status.CANCELLED, Order.Status.ATTACHED))
    sums = owed.order_by().values("currency").annotate(sum=Sum("amount")).values_list("currency", "sum")
    return tuple((amount, currency) for currency, amount in sorted(sums))


def state_of(order: Order, *, refunded: int = 0) -> State:
    """As it stands with the present key: what was paid with test keys is to pay once they are live."""
    if order.claimed_by is not None:
        return BEING_PAID
    if order.is_payable(livemode=key_is_live()):
        return ORDER[Order.Status.UNPAID]
    return order_state(order, refunded=refunded)


def last_of(order: Order) -> str:
    """`Paid today 14:32`."""
    at = order.updated_at
    if order.claimed_by is not None:
        return _("A caller is paying now")
    if order.status == Order.Status.UNPAID:
        words = _("Added %(when)s") if order.updated_at == order.created_at else _("Changed %(when)s")
    else:
        words = {
            Order.Status.PAID: _("Paid %(when)s"),
            Order.Status.REFUNDED: _("Refunded %(when)s"),
            Order.Status.CANCELLED: _("Cancelled %(when)s"),
            Order.Status.PAID_ANOTHER_WAY: _("Paid another way %(when)s"),
            Order.Status.ATTACHED: _("Attached %(when)s"),
        }[Order.Status(order.status)]
        at = order.paid_at or at if order.status == Order.Status.PAID else at
    return words % {"when": formats.moment_within(at)}
