"""The room is told whole calls: the same running product, bank, shop and telephone as in a journey."""

from tests.journeys.conftest import bank, clock, permissions_stay, phone, phone_with, product, shop, statements

__all__ = ["bank", "clock", "permissions_stay", "phone", "phone_with", "product", "shop", "statements"]
