"""What can be done about an order besides its money: confirmed once, in place, each by the one verb that does it.

A page makes a `Deeds` with `at_rest`; the view of a deed takes one step with `step`. GET opens its form, POST does it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from phonepay.orders.checks import OrderRefused
from phonepay.orders.models import Order
from phonepay.orders.numbers import give_right_number, number_is_right
from phonepay.orders.operations import cancel_order, mark_paid_another_way, reopen_order, restore_order
from phonepay.people.permissions import Person, acting, may
from phonepay.web.panel import formats
from phonepay.web.panel.orders.refusals import order_refusal

Status = Order.Status


@dataclass
class Deeds:
    """`open` names the deed whose form is shown; `closed` the one that was just left, which gets the focus back.

    `other` is the order that a refused number belongs to.
    """

    order: Order
    may_change: bool
    open: str = ""
    closed: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    refusal: str = ""
    said: str = ""
    other: str = ""

    @property
    def possible(self) -> list[str]:
        """The names of what can be done about it as it stands, the likeliest first."""
        order = self.order
        if not self.may_change or order.claimed_by is not None or order.status == Status.ATTACHED:
            return []
        found = {
            Status.UNPAID: ["edit", "paid", "cancel"],
            Status.CANCELLED: ["restore"],
            Status.REFUNDED: ["reopen"],
            Status.PAID_ANOTHER_WAY: ["reopen"],
        }.get(Status(order.status), [])
        if not order.is_new_from_call:
            return found
        right = ["right"] if order.right_at is None and order.status == Status.PAID else []
        return [*found, *right, "number", *(["attach"] if order.status == Status.PAID else [])]


def at_rest(order: Order, request: HttpRequest) -> Deeds:
    return Deeds(order, may(request.user, "change_orders"), closed=request.GET.get("closed", ""))


def step(order: Order, request: HttpRequest, deed: str, now: datetime) -> Deeds:
    """One step of a deed. After it the order is as its row is."""
    by = acting(request.user, "change_orders")
    deeds = at_rest(order, request)
    if request.method != "POST":
        deeds.open = deed
        return deeds
    deeds.typed = {name: request.POST.get(name, "") for name in ("note", "number")}
    try:
        deeds.said = _VERBS[deed](order, deeds.typed, by, now)
    except OrderRefused as refused:
        order.refresh_from_db()
        deeds.refusal = order_refusal(refused, order.merchant, order.currency)
        deeds.other = str(refused.facts.get("other_number", ""))
        deeds.open = deed if deed in deeds.possible else ""
    return deeds


def _amount(order: Order) -> str:
    return formats.money(order.amount, order.currency, order.merchant.region)


def _cancel(order: Order, typed: dict[str, str], by: Person, now: datetime) -> str:
    cancel_order(order=order, by=by, now=now)
    return _("Cancelled: callers hear that nothing is to pay.")


def _restore(order: Order, typed: dict[str, str], by: Person, now: datetime) -> str:
    restore_order(order=order, by=by, now=now)
    return _("Restored: %(amount)s is to pay again.") % {"amount": _amount(order)}


def _reopen(order: Order, typed: dict[str, str], by: Person, now: datetime) -> str:
    reopen_order(order=order, by=by, now=now)
    return _("Reopened: %(amount)s is to pay again.") % {"amount": _amount(order)}


def _paid(order: Order, typed: dict[str, str], by: Person, now: datetime) -> str:
    mark_paid_another_way(order=order, note=typed["note"], by=by, now=now)
    return _("Marked as paid another way: callers hear that it is paid.")


def _number(order: Order, typed: dict[str, str], by: Person, now: datetime) -> str:
    give_right_number(order=order, number=typed["number"], by=by, now=now)
    return _("This is order %(number)s now.") % {"number": order.number}


def _right(order: Order, typed: dict[str, str], by: Person, now: datetime) -> str:
    number_is_right(order=order, by=by, now=now)
    return _("Order %(number)s keeps its number.") % {"number": order.number}


_VERBS: dict[str, Callable[[Order, dict[str, str], Person, datetime], str]] = {
    "cancel": _cancel,
    "restore": _restore,
    "reopen": _reopen,
    "paid": _paid,
    "number": _number,
    "right": _right,
}
