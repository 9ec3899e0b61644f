"""The shop's verbs on an order. Each is refused while a charge is under way: what a caller agreed to must not move.

A change is one UPDATE whose WHERE holds the rule (compare-and-set), so no lock is needed and no database differs.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.lib.cards import looks_like_card_number
from phonepay.lib.money import check_chargeable, format_amount
from phonepay.merchant.models import Merchant
from phonepay.orders.keypad import NumberRefused, is_lettered, keyed_form
from phonepay.orders.models import Order

_CHANGEABLE = ("customer_name", "customer_phone", "customer_email", "note")


class OrderRefused(ValueError):
    """The order was left as it is; the message says why, for a person to read."""


def add_order(
    *,
    merchant: Merchant,
    number: str,
    amount: int,
    currency: str,
    by: Actor,
    now: datetime,
    **facts: str,
) -> Order:
    """Make an order to be paid. `amount` in minor units; `facts`: customer_name, customer_phone, customer_email, note.

    Raises OrderRefused (NumberRefused is turned into one) with a sentence for the person who entered it.
    """
    number = number.strip()
    keyed = _keyed_or_refuse(merchant, number)
    _check_amount(amount, currency)
    _check_facts(facts)
    order = Order(
        merchant=merchant,
        number=number,
        keyed=keyed,
        lettered=is_lettered(number, prefix=merchant.order_prefix),
        amount=amount,
        currency=currency,
        created_at=now,
        updated_at=now,
        **facts,
    )
    try:
        with transaction.atomic():
            order.save(force_insert=True)
            record(types.ORDER_ADDED, subject=("order", order.pk), by=by, now=now, amount=amount, currency=currency)
    except IntegrityError as error:
        raise _alike(merchant, number, keyed) from error
    return order


def edit_order(
    *,
    order: Order,
    by: Actor,
    now: datetime,
    number: str | None = None,
    amount: int | None = None,
    **facts: str,
) -> Order:
    """Change an unpaid order's number, amount or facts. Raises OrderRefused when it is paid, cancelled, being paid."""
    changes: dict[str, Any] = dict(facts)
    _check_facts(facts)
    if amount is not None:
        _check_amount(amount, order.currency)
        changes["amount"] = amount
    if number is not None:
        number = number.strip()
        changes["number"] = number
        changes["keyed"] = _keyed_or_refuse(order.merchant, number)
        changes["lettered"] = is_lettered(number, prefix=order.merchant.order_prefix)
    before = {name: getattr(order, name) for name in changes}
    try:
        with transaction.atomic():
            _change(order, {"status": Order.Status.UNPAID}, {**changes, "updated_at": now}, "edited")
            record(types.ORDER_EDITED, subject=("order", order.pk), by=by, now=now, before=before, after=changes)
    except IntegrityError as error:
        raise _alike(order.merchant, number or order.number, str(changes.get("keyed", ""))) from error
    return order


def cancel_order(*, order: Order, by: Actor, now: datetime) -> Order:
    """Nothing is to be paid for it any more. Raises OrderRefused when it is not to be paid, or being paid."""
    with transaction.atomic():
        _change(
            order, {"status": Order.Status.UNPAID}, {"status": Order.Status.CANCELLED, "updated_at": now}, "cancelled"
        )
        record(types.ORDER_CANCELLED, subject=("order", order.pk), by=by, now=now)
    return order


def mark_paid_another_way(*, order: Order, note: str, by: Actor, now: datetime) -> Order:
    """The customer paid in cash, by transfer …; `note` says how. No ledger entry: the money never passed through us."""
    _check_facts({"note": note})
    if not note.strip():
        raise OrderRefused("Say how it was paid, in a few words.")
    with transaction.atomic():
        changes = {"status": Order.Status.PAID_ANOTHER_WAY, "note": note.strip(), "updated_at": now}
        _change(order, {"status": Order.Status.UNPAID}, changes, "marked as paid")
        record(types.ORDER_PAID_ANOTHER_WAY, subject=("order", order.pk), by=by, now=now, note=note.strip())
    return order


def reopen_order(*, order: Order, by: Actor, now: datetime) -> Order:
    """Make a cancelled, fully refunded or otherwise paid order payable again."""
    reopenable = [Order.Status.CANCELLED, Order.Status.REFUNDED, Order.Status.PAID_ANOTHER_WAY]
    with transaction.atomic():
        changes = {"status": Order.Status.UNPAID, "paid_at": None, "paid_livemode": None, "updated_at": now}
        _change(order, {"status__in": reopenable}, changes, "reopened")
        record(types.ORDER_REOPENED, subject=("order", order.pk), by=by, now=now)
    return order


def _change(order: Order, where: dict[str, Any], changes: dict[str, Any], verb: str) -> None:
    """Set the columns if the order is still as the rule wants it and nobody is being charged for it, else refuse."""
    unclaimed = Order.objects.filter(pk=order.pk, claimed_by=None)
    if unclaimed.filter(**where).update(**changes) != 1:
        raise _why_not(order, verb)
    for name, value in changes.items():
        setattr(order, name, value)


def _why_not(order: Order, verb: str) -> OrderRefused:
    order.refresh_from_db()
    if order.claimed_by is not None:
        return OrderRefused(
            f"Order {order.number} is being paid right now, so it was not {verb}. "
            "Try again when that payment has ended."
        )
    return OrderRefused(f"Order {order.number} is {order.get_status_display()}, so it cannot be {verb}.")


def _keyed_or_refuse(merchant: Merchant, number: str) -> str:
    try:
        return keyed_form(number, prefix=merchant.order_prefix)
    except NumberRefused as error:
        raise OrderRefused(str(error)) from error


def _check_amount(amount: int, currency: str) -> None:
    try:
        check_chargeable(amount, currency)
    except ValueError as error:
        raise OrderRefused(str(error)) from error


def _check_facts(facts: dict[str, str]) -> None:
    for name, value in facts.items():
        if name not in _CHANGEABLE:
            raise TypeError(f"an order has no fact {name!r}")
        if looks_like_card_number(value):
            raise OrderRefused("This looks like a card number, so nothing was kept. Card numbers never belong here.")
        limit = getattr(Order._meta.get_field(name), "max_length", None)
        if limit and len(value) > limit:
            raise OrderRefused(f"This is too long: {len(value)} characters, at most {limit} can be kept.")


def _alike(merchant: Merchant, number: str, keyed: str) -> OrderRefused:
    other = Order.with_reserved.filter(merchant=merchant, keyed=keyed).first()
    if other is None:
        other = Order.with_reserved.filter(merchant=merchant, number=number).first()
    if other is None:
        return OrderRefused(f"Order {number} was added or changed by somebody else just now. Look again.")
    if other.status == Order.Status.RESERVED:
        return OrderRefused(f"A caller is paying for {number} right now. Look again in a minute.")
    if other.number == number:
        return OrderRefused(f"Order {number} exists already: {format_amount(other.amount, other.currency)}.")
    return OrderRefused(
        f"Order {other.number} exists already and is keyed on a phone just like {number}, "
        "so callers could pay the wrong one."
    )
