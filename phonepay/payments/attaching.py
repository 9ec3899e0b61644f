"""A payment under a number that a caller got wrong: its order is attached to the one that was meant.

The payments, their refunds and extra charges become those of the other order, which is then paid. The ledger is left
alone: its entries name their payment, and the payment says whose order it is now. The order that the caller made stays,
closed, with its history; it gives up its number and its keys, which another order may need.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.lib.money import format_amount
from phonepay.orders import claims
from phonepay.orders.checks import OrderRefused, check_amount, why_not
from phonepay.orders.claims import claim_name
from phonepay.orders.models import Order
from phonepay.payments.models import Payment, Refund
from phonepay.people.permissions import require

FITS = ("", "rest", "enough", "twice")
_LONGEST_STEM = 12


@dataclass(frozen=True, slots=True)
class Match:
    """How what was paid fits the order that was meant. Minor units.

    `how`: fits; less or more than is to pay; paid: it was paid already, so that this money came twice.
    """

    how: str
    paid: int
    to_pay: int

    @property
    def apart(self) -> int:
        return abs(self.to_pay - self.paid)


def match_of(order: Order, to: Order) -> Match:
    """How `order`, made by a caller, fits `to`. Raises OrderRefused where it cannot be attached to it at all."""
    _check(order, to)
    paid = sum(each.refundable for each in _charges(order) if each.kind == Payment.Kind.INITIAL)
    if not to.is_payable(livemode=bool(order.paid_livemode)):
        return Match("paid", paid, 0)
    how = "fits" if paid == to.amount else "less" if paid < to.amount else "more"
    return Match(how, paid, to.amount)


def attach_order(*, order: Order, to: Order, by: Actor, now: datetime, fit: str = "") -> Order:
    """Make what was paid for `order` a payment of `to`. Returns `to` as it is then.

    `fit` says what to do where the amounts differ: "" refuses; "enough" takes it for all that is owed; "rest" leaves
    the rest to pay; "twice" books it beside a payment that `to` has already, to be refunded. Raises OrderRefused:
    does_not_fit, paid_already, under_way, other_currency, not_from_call, itself, being_paid, status. The same again
    changes nothing.
    """
    require(by, "change_orders")
    if fit not in FITS:
        raise ValueError(f"{fit!r} is no way to fit")
    try:
        with transaction.atomic(durable=True):
            for pk in sorted({order.pk, to.pk}):
                claims.lock(pk)
            order.refresh_from_db()
            to.refresh_from_db()
            if not (order.status == Order.Status.ATTACHED and order.attached_to_id == to.pk):
                _attach(order, to, fit, by, now)
    except IntegrityError as error:
        raise OrderRefused("somebody", f"Order {to.number} was paid or changed just now. Look again.") from error
    order.refresh_from_db()
    to.refresh_from_db()
    return to


def _attach(order: Order, to: Order, fit: str, by: Actor, now: datetime) -> None:
    charges = _charges(order, lock=True)
    match = match_of(order, to)
    _check_fit(match, fit, to)
    settles = match.how == "fits" or fit == "enough"
    for charge in charges:
        held = charge.claim is not None and settles
        Payment.objects.filter(pk=charge.pk).update(
            order=to,
            claim=claim_name(to.pk, livemode=charge.livemode) if held else None,
            overpaid=charge.overpaid or match.how == "paid",
        )
    moved = [each.pk for each in charges]
    Payment.objects.filter(order=order, kind=Payment.Kind.OVERAGE, parent__in=moved).update(order=to)
    Refund.objects.filter(payment__in=Payment.objects.filter(order=to), order=order).update(order=to)
    was = order.number
    Order.objects.filter(pk=order.pk).update(
        status=Order.Status.ATTACHED,
        attached_to=to,
        keyed=None,
        number=f"{was[:_LONGEST_STEM]}/{order.pk}",  # no caller can key a stroke, no shop can add it
        updated_at=now,
    )
    Order.objects.filter(pk=to.pk).update(**_outcome(order, to, match, settles=settles), updated_at=now)
    facts = {"amount": match.paid, "currency": order.currency, "fit": fit or match.how, "payments": _names(charges)}
    record(types.ORDER_ATTACHED, subject=("order", order.pk), by=by, now=now, to=to.pk, number=was, **facts)
    took: dict[str, Any] = {"before": {"amount": to.amount}} if fit == "rest" else {}
    record(types.ORDER_TOOK_OVER, subject=("order", to.pk), by=by, now=now, order=order.pk, number=was, **took, **facts)


def _outcome(order: Order, to: Order, match: Match, *, settles: bool) -> dict[str, Any]:
    """What becomes of the order that was meant."""
    changes: dict[str, Any] = {} if to.customer_phone else {"customer_phone": order.customer_phone}
    if settles:
        return changes | {
            "status": Order.Status.PAID,
            "paid_at": order.paid_at,
            "paid_livemode": order.paid_livemode,
        }
    return changes | ({"amount": match.apart} if match.how == "less" else {})


def _check_fit(match: Match, fit: str, to: Order) -> None:
    paid, asked = format_amount(match.paid, to.currency), format_amount(match.to_pay, to.currency)
    facts: dict[str, Any] = {"paid": match.paid, "asked": match.to_pay, "number": to.number}
    if match.how == "paid" and fit != "twice":
        raise OrderRefused("paid_already", f"Order {to.number} is paid already: this {paid} came twice.", **facts)
    if match.how in ("less", "more") and fit != "enough" and not (match.how == "less" and fit == "rest"):
        raise OrderRefused("does_not_fit", f"{paid} was paid, and order {to.number} is {asked}.", **facts)
    if fit == "rest" and match.how == "less":
        check_amount(match.apart, to.currency)


def _check(order: Order, to: Order) -> None:
    if order.pk == to.pk:
        raise OrderRefused("itself", "This is the same order.")
    if not order.is_new_from_call or order.merchant_id != to.merchant_id:
        raise OrderRefused("not_from_call", "Only an order that a caller made is attached to another.")
    if order.currency != to.currency:
        raise OrderRefused(
            "other_currency",
            f"Order {to.number} is in {to.currency.upper()}, and this was paid in {order.currency.upper()}.",
            number=to.number,
            currency=to.currency.upper(),
        )
    if order.claimed_by is not None or order.status != Order.Status.PAID:
        raise why_not(order, "attached")
    if to.claimed_by is not None or to.status not in (Order.Status.UNPAID, Order.Status.PAID):
        raise why_not(to, "paid with this")
    under_way = Payment.objects.filter(order=order, status__in=Payment.UNDER_WAY).exists()
    if under_way or Refund.objects.filter(payment__order=order, in_flight__isnull=False).exists():
        raise OrderRefused("under_way", "A refund or an extra charge is under way here. Wait until it has ended.")


def _charges(order: Order, *, lock: bool = False) -> list[Payment]:
    """What went through for it. Locked, a refund or an extra charge that begins now waits, and finds it moved."""
    rows = Payment.objects.filter(order=order, status=Payment.Status.SUCCEEDED).order_by("pk")
    return list(rows.select_for_update() if lock else rows)


def _names(charges: list[Payment]) -> list[str]:
    return [str(each.pk) for each in charges]
