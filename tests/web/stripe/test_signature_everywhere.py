"""Every route of Stripe's door, as the addresses of the product have them, wants Stripe's signature. A new one too."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from phonepay.payments.models import StripeEvent
from phonepay.standins.stripe.webhooks import signature
from tests.conftest import TEST_ENVIRONMENT
from tests.shop import make_shop
from tests.web.voice.test_signature_everywhere import address, under

pytestmark = pytest.mark.django_db
SECRET = TEST_ENVIRONMENT["PHONEPAY_STRIPE_WEBHOOK_SECRET"]
WINDOW = 300  # seconds
ROUTES = under("stripe/", get_resolver().url_patterns)
BODY = json.dumps(
    {
        "id": "evt_1", "object": "event", "type": "payment_intent.succeeded", "created": 1_780_000_000,
        "livemode": False, "data": {"object": {"id": "pi_1", "metadata": {}}},
    }
).encode()  # fmt: skip


def ask(route: str, signed: str | None, body: bytes = BODY) -> int:
    headers = {} if signed is None else {"Stripe-Signature": signed}
    return int(Client(headers=headers).post(address(route), body, content_type="application/json").status_code)


def test_every_route_refuses_every_forgery() -> None:
    make_shop()
    now = int(time.time())
    right = signature(SECRET, now, BODY)
    stamp, _, scheme = right.partition(",")
    forgeries: dict[str, Any] = {
        "none": None,
        "empty": "",
        "another secret": signature("whsec_somebodyelses", now, BODY),
        "too old": signature(SECRET, now - WINDOW - 5, BODY),
        "a newer time put on it": f"t={now - 1},{scheme}",
        "another body": signature(SECRET, now, b"{}"),
        "an older scheme": right.replace("v1=", "v0="),
        "no scheme": stamp,
        "no time": scheme,
        "cut short": right[:-2],
        "not letters": "\u00e9",
    }
    for route in ROUTES:
        for name, forged in forgeries.items():
            assert ask(route, forged) == 400, (route, name)
        assert ask(route, right, BODY.replace(b"pi_1", b"pi_2")) == 400
    assert ROUTES and not StripeEvent.objects.exists()


def test_every_route_opens_to_stripe() -> None:
    make_shop()
    for route in ROUTES:
        assert ask(route, signature(SECRET, int(time.time()), BODY)) == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_every_route_takes_nothing_but_post(method: str) -> None:
    for route in ROUTES:
        assert Client().generic(method, address(route)).status_code == 405
