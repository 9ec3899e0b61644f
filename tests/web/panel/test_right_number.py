"""The number that a caller keyed and no order had: right though it stands on no list."""

from __future__ import annotations

import pytest
from django.test import Client

from phonepay.events.models import Event
from phonepay.orders.models import Order
from tests.shop import Till
from tests.web.cast import person, signed_in


@pytest.fixture
def made(till: Till) -> Order:
    """Somebody keyed 1243, which no order had, and paid; the shop has a list with another order."""
    till.order("INV-0042")
    order = till.pay(None, keys="1243").order
    assert order is not None
    return order


@pytest.fixture
def olivia(db: None) -> Client:
    return signed_in(person())


def test_home_asks_about_it_until_somebody_says_that_it_is_right(olivia: Client, made: Order) -> None:
    asked = f"for order {made.number}, which is not on your list"
    assert asked in olivia.get("/needs").content.decode()
    said = olivia.post(f"/orders/{made.pk}/right").content.decode()
    assert "keeps its number" in said and "The number that the caller keyed is right" in said
    assert "This number is right" not in said
    assert asked not in olivia.get("/needs").content.decode()


def test_said_twice_it_is_recorded_once(olivia: Client, made: Order) -> None:
    olivia.post(f"/orders/{made.pk}/right")
    olivia.post(f"/orders/{made.pk}/right")
    assert Event.objects.filter(type="order.number_right").count() == 1
