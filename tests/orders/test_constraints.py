"""What must never be in the table of orders: each constraint is tried with raw rows."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DataError
from django.utils import timezone

from phonepay.merchant.models import Line, Merchant
from phonepay.orders.models import Order
from tests.shop import make_line

pytestmark = pytest.mark.database


def order(shop: Merchant, **facts: Any) -> Order:
    now = timezone.now()
    standard = {"merchant": shop, "number": uuid4().hex[:12], "keyed": None, "amount": 100, "currency": "usd"}
    return Order.objects.create(created_at=now, updated_at=now, **(standard | facts))


@pytest.mark.parametrize(
    "facts",
    [
        {"amount": 0},
        {"amount": -1},
        {"status": "paid"},
        {"status": "paid", "paid_at": datetime(2026, 1, 2, tzinfo=UTC)},
        {"status": "refunded"},
        {"status": "reserved"},
    ],
    ids=str,
)
def test_an_order_cannot_be(facts: dict[str, Any], shop: Merchant) -> None:
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        order(shop, **facts)


@pytest.mark.parametrize("facts", [{"keyed": "1234"}, {"number": "1234"}, {"claimed_by": UUID(int=1)}], ids=str)
def test_two_orders_cannot_share(facts: dict[str, Any], shop: Merchant) -> None:
    order(shop, **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        order(shop, **facts)


def test_many_orders_may_have_no_keys_and_no_claim(shop: Merchant) -> None:
    for _ in range(2):
        order(shop)
    assert Order.objects.count() == 2


@pytest.mark.parametrize(
    "facts",
    [
        {"floor": 0},
        {"floor": 100, "ceiling": 99},
        {"behavior": "fixed", "fixed_amount": None},
        {"fixed_amount": 50_001},
        {"overage": "ask", "overage_cap": 0},
        {"overage": "condition", "overage_cap": 100, "overage_days": 0},
    ],
    ids=str,
)
def test_a_line_cannot_be(facts: dict[str, Any], shop: Merchant) -> None:
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        make_line(shop, **facts)


def test_a_phone_number_is_one_line(shop: Merchant) -> None:
    make_line(shop)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_line(shop)
    assert Line.objects.count() == 1
