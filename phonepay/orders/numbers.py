"""Numbers that orders get afterwards: the right one for an order that a caller made, a free one for an extra."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.orders.checks import OrderRefused, alike, keyed_or_refuse, why_not
from phonepay.orders.keypad import is_lettered
from phonepay.orders.models import Order
from phonepay.orders.operations import add_order, change
from phonepay.people.permissions import require

_TAKEN = ("exists", "alike", "caller", "somebody")
_TRIES = 40
_DIGITS = 6


def give_right_number(*, order: Order, number: str, by: Actor, now: datetime) -> Order:
    """Correct the number of an order that a caller made by keying it, paid or not. What it was stays in its history.

    Raises OrderRefused: exists or alike (then `facts["other"]` is the order to attach it to), not_from_call, and
    whatever an order number cannot be.
    """
    require(by, "change_orders")
    number = number.strip()
    keyed = keyed_or_refuse(order.merchant, number)
    order.refresh_from_db()
    if not order.is_new_from_call:
        raise OrderRefused("not_from_call", "Only an order that a caller made is given another number this way.")
    if order.status == Order.Status.ATTACHED:
        raise why_not(order, "given another number")
    before = {"number": order.number}
    changes = {
        "number": number,
        "keyed": keyed,
        "lettered": is_lettered(number, prefix=order.merchant.order_prefix),
        "updated_at": now,
    }
    try:
        with transaction.atomic():
            # The number as it was read is part of the rule: of two people one is told.
            if number != order.number and change(order, {**before, "status": order.status}, changes, "renumbered"):
                after = {"number": number}
                record(types.ORDER_RENUMBERED, subject=("order", order.pk), by=by, now=now, before=before, after=after)
    except IntegrityError as error:
        raise alike(order.merchant, number, keyed) from error
    return order


def number_is_right(*, order: Order, by: Actor, now: datetime) -> Order:
    """Let an order that a caller made keep the number that was keyed: nobody is asked about it any more.

    Said twice it is recorded once. Raises OrderRefused: not_from_call.
    """
    require(by, "change_orders")
    order.refresh_from_db()
    if not order.is_new_from_call:
        raise OrderRefused("not_from_call", "Only the number of an order that a caller made is asked about.")
    with transaction.atomic():
        if Order.objects.filter(pk=order.pk, right_at=None).update(right_at=now):
            record(types.ORDER_NUMBER_RIGHT, subject=("order", order.pk), by=by, now=now, number=order.number)
    order.right_at = order.right_at or now
    return order


def ask_besides(*, order: Order, amount: int, what_for: str, key: str, by: Actor, now: datetime) -> Order:
    """Ask for more than `order` by phone: an order of its own for `amount` minor units, linked to it, same customer.

    Its number is the first one's with 2, 3, … after it. `key` names this request: the same key again returns the same
    order. Raises OrderRefused.
    """
    require(by, "change_orders")
    first = order.extra_of or order
    facts = {
        name: getattr(order, name) for name in ("customer_name", "customer_phone", "customer_email", "customer_postal")
    }
    refused: OrderRefused | None = None
    besides = first.asked_besides.count()
    for place in range(_TRIES):
        number = f"{first.number}-{besides + place + 2}" if refused is None or refused.reason in _TAKEN else _any()
        try:
            return add_order(
                merchant=order.merchant,
                number=number,
                amount=amount,
                currency=order.currency,
                by=by,
                now=now,
                key=key,
                extra_of=first,
                note=what_for,
                **facts,
            )
        except OrderRefused as error:
            if error.reason not in (*_TAKEN, "number_too_long", "too_many_keys", "keyed_like_card", "number_is_card"):
                raise
            refused = error
    assert refused is not None  # noqa: S101  # every try was refused
    raise refused


def _any() -> str:
    return str(secrets.randbelow(9 * 10 ** (_DIGITS - 1)) + 10 ** (_DIGITS - 1))
