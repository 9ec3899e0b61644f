"""The prefix that callers need not key: with a new one every order is found by new keys, or nothing changes."""

import pytest
from django.utils import timezone

from phonepay.events.models import Event
from phonepay.merchant.models import Merchant
from phonepay.orders.claims import find_by_keys
from phonepay.orders.models import Order
from phonepay.orders.operations import OrderRefused, add_order
from phonepay.orders.prefix import set_order_prefix
from tests.shop import OLIVIA

pytestmark = pytest.mark.database


def add(shop: Merchant, *numbers: str) -> None:
    for number in numbers:
        add_order(merchant=shop, number=number, amount=100, currency="usd", by=OLIVIA, now=timezone.now())


def change(shop: Merchant, prefix: str) -> Merchant:
    return set_order_prefix(merchant=shop, prefix=prefix, by=OLIVIA, now=timezone.now())


def keyed() -> dict[str, str]:
    return dict(Order.objects.values_list("number", "keyed"))


def test_every_order_is_keyed_anew(shop: Merchant) -> None:
    add(shop, "INV-01", "B-02")
    shop = change(shop, "B-")
    assert keyed() == {"INV-01": "46801", "B-02": "02"}
    assert find_by_keys(shop, "202").number == find_by_keys(shop, "02").number == "B-02"
    assert Event.objects.last().data["before"] == {"order_prefix": "INV-"}


def test_one_order_may_take_the_keys_that_another_leaves(shop: Merchant) -> None:
    shop = change(shop, "A")
    add(shop, "A-7", "D-7")
    assert keyed() == {"A-7": "7", "D-7": "37"}
    change(shop, "D")
    assert keyed() == {"A-7": "27", "D-7": "7"}


def test_where_two_would_be_keyed_alike_nothing_changes(shop: Merchant) -> None:
    shop = change(shop, "")
    add(shop, "77", "INV-77")
    with pytest.raises(OrderRefused, match="would be keyed alike"):
        change(shop, "INV-")
    assert keyed() == {"77": "77", "INV-77": "46877"}
    assert Merchant.objects.get().order_prefix == ""


@pytest.mark.parametrize(
    ("prefix", "sentence"),
    [("X" * 9, "at most 8 characters"), ("A*", "cannot be keyed on a phone")],
)
def test_a_prefix_that_cannot_be(prefix: str, sentence: str, shop: Merchant) -> None:
    with pytest.raises(OrderRefused, match=sentence):
        change(shop, prefix)


def test_the_same_prefix_is_no_change(shop: Merchant) -> None:
    change(shop, "INV-")
    assert not Event.objects.exists()
