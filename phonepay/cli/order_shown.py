"""An order in the terminal."""

from datetime import datetime
from typing import Any

from django.db.models import Sum

from phonepay.cli.output import moment, money, print_facts, print_table
from phonepay.cli.words import card, kind, order_status, payment_status
from phonepay.lib.phone import format_number
from phonepay.orders.models import Order
from phonepay.payments.ledger import balance
from phonepay.payments.models import Payment


def print_order(order: Order, now: datetime) -> None:
    """Amount, status, how it was paid; then each payment for it."""
    zone = order.merchant.time_zone
    payments = list(order.payments.order_by("agreed_at"))
    print(f"{money(order.amount, order.currency)}  {order_status(order, refunded=_refunded(order))}")
    print_facts([
        ("Order", order.number + (" (new from a call)" if order.is_new_from_call else "")),
        ("Callers key", " ".join(order.keyed or "")),
        ("Customer", order.customer_name),
        ("Phone", order.customer_phone and format_number(order.customer_phone, order.merchant.region)),
        ("E-mail", order.customer_email),
        ("Postal code", order.customer_postal),
        ("Note", order.note),
        ("Paid another way", order.paid_how),
        ("Attached to", order.attached_to.number if order.attached_to else ""),
        ("Asked for besides", order.extra_of.number if order.extra_of else ""),
        ("Added", moment(order.created_at, zone, now)),
        ("Paid", moment(order.paid_at, zone, now) + ("" if order.paid_livemode in (True, None) else " (test mode)")),
        ("Kept", _kept(order) if payments else ""),
    ])  # fmt: skip
    if payments:
        print()
        print_table(
            ("Time", "Kind", "Card", "Status", "Confirmation", ">Amount"),
            [_payment_row(payment, zone, now) for payment in payments],
        )


def order_row(order: Order, zone: str, now: datetime) -> tuple[str, ...]:
    amount = money(order.amount, order.currency)
    customer = order.customer_name or order.customer_phone
    status = order_status(order, refunded=_refunded(order) if order.status == Order.Status.PAID else 0)
    return (order.number, customer, status, moment(order.updated_at, zone, now), amount)


def order_json(order: Order) -> dict[str, Any]:
    """Amounts in minor units of `currency`."""
    return {
        "number": order.number,
        "keyed": order.keyed,
        "amount": order.amount,
        "currency": order.currency,
        "status": order.status,
        "refunded": _refunded(order),
        "new_from_call": order.is_new_from_call,
        "customer_name": order.customer_name,
        "customer_phone": order.customer_phone,
        "customer_email": order.customer_email,
        "customer_postal": order.customer_postal,
        "note": order.note,
        "created_at": order.created_at,
        "paid_at": order.paid_at,
        "livemode": order.paid_livemode,
        "payments": [str(payment.pk) for payment in order.payments.order_by("agreed_at")],
    }


def _refunded(order: Order) -> int:
    paid = order.payments.filter(status=Payment.Status.SUCCEEDED, livemode=bool(order.paid_livemode))
    return paid.aggregate(sum=Sum("refunded"))["sum"] or 0


def _kept(order: Order) -> str:
    return money(balance(order, livemode=bool(order.paid_livemode)), order.currency)


def _payment_row(payment: Payment, zone: str, now: datetime) -> tuple[str, ...]:
    amount = money(payment.amount, payment.currency)
    when = moment(payment.settled_at or payment.agreed_at, zone, now)
    return (when, kind(payment), card(payment), payment_status(payment), payment.confirmation or "", amount)
