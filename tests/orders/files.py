"""Files of orders for the tests, and the steps that they go."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from phonepay.merchant.models import Merchant
from phonepay.orders.loading import operations
from phonepay.orders.loading.models import Load, LoadRow
from phonepay.orders.loading.work import work
from phonepay.orders.models import Order
from phonepay.orders.operations import add_order
from tests.shop import OLIVIA

FILE = """Order,Customer,Phone,Amount due
INV-0042,Ana Ruiz,(202) 555-0101,42.50
1043,Bo Lindqvist,,"1,234.50"
"""


def started(shop: Merchant, text: str = FILE, **facts: Any) -> Load:
    given: dict[str, Any] = {"file_name": "orders.csv", "data": text.encode(), "currency": "usd", "by": OLIVIA} | facts
    return operations.start_load(merchant=shop, now=timezone.now(), **given)


def read(shop: Merchant, text: str = FILE, *, seconds: float = 60) -> Load:
    load = started(shop, text)
    now = timezone.now()
    operations.match_load(
        load=load, columns=load.columns, currency=load.currency, mark=load.decimal_mark, by=OLIVIA, now=now
    )
    assert work(load, now, seconds=seconds)
    return load


def confirmed(load: Load, **choice: bool) -> Load:
    now = timezone.now()
    operations.confirm_load(load=load, **({"updates": False, "leaves_out": False} | choice), by=OLIVIA, now=now)
    work(load, now, seconds=60)
    return load


def order(shop: Merchant, number: str, amount: int = 4250, **facts: Any) -> Order:
    return add_order(
        merchant=shop, number=number, amount=amount, currency="usd", by=OLIVIA, now=timezone.now(), **facts
    )


def outcomes(load: Load) -> list[tuple[int, str, str]]:
    rows = LoadRow.objects.filter(load=load).order_by("line")
    return [(row.line, row.outcome, row.reason) for row in rows]
