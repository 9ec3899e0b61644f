"""Requests at the door come over HTTP, as in a journey: the same running product, bank, shop and telephone."""

from tests.journeys.conftest import bank, clock, phone, phone_with, product, shop, statements

__all__ = ["bank", "clock", "phone", "phone_with", "product", "shop", "statements"]
