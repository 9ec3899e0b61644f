"""An invented shop, for the demo and the sandbox: telephone numbers that belong to nobody (555-0100 to 555-0199)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from phonepay.events.actors import Actor
from phonepay.merchant.lines import set_line
from phonepay.merchant.models import Line, Merchant
from phonepay.orders.models import Order
from phonepay.orders.operations import add_order

NAME = "Harbor Garage"
LINE: dict[str, Any] = {
    "behavior": "fixed-with-order",
    "fixed_amount": "42.50",
    "currency": "usd",
    "floor": "5",
    "ceiling": "900",
    "overage": "ask",
    "overage_cap": "50",
}

CUSTOMERS = tuple(
    (name, f"+1202555{100 + place:04d}")
    for place, name in enumerate(
        (
            "Grace Miller", "Tom Okafor", "Lucía Fernández", "Henry Brandt", "Mei Tanaka", "Ruth Cohen", "Sam Doyle",
            "Priya Nair", "Walter Quinn", "Ida Larsen", "Carlos Medina", "Joan Whitfield", "Peter Novak", "Aisha Bello",
            "Frank Moretti", "Nora Lindqvist", "Ben Castillo", "Dorothy Payne", "Omar Haddad", "Elsa Braun",
            "Victor Popescu", "Hannah Frost", "Leo Marchetti", "Margaret O’Neill", "Jun Park", "Rosa Delgado",
            "Albert Fischer", "Claire Dubois", "Simon Adeyemi", "Edith Marlow", "Kofi Mensah", "Teresa Vega",
        )
    )
)  # fmt: skip

# What was done, and between how many whole dollars it costs.
WORK = (
    ("Oil change", 45, 90),
    ("Brake pads, front", 140, 320),
    ("Tire change, four", 60, 110),
    ("Battery", 120, 210),
    ("Inspection", 35, 60),
    ("Headlight bulb", 18, 35),
    ("Air conditioning", 110, 260),
    ("Wheel alignment", 80, 130),
    ("Exhaust", 180, 420),
)

# Number, amount in minor units, for what.
_ORDERS = (
    ("1042", 4250, "Oil change"),
    ("1043", 1800, "Headlight bulb"),
    ("1044", 18095, "Brake pads, front"),
    ("1045", 6400, "Tire change, four"),
)


def make_line(*, merchant: Merchant | None, by: Actor, now: datetime) -> Line:
    """The shop's line, which answers whatever number is called, and the shop where there is none."""
    facts = LINE if merchant else {"name": NAME} | LINE
    return set_line(merchant=merchant, phone_number="", changes=facts, by=by, now=now)


def add_orders(*, merchant: Merchant, currency: str, by: Actor, now: datetime) -> list[Order]:
    """A few orders to be paid; a number that there is already is passed over."""
    taken = set(Order.objects.filter(merchant=merchant).values_list("number", flat=True))
    return [
        add_order(
            merchant=merchant, number=number, amount=amount, currency=currency, by=by, now=now,
            customer_name=name, customer_phone=phone, note=work,
        )
        for (number, amount, work), (name, phone) in zip(_ORDERS, CUSTOMERS, strict=False)
        if number not in taken
    ]  # fmt: skip
