"""No page, part, file or answer shows a key, a token or a secret to anybody; its last four only to owners."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from phonepay.events.actors import SYSTEM
from phonepay.merchant.credentials import keep
from phonepay.people.models import Role
from phonepay.web.panel.access import ROWS, is_machine
from tests.shop import make_line, make_shop
from tests.web.cast import person, signed_in
from tests.web.panel.test_access import ROUTES, address

pytestmark = [pytest.mark.django_db, pytest.mark.long]
KEPT = {
    "twilio_auth_token": "0123456789abcdef0123456789abQzWx".lower(),
    "stripe_secret_key": "sk_test_nobodyshouldseethisQzWx",
    "stripe_webhook_secret": "whsec_nobodyshouldseethisQzWx",
    "email_url": "smtps://shop:nobodyshouldseethis@mail.example.com",
}
SECRETS = {"0123456789abcdef0123456789ab", "nobodyshouldseethis", "fedcba98", "thetestsown", "a-key-of-the-tests"}


def read(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode("utf-8", errors="replace") + str(response.headers)


@pytest.mark.parametrize("who", list(Role.values))
def test_nobody_is_shown_a_key(who: str, settings: Settings) -> None:
    settings.PHONEPAY_STRIPE_SECRET_KEY = settings.PHONEPAY_TWILIO_ACCOUNT_SID = None
    settings.PHONEPAY_TWILIO_AUTH_TOKENS = settings.PHONEPAY_STRIPE_WEBHOOK_SECRETS = ()
    keep({name: text for name, text in KEPT.items() if name != "twilio_auth_token"}, by=SYSTEM, now=timezone.now())
    make_line(make_shop())
    client = signed_in(person(who))
    shown: dict[str, list[str]] = {}
    for route in ROWS:
        if is_machine("/" + ROUTES[route].lstrip("/")) or route == "account_logout":
            continue
        page = read(client.get(address(route)))
        found = [secret for secret in SECRETS if secret in page]
        if who != Role.OWNER and "QzWx" in page:
            found.append("the last four")
        if found:
            shown[route] = found
    assert shown == {}
