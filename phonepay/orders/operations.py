"""The shop's verbs on an order. Each is refused while a charge is under way: what a caller agreed to must not move.

A change is one UPDATE whose WHERE holds the rule (compare-and-set), so no lock is needed and no database differs. What
is already so is left as it is, without an event: a second press of the same button changes nothing.

    unpaid ──cancel──▶ cancelled ──restore──▶ unpaid
      │ └──mark_paid_another_way──▶ paid_another_way ──reopen──▶ unpaid
      └──(a charge)──▶ paid ──(all refunded)──▶ refunded ──reopen──▶ unpaid
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.merchant.models import Merchant
from phonepay.orders.checks import OrderRefused, alike, check_amount, check_text, keyed_or_refuse, read_facts, why_not
from phonepay.orders.keypad import is_lettered
from phonepay.orders.models import Order
from phonepay.people.permissions import require

__all__ = [
    "OrderRefused",
    "add_order",
    "cancel_order",
    "change",
    "edit_order",
    "mark_paid_another_way",
    "reopen_order",
    "restore_order",
]


def add_order(
    *,
    merchant: Merchant,
    number: str,
    amount: int,
    currency: str,
    by: Actor,
    now: datetime,
    key: str = "",
    extra_of: Order | None = None,
    **facts: str,
) -> Order:
    """Make an order to be paid. `amount` in minor units; `facts`: customer_name, customer_phone, customer_email,
    customer_postal, note.

    `key` names this request, if it is given: the same key again returns the same order. `extra_of` is the order that
    this one asks more for. Raises OrderRefused with a sentence for the person who entered it, and NotAllowed.
    """
    require(by, "change_orders")
    earlier = _asked_before(merchant, key)
    if earlier is not None:
        return earlier
    number = number.strip()
    keyed = keyed_or_refuse(merchant, number)
    check_amount(amount, currency)
    order = Order(
        merchant=merchant,
        number=number,
        keyed=keyed,
        lettered=is_lettered(number, prefix=merchant.order_prefix),
        amount=amount,
        currency=currency,
        extra_of=extra_of,
        request_key=key or None,
        created_at=now,
        updated_at=now,
        **read_facts(merchant, facts),
    )
    more = {"extra_of": extra_of.pk} if extra_of else {}
    try:
        with transaction.atomic():
            order.save(force_insert=True)
            about = ("order", order.pk)
            record(types.ORDER_ADDED, subject=about, by=by, now=now, amount=amount, currency=currency, **more)
    except IntegrityError as error:
        twin = _asked_before(merchant, key)
        if twin is not None:
            return twin
        raise alike(merchant, number, keyed) from error
    return order


def edit_order(
    *,
    order: Order,
    by: Actor,
    now: datetime,
    number: str | None = None,
    amount: int | None = None,
    seen: datetime | None = None,
    **facts: str,
) -> Order:
    """Change an unpaid order's number, amount or facts. Raises OrderRefused when it is paid, cancelled, being paid.

    `seen` is the order's `updated_at` when it was shown: a change that somebody else made since is not overwritten.
    """
    require(by, "change_orders")
    changes: dict[str, Any] = dict(read_facts(order.merchant, facts))
    if amount is not None:
        check_amount(amount, order.currency)
        changes["amount"] = amount
    if number is not None:
        number = number.strip()
        changes["number"] = number
        changes["keyed"] = keyed_or_refuse(order.merchant, number)
        changes["lettered"] = is_lettered(number, prefix=order.merchant.order_prefix)
    order.refresh_from_db()
    before = {name: getattr(order, name) for name in changes if getattr(order, name) != changes[name]}
    if not before and order.status == Order.Status.UNPAID:
        return order
    where = {"status": Order.Status.UNPAID, **({"updated_at": seen} if seen else {})}
    after = {name: changes[name] for name in before}
    try:
        with transaction.atomic():
            if change(order, where, {**changes, "updated_at": now}, "edited"):
                record(types.ORDER_EDITED, subject=("order", order.pk), by=by, now=now, before=before, after=after)
    except IntegrityError as error:
        raise alike(order.merchant, number or order.number, str(changes.get("keyed", ""))) from error
    return order


def cancel_order(*, order: Order, by: Actor, now: datetime) -> Order:
    """Nothing is to be paid for it any more. Raises OrderRefused when it is not to be paid, or being paid."""
    require(by, "change_orders")
    cancelled = {"status": Order.Status.CANCELLED, "updated_at": now}
    with transaction.atomic():
        if change(order, {"status": Order.Status.UNPAID}, cancelled, "cancelled"):
            record(types.ORDER_CANCELLED, subject=("order", order.pk), by=by, now=now)
    return order


def restore_order(*, order: Order, by: Actor, now: datetime) -> Order:
    """A cancelled order is to be paid after all. Raises OrderRefused for any other."""
    require(by, "change_orders")
    with transaction.atomic():
        restored = {"status": Order.Status.UNPAID, "updated_at": now}
        if change(order, {"status": Order.Status.CANCELLED}, restored, "restored"):
            record(types.ORDER_RESTORED, subject=("order", order.pk), by=by, now=now)
    return order


def mark_paid_another_way(*, order: Order, note: str, by: Actor, now: datetime) -> Order:
    """The customer paid in cash, by transfer …; `note` says how. No ledger entry: the money never passed through us."""
    require(by, "change_orders")
    note = note.strip()
    check_text("paid_how", note)
    if not note:
        raise OrderRefused("how_paid", "Say how it was paid, in a few words.")
    with transaction.atomic():
        changes = {"status": Order.Status.PAID_ANOTHER_WAY, "paid_how": note, "updated_at": now}
        if change(order, {"status": Order.Status.UNPAID}, changes, "marked as paid"):
            record(types.ORDER_PAID_ANOTHER_WAY, subject=("order", order.pk), by=by, now=now, note=note)
    return order


def reopen_order(*, order: Order, by: Actor, now: datetime) -> Order:
    """Make a cancelled, fully refunded or otherwise paid order payable again."""
    require(by, "change_orders")
    reopenable = [Order.Status.CANCELLED, Order.Status.REFUNDED, Order.Status.PAID_ANOTHER_WAY]
    with transaction.atomic():
        changes = {"status": Order.Status.UNPAID, "paid_at": None, "paid_livemode": None, "paid_how": ""}
        if change(order, {"status__in": reopenable}, {**changes, "updated_at": now}, "reopened"):
            record(types.ORDER_REOPENED, subject=("order", order.pk), by=by, now=now)
    return order


def change(order: Order, where: dict[str, Any], changes: dict[str, Any], verb: str) -> bool:
    """Set the columns if the order is still as the rule wants it and nobody is being charged for it.

    False where all of it is so already. Raises OrderRefused. `order` is then as its row is.
    """
    unclaimed = Order.objects.filter(pk=order.pk, claimed_by=None)
    done = unclaimed.filter(**where).update(**changes) == 1
    order.refresh_from_db()
    if done:
        return True
    wanted = {name: value for name, value in changes.items() if name != "updated_at"}
    if order.claimed_by is None and all(getattr(order, name) == value for name, value in wanted.items()):
        return False
    if order.claimed_by is None and "updated_at" in where and order.status == where["status"]:
        raise OrderRefused(
            "changed", f"Order {order.number} was changed while you had it open. Look at it again.", number=order.number
        )
    raise why_not(order, verb)


def _asked_before(merchant: Merchant, key: str) -> Order | None:
    return Order.objects.filter(merchant=merchant, request_key=key).first() if key else None
