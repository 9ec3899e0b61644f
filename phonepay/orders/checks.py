"""What an order may hold, and the refusals of what it may not: one OrderRefused each, with a reason and its facts."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from phonepay.lib import phone
from phonepay.lib.cards import looks_like_card_number
from phonepay.lib.money import MoneyError, check_chargeable, format_amount
from phonepay.lib.refusal import Refusal
from phonepay.merchant.models import Merchant
from phonepay.orders.keypad import NumberRefused, keyed_form
from phonepay.orders.models import Order

FACTS = ("customer_name", "customer_phone", "customer_email", "customer_postal", "note")


class OrderRefused(Refusal):
    """The order was left as it is."""


def keyed_or_refuse(merchant: Merchant, number: str) -> str:
    """The keyed form of a number that an order may have. Raises OrderRefused."""
    try:
        return keyed_form(number, prefix=merchant.order_prefix)
    except NumberRefused as error:
        raise OrderRefused(error.reason, str(error), **error.facts) from error


def check_amount(amount: int, currency: str) -> None:
    """Raise OrderRefused where Stripe would not charge it."""
    try:
        check_chargeable(amount, currency)
    except MoneyError as error:
        raise OrderRefused(error.reason, str(error), **error.facts) from error


def read_facts(merchant: Merchant, facts: dict[str, str]) -> dict[str, str]:
    """The facts of FACTS as they are kept: trimmed, the phone in E.164. Raises OrderRefused for what cannot be kept."""
    read = {name: value.strip() for name, value in facts.items()}
    for name, value in read.items():
        if name not in FACTS:
            raise TypeError(f"an order has no fact {name!r}")
        check_text(name, value)
    if read.get("customer_phone"):
        number = phone.normalize(read["customer_phone"], merchant.region)
        if number is None:
            given = read["customer_phone"]
            raise OrderRefused("phone", f"“{given}” is not a phone number.", fact="customer_phone", given=given)
        read["customer_phone"] = number
    if read.get("customer_email"):
        try:
            validate_email(read["customer_email"])
        except ValidationError as error:
            given = read["customer_email"]
            raise OrderRefused(
                "email", f"“{given}” is not an e-mail address.", fact="customer_email", given=given
            ) from error
    return read


def check_text(name: str, value: str) -> None:
    """Raise OrderRefused where it could be a card number, or is longer than the column `name`."""
    if looks_like_card_number(value):
        raise OrderRefused(
            "card_number",
            "This looks like a card number, so nothing was kept. Card numbers never belong here.",
            fact=name,
        )
    limit = getattr(Order._meta.get_field(name), "max_length", None)
    if limit and len(value) > limit:
        raise OrderRefused(
            "too_long",
            f"This is too long: {len(value)} characters, at most {limit} can be kept.",
            fact=name,
            limit=limit,
        )


def why_not(order: Order, verb: str) -> OrderRefused:
    """Why an order, read afresh, could not be changed. `verb` as in "was not edited"."""
    if order.claimed_by is not None:
        return OrderRefused(
            "being_paid",
            f"Order {order.number} is being paid right now, so it was not {verb}. "
            "Try again when that payment has ended.",
            number=order.number,
        )
    return OrderRefused(
        "status",
        f"Order {order.number} is {order.get_status_display()}, so it cannot be {verb}.",
        number=order.number,
        status=order.status,
    )


def alike(merchant: Merchant, number: str, keyed: str) -> OrderRefused:
    """Why a number could not be taken: which order has it, or is keyed like it."""
    other = Order.with_reserved.filter(merchant=merchant, keyed=keyed).first()
    if other is None:
        other = Order.with_reserved.filter(merchant=merchant, number=number).first()
    if other is None:
        return OrderRefused(
            "somebody", f"Order {number} was added or changed by somebody else just now. Look again.", number=number
        )
    if other.status == Order.Status.RESERVED:
        return OrderRefused(
            "caller", f"A caller is paying for {number} right now. Look again in a minute.", number=number
        )
    facts = {"number": number, "other": other.pk, "other_number": other.number, "amount": other.amount}
    if other.number == number:
        amount = format_amount(other.amount, other.currency)
        return OrderRefused("exists", f"Order {number} exists already: {amount}.", currency=other.currency, **facts)
    return OrderRefused(
        "alike",
        f"Order {other.number} exists already and is keyed on a phone just like {number}, "
        "so callers could pay the wrong one.",
        currency=other.currency,
        **facts,
    )
