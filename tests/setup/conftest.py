"""An installation that nobody has set up, and both vendors as stand-ins: no key is in its environment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from pytest_django import Settings

from phonepay.merchant import credentials
from phonepay.merchant.models import Line
from phonepay.people.permissions import Person
from phonepay.setup import codes
from phonepay.setup.shop import set_shop
from phonepay.setup.stripe_key import connect_stripe
from phonepay.setup.twilio_account import connect_twilio
from phonepay.standins.stripe import StripeStandIn
from phonepay.standins.twilio.rest import TwilioStandIn
from tests.payments.conftest import stripe_standin

__all__ = ["stripe_standin"]

NOW = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)
OLIVIA = Person("person", "1", "Olivia Owner", role="owner")
OSCAR = Person("person", "2", "Oscar Operator", role="operator")
SID, TOKEN = "AC" + "1" * 32, "2" * 32
NUMBER, OTHER = "+15550100", "+15550101"


@pytest.fixture(autouse=True)
def nothing_set(settings: Settings, db: None) -> None:
    """As on an empty machine: the environment says nothing of the vendors."""
    for name in ("TWILIO_ACCOUNT_SID", "STRIPE_SECRET_KEY"):
        setattr(settings, f"PHONEPAY_{name}", None)
    settings.PHONEPAY_TWILIO_AUTH_TOKENS = settings.PHONEPAY_STRIPE_WEBHOOK_SECRETS = ()
    codes.new_code(now=NOW)


@pytest.fixture
def twilio(settings: Settings) -> Iterator[TwilioStandIn]:
    with TwilioStandIn(account_sid=SID, auth_token=TOKEN, numbers=[NUMBER, OTHER]) as standin:
        settings.PHONEPAY_TWILIO_API_BASE = standin.url
        yield standin


@pytest.fixture
def key(settings: Settings, stripe_standin: StripeStandIn, transactional_db: None) -> str:
    """A test key of an account that nobody else has."""
    settings.PHONEPAY_STRIPE_API_BASE = stripe_standin.url
    return f"sk_test_{uuid4().hex}"


def live_of(key: str) -> str:
    """The live key of the same account."""
    return key.replace("_test_", "_live_")


@pytest.fixture
def line() -> Line:
    return set_shop(
        name="Harbor Garage", currency="usd", time_zone="America/New_York", locale="en-US", by=OLIVIA, now=NOW
    )


@pytest.fixture
def with_stripe(key: str, line: Line) -> str:
    connect_stripe(key=key, by=OLIVIA, now=NOW)
    return key


@pytest.fixture
def with_twilio(twilio: TwilioStandIn) -> TwilioStandIn:
    connect_twilio(account_sid=SID, auth_token=TOKEN, by=OLIVIA, now=NOW)
    return twilio


def kept_key() -> str | None:
    return credentials.current().stripe_secret_key
