"""What the money's road does to orders: find by keys, claim for a charge, release, settle.

Only `payments` calls these. A claim is a column on the order, taken by compare-and-set together with its price and its
status; a number that no order has is held by a RESERVED row, so that the same unique constraint guards both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from phonepay.merchant.models import Merchant
from phonepay.orders.keypad import NumberRefused, is_lettered, keyed_form, without_prefix
from phonepay.orders.models import Order


@dataclass(frozen=True, slots=True)
class Terms:
    """What a caller agreed to pay for: an order that exists, the keys of a number that none has, or neither."""

    merchant_id: int
    order_id: int | None
    keys: str
    amount: int  # minor units
    currency: str
    livemode: bool
    phone: str


def claim_name(order_id: int | None, *, livemode: bool) -> str | None:
    """The one place that an order's charge can take, per mode; None for a payment without an order number."""
    return f"order:{order_id}:{'live' if livemode else 'test'}" if order_id else None


def find_by_keys(merchant: Merchant, keys: str) -> Order | None:
    """The order that these keys name, RESERVED ones included: somebody is paying for that number."""
    keyed = without_prefix(keys, prefix=merchant.order_prefix)
    return Order.with_reserved.filter(merchant=merchant, keyed=keyed).first()


def claim(payment_id: UUID, terms: Terms, *, prefix: str, now: datetime) -> int | None:
    """Hold the order for one charge: its id, or None where the terms name none. Call inside the charge's transaction.

    Raises ClaimTaken, with the order as it is now, when it is claimed, paid, cancelled, edited or was added meanwhile.
    """
    if terms.order_id is not None:
        unclaimed = Order.objects.payable(livemode=terms.livemode).filter(pk=terms.order_id, claimed_by=None)
        if unclaimed.filter(amount=terms.amount, currency=terms.currency).update(claimed_by=payment_id) != 1:
            raise ClaimTaken(Order.with_reserved.get(pk=terms.order_id))
        return terms.order_id
    if not terms.keys:
        return None
    keyed = without_prefix(terms.keys, prefix=prefix)
    try:
        with transaction.atomic():
            return _new_from_call(terms, terms.keys, keyed, now, status=Order.Status.RESERVED, claimed_by=payment_id).pk
    except IntegrityError as error:
        other = Order.with_reserved.filter(merchant_id=terms.merchant_id, keyed=keyed).first()
        other = other or Order.with_reserved.filter(merchant_id=terms.merchant_id, number=terms.keys).first()
        if other is None:  # released between the two statements: the caller may simply try again
            raise ClaimTaken(None) from error
        raise ClaimTaken(other) from error


class ClaimTaken(Exception):
    """The order cannot be charged on these terms; `order` is how it stands now."""

    def __init__(self, order: Order | None) -> None:
        super().__init__("the order is not to be had on these terms")
        self.order = order


def release(payment_id: UUID) -> None:
    """Give back what the payment holds after a proven no-charge; a number that was only held disappears again."""
    held = Order.with_reserved.filter(claimed_by=payment_id)
    # _raw_delete: nothing references a RESERVED row but its own payment, which has let go of it already.
    if not held.filter(status=Order.Status.RESERVED)._raw_delete(using=held.db):
        held.update(claimed_by=None)


def settle(
    payment_id: UUID, terms: Terms, *, order_id: int | None, prefix: str, number: str, now: datetime
) -> tuple[int, bool]:
    """The charge went through: the order is paid. Returns (order id, overpaid). Never refuses: the money is there.

    `number` names the order of a payment without an order number: its confirmation number. Overpaid means that the
    order was paid, cancelled or claimed otherwise, so that this money belongs to nothing.
    """
    paid = {"status": Order.Status.PAID, "paid_at": now, "paid_livemode": terms.livemode, "updated_at": now}
    order_id = order_id or terms.order_id
    if order_id is not None:
        mine = Order.with_reserved.filter(pk=order_id, claimed_by=payment_id)
        if mine.update(claimed_by=None, **paid) == 1:
            return order_id, False
        return order_id, not _pay_unclaimed(order_id, terms, paid)
    keyed = without_prefix(terms.keys, prefix=prefix) if terms.keys else number
    try:
        with transaction.atomic():
            order = _new_from_call(terms, terms.keys or number, keyed, now, **paid)
        return order.pk, False
    except IntegrityError:
        held = Order.with_reserved.filter(claimed_by=payment_id).first()
        if held is not None:  # the row in hand was loaded before the number was claimed for it
            Order.with_reserved.filter(pk=held.pk, claimed_by=payment_id).update(claimed_by=None, **paid)
            return held.pk, False
        other = Order.objects.filter(merchant_id=terms.merchant_id, keyed=keyed).first() if terms.keys else None
        if other is not None:
            return other.pk, not _pay_unclaimed(other.pk, terms, paid)
    # The number is held by another charge, or the shop has an order with the confirmation number's digits.
    order = _new_from_call(terms, f"{number}-{payment_id.hex[:8]}", None, now, **paid)
    return order.pk, bool(terms.keys)


def _pay_unclaimed(order_id: int, terms: Terms, paid: dict[str, Any]) -> bool:
    """Only what was agreed: the amount may have been changed since the claim was freed."""
    payable = Order.objects.payable(livemode=terms.livemode).filter(pk=order_id, claimed_by=None)
    return bool(payable.filter(amount=terms.amount, currency=terms.currency).update(**paid))


def _new_from_call(terms: Terms, number: str, keyed: str | None, now: datetime, **state: object) -> Order:
    order = Order(
        merchant_id=terms.merchant_id,
        number=number,
        keyed=keyed,
        lettered=is_lettered(number),
        amount=terms.amount,
        currency=terms.currency,
        origin=Order.Origin.CALL,
        customer_phone=terms.phone,
        created_at=now,
        **{"updated_at": now, **state},
    )
    order.save(force_insert=True)
    return order


def lock(order_id: int) -> None:
    """Let one transaction at a time look at all that was paid for the order. Held until the commit."""
    Order.with_reserved.filter(pk=order_id).update(updated_at=F("updated_at"))


def mark_refunded(order_id: int, *, livemode: bool, now: datetime) -> None:
    """All that was paid for it, in the mode that it was paid in, went back."""
    paid = Order.objects.filter(pk=order_id, status=Order.Status.PAID, paid_livemode=livemode)
    paid.update(status=Order.Status.REFUNDED, updated_at=now)


def mark_refund_undone(order_id: int, *, livemode: bool, now: datetime) -> bool:
    """A refund failed after all: the order is paid. False where it was reopened or paid otherwise meanwhile."""
    refunded = Order.objects.filter(pk=order_id, status=Order.Status.REFUNDED, paid_livemode=livemode)
    return bool(refunded.update(status=Order.Status.PAID, updated_at=now))


def find_or_rebuild(terms: Terms, *, number: str, merchant: Merchant, now: datetime) -> Order:
    """The order of this number; one that a restored backup does not have is made anew, still to be paid."""
    order: Order | None = Order.objects.filter(merchant=merchant, number__iexact=number).first()
    try:
        keyed: str | None = keyed_form(number, prefix=merchant.order_prefix)
    except NumberRefused:
        keyed = None
    if order is None and keyed:
        order = Order.objects.filter(merchant=merchant, keyed=keyed).first()
    if order is not None:
        return order
    # A row that only holds the number for a charge under way keeps it.
    taken = Order.with_reserved.filter(merchant=merchant)
    keyed = None if taken.filter(keyed=keyed).exists() else keyed
    number = f"{number[:15]}-{now:%H%M%S}" if taken.filter(number=number).exists() else number
    return _new_from_call(terms, number, keyed, now)
