"""What changing the prefix of order numbers means for those who key them; what is refused is told in tests/orders."""

from datetime import UTC, datetime

import pytest

from phonepay.events.actors import command
from phonepay.events.models import Event
from phonepay.merchant.models import Merchant
from phonepay.orders.claims import find_by_keys
from phonepay.orders.models import Order
from phonepay.orders.operations import add_order
from phonepay.orders.prefix import set_order_prefix

pytestmark = [pytest.mark.django_db, pytest.mark.database]

OLGA = command("olga")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def shop() -> Merchant:
    return Merchant.objects.create(name="Harbor Garage")


def add(shop: Merchant, number: str) -> Order:
    return add_order(merchant=shop, number=number, amount=4250, currency="usd", by=OLGA, now=NOW)


def change(shop: Merchant, prefix: str) -> Merchant:
    return set_order_prefix(merchant=shop, prefix=prefix, by=OLGA, now=NOW)


def test_an_order_is_then_found_without_its_prefix(shop: Merchant) -> None:
    order = add(shop, "INV-0042")
    assert find_by_keys(change(shop, "INV"), "0042") == order


def test_an_order_is_still_found_with_its_prefix(shop: Merchant) -> None:
    order = add(shop, "INV-0042")
    assert find_by_keys(change(shop, "INV"), "4680042") == order


def test_a_prefixed_number_needs_no_hint_about_letters(shop: Merchant) -> None:
    order = add(shop, "INV-0042")
    change(shop, "INV-")
    order.refresh_from_db()
    assert not order.lettered


def test_taking_the_prefix_away_keys_them_whole(shop: Merchant) -> None:
    change(shop, "INV")
    order = add(shop, "INV-0042")
    change(shop, "")
    order.refresh_from_db()
    assert order.keyed == "4680042"


def test_the_change_is_recorded(shop: Merchant) -> None:
    change(shop, "INV")
    event = Event.objects.get(subject_kind="merchant")
    assert event.data == {"before": {"order_prefix": ""}, "after": {"order_prefix": "INV"}}
