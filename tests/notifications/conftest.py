"""A mail server on loopback, set up as the shop's own, and a shop with a customer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.notifications.mail_server import MailServer
from tests.payments.conftest import stripe_standin, till

__all__ = ["stripe_standin", "till"]


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    with MailServer() as server:
        settings.PHONEPAY_EMAIL_URL = server.url
        settings.PHONEPAY_EMAIL_FROM = "pay@shop.example"
        yield server
