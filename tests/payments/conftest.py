"""A till for each test: a shop whose Stripe is the stand-in, under a key, and so an account, of its own."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from pytest_django import Settings

from phonepay.payments import pacing, stripe_gateway
from phonepay.standins.stripe import StripeStandIn
from tests.shop import Till


@pytest.fixture(scope="session")
def stripe_standin() -> Iterator[StripeStandIn]:
    with StripeStandIn() as standin:
        yield standin


@pytest.fixture
def till(
    stripe_standin: StripeStandIn,
    settings: Settings,
    transactional_db: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Till]:
    key = f"sk_test_{uuid4().hex}"
    settings.PHONEPAY_STRIPE_SECRET_KEY = key
    settings.PHONEPAY_STRIPE_API_BASE = stripe_standin.url
    monkeypatch.setattr(stripe_gateway, "RATE_LIMIT_WAITS", (0.0, 0.0))
    monkeypatch.setattr(pacing, "BULK", pacing.Pace(wait=lambda seconds: None))
    till = Till(stripe_standin, key)
    yield till
    stripe_standin.faults.clear()
    stripe_standin.clock.restore(0)  # the stand-in is everybody's: who turned its clock must not leave it so
