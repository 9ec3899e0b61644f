"""The filters of Orders, as they stand in the address."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from phonepay.lib import phone
from phonepay.merchant.models import Merchant
from phonepay.orders.fields import begins_with
from phonepay.orders.keypad import NumberRefused, keyed_form
from phonepay.orders.models import Order, OrderQuerySet
from phonepay.payments.gateway import key_is_live
from phonepay.payments.models import Payment
from phonepay.web.panel.chips import PERIODS, Chip, Menu, Period, changed, menu, read_period
from phonepay.web.panel.paging import COUNTED_TO

STATUSES: dict[str, str | Promise] = {
    "unpaid": gettext_lazy("To pay"),
    "paid": pgettext_lazy("orders", "Paid"),
    "partly": gettext_lazy("Partly refunded"),
    "refunded": pgettext_lazy("orders", "Refunded"),
    "cancelled": pgettext_lazy("orders", "Cancelled"),
    "otherwise": gettext_lazy("Paid another way"),
    "attached": gettext_lazy("Attached to another"),
}
ORIGINS: dict[str, str | Promise] = {"call": gettext_lazy("New from a call")}
_LONGEST_WORDS = 80
MOST_KEYS = 12  # of a number


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; "" and None ask for everything."""

    status: str
    origin: str
    words_typed: str
    period: Period | None
    shop: Merchant
    query: QueryDict

    @property
    def any(self) -> bool:
        return bool(self.status or self.origin or self.words_typed or self.period)

    @property
    def chips(self) -> list[Chip]:
        found = []
        if self.words_typed:
            found.append(Chip(f"“{self.words_typed}”", changed(self.query, q=None)))
        if self.status:
            found.append(Chip(str(STATUSES[self.status]), changed(self.query, status=None)))
        if self.origin:
            found.append(Chip(str(ORIGINS[self.origin]), changed(self.query, origin=None)))
        if self.period:
            found.append(Chip(self.period.word, changed(self.query, **{"period": None, "from": None, "to": None})))
        return found

    @property
    def words(self) -> str:
        """The chips as a sentence has them."""
        return ", ".join(chip.word for chip in self.chips).lower()

    @property
    def menus(self) -> list[Menu]:
        return [
            menu(self.query, "period", _("When"), PERIODS),
            menu(self.query, "status", _("Status"), STATUSES),
            menu(self.query, "origin", _("Made by"), ORIGINS),
        ]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What else stands in the address, for the form of the words."""
        return [(name, str(value)) for name, value in self.query.items() if name not in ("q", "after")]

    def narrow(self, rows: OrderQuerySet, *, by_keys: bool = False) -> OrderQuerySet:
        """By the time of what happened to an order last (`updated_at`).

        `by_keys`: what was typed is looked for in each index by itself, a thousand of each: numbers go with time, so
        that going back in time to those that begin with 12 would take long.
        """
        if self.status:
            rows = _STATUS[self.status](rows, key_is_live())
        if self.origin:
            rows = rows.filter(origin=Order.Origin.CALL)
        if self.words_typed:
            named = _named(self.words_typed, self.shop)
            if by_keys:
                mine = Order.objects.filter(merchant=self.shop)
                keys = [pk for each in named for pk in mine.filter(each).values_list("pk", flat=True)[:COUNTED_TO]]
                named = [Q(pk__in=keys)]
            rows = rows.filter(reduce(or_, named))
        start, end = self.period.moments(self.shop.time_zone) if self.period else (None, None)
        if start:
            rows = rows.filter(updated_at__gte=start)
        return rows.filter(updated_at__lt=end) if end else rows


def _paid(rows: OrderQuerySet, live: bool) -> OrderQuerySet:
    paid = rows.filter(status=Order.Status.PAID)
    return paid.filter(paid_livemode=True) if live else paid


def _refunded(rows: OrderQuerySet, live: bool) -> OrderQuerySet:
    refunded = rows.filter(status=Order.Status.REFUNDED)
    return refunded.filter(paid_livemode=True) if live else refunded


def _partly(rows: OrderQuerySet, live: bool) -> OrderQuerySet:
    went_back = Payment.objects.filter(order=OuterRef("pk"), status=Payment.Status.SUCCEEDED, refunded__gt=0)
    return _paid(rows, live).filter(Exists(went_back))


# What was paid with test keys is still to be paid once the keys are live.
_STATUS: dict[str, Callable[[OrderQuerySet, bool], OrderQuerySet]] = {
    "unpaid": lambda rows, live: rows.payable(livemode=live),
    "paid": _paid,
    "partly": _partly,
    "refunded": _refunded,
    "cancelled": lambda rows, _: rows.filter(status=Order.Status.CANCELLED),
    "otherwise": lambda rows, _: rows.filter(status=Order.Status.PAID_ANOTHER_WAY),
    "attached": lambda rows, _: rows.filter(status=Order.Status.ATTACHED),
}


def _named(words: str, shop: Merchant) -> list[Q]:
    """Whose number, keyed or written, name or e-mail begins so, or whose phone it is."""
    if "@" in words:
        return [Q(customer_email__istartswith=words)]
    found = [begins_with("number_key", words), begins_with("name_key", words)]
    with contextlib.suppress(NumberRefused):
        keyed = keyed_form(words, prefix=shop.order_prefix)
        # Digits alone, whose order is the same in every collation.
        found.append(Q(keyed__gte=keyed, keyed__lte=keyed.ljust(MOST_KEYS, "9")))
    number = phone.normalize(words, shop.region)
    return [*found, Q(customer_phone=number)] if number else found


def read_filters(query: QueryDict, shop: Merchant, now: datetime) -> Filters:
    """Of an address; what cannot be read filters nothing."""
    status, origin = query.get("status", ""), query.get("origin", "")
    return Filters(
        status=status if status in STATUSES else "",
        origin=origin if origin in ORIGINS else "",
        words_typed=query.get("q", "").strip()[:_LONGEST_WORDS],
        period=read_period(query, now, shop.time_zone),
        shop=shop,
        query=query,
    )


def orders_of(shop: Merchant, filters: Filters, *, by_keys: bool = False) -> QuerySet[Order]:
    """The orders that the list shows and an export takes."""
    rows: QuerySet[Order] = filters.narrow(Order.objects.filter(merchant=shop), by_keys=by_keys)
    return rows
