"""A browser on an empty machine: no owner, no key, and both vendors as stand-ins."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from tests.payments.conftest import stripe_standin
from tests.setup.conftest import key, line, nothing_set, twilio, with_stripe, with_twilio

__all__ = ["key", "line", "nothing_set", "stripe_standin", "twilio", "with_stripe", "with_twilio"]


@pytest.fixture(autouse=True)
def nobody_has_tried(db: None) -> None:
    """Tries of earlier tests are not counted."""
    cache.clear()


def browser(origin: str = "https://pay.example") -> Client:
    """Somebody's browser, which says from where its forms are sent."""
    return Client(headers={"Origin": origin, "Sec-Fetch-Site": "same-origin"}, SERVER_NAME="pay.example")
