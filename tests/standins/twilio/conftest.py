"""The cast of these tests: a scripted product, a Stripe that makes payment methods, a telephone between them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from phonepay.standins.twilio import Connector, Telephone
from tests.standins.twilio.product import Arrived, Product, Reply, running_product

TOKEN = "0123456789abcdef0123456789abcdef"
ACCOUNT = "AC" + "1" * 32


@pytest.fixture
def product() -> Iterator[Product]:
    with running_product() as product:
        yield product


@pytest.fixture
def stripe() -> Iterator[Product]:
    """A Stripe that only makes payment methods, tokens, customers and charges."""
    with running_product() as stripe:

        def made(prefix: str) -> Callable[[Arrived], Reply]:
            return lambda arrived: Reply(
                json.dumps({"id": f"{prefix}_{len(stripe.arrived)}"}), content_type="application/json"
            )

        stripe.says("/v1/payment_methods", made("pm"))
        stripe.says("/v1/tokens", made("tok"))
        stripe.says("/v1/customers", made("cus"))
        stripe.says("/v1/charges", made("ch"))
        yield stripe


@pytest.fixture
def telephone(product: Product, stripe: Product) -> Callable[..., Telephone]:
    """Make a telephone that calls the product under its public name."""

    def make(**settings: Any) -> Telephone:
        given: dict[str, Any] = {
            "voice_url": "https://pay.example/voice",
            "local_base": product.base,
            "account_sid": ACCOUNT,
            "auth_token": TOKEN,
            "connectors": {"Default": Connector(stripe.base, "sk_test_1")},
            "now": lambda: datetime(2026, 11, 23, 12, tzinfo=UTC),
        }
        return Telephone(**given | settings)

    return make
