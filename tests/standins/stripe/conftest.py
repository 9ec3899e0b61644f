"""A Stripe stand-in whose clock stands still, and the real package that talks to it."""

from collections.abc import Iterator

import pytest
import stripe

from phonepay.standins.stripe import StripeStandIn
from tests.standins.stripe import shop


@pytest.fixture
def standin() -> Iterator[StripeStandIn]:
    with StripeStandIn(now=shop.NOW) as running:
        yield running


@pytest.fixture
def client(standin: StripeStandIn) -> stripe.StripeClient:
    return shop.client(standin)
