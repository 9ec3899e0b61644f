"""Requests at the door come over HTTP, as in a journey: the same running product, bank, shop and telephone."""

import pytest

from tests.journeys.conftest import bank, clock, phone, phone_with, product, shop, statements
from tests.journeys.shop import Shop
from tests.web.voice.stranger import Stranger

__all__ = ["bank", "clock", "phone", "phone_with", "product", "shop", "statements"]


@pytest.fixture
def stranger(product: str, shop: Shop) -> Stranger:
    return Stranger(product)
