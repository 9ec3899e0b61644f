"""A world for each test, whose bank is asked without a socket."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from pytest_django import Settings

from phonepay.payments import gateway, pool, stripe_gateway
from phonepay.standins.stripe import StripeStandIn
from tests.journeys.clock import Clock, standing_still
from tests.protection.world import NoSocket, World, made


@pytest.fixture
def clock() -> Iterator[Clock]:
    with standing_still() as clock:
        yield clock


@pytest.fixture
def world(
    clock: Clock,
    settings: Settings,
    transactional_db: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., World]]:
    """Makes the world; its line's facts may be given."""
    key = f"sk_test_{uuid4().hex}"
    settings.PHONEPAY_STRIPE_SECRET_KEY = key
    standin = StripeStandIn()
    monkeypatch.setattr(stripe_gateway, "PacedClient", lambda *_args, **_facts: NoSocket(standin))
    gateway._gateway.cache_clear()
    with standin:
        yield lambda **facts: made(key, standin, clock, **facts)
        pool.wait_until_idle()
    gateway._gateway.cache_clear()
