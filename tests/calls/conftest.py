"""The room is told whole calls: the running product, bank, shop and telephone of a journey; or a till's rows."""

from tests.journeys.conftest import bank, clock, phone, phone_with, product, shop, statements
from tests.payments.conftest import stripe_standin, till

__all__ = [
    "bank", "clock", "phone", "phone_with", "product", "shop", "statements", "stripe_standin",
    "till",
]  # fmt: skip
