"""The addresses that Twilio is sent to are the ones that the door serves, with overrides that Twilio understands."""

from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.urls import resolve

from phonepay.standins.twilio.overrides import overrides_of
from phonepay.telephony.addresses import Addresses

HERE = Addresses("https://pay.example")
EACH = {
    "voice": HERE.voice(),
    "fallback": HERE.fallback("es-US"),
    "status": HERE.status(),
    "input": HERE.input(3),
    "person": HERE.person(3),
    "pay": HERE.pay(uuid4()),
    "pay_fell_through": HERE.pay_fell_through(uuid4()),
    "pay_status": HERE.pay_status(uuid4()),
    "waiting": HERE.waiting(uuid4(), 2),
}


@pytest.mark.parametrize("name", EACH)
def test_the_door_serves_it(name: str) -> None:
    assert resolve(urlsplit(EACH[name]).path).func.__module__ == "phonepay.web.voice.views"


@pytest.mark.parametrize("name", EACH)
def test_its_overrides_are_understood(name: str) -> None:
    overrides = overrides_of(EACH[name])
    assert overrides.problems == ()
    assert overrides.connect_seconds == 3


@pytest.mark.parametrize("name", sorted(EACH.keys() - {"status", "pay_status"}))
def test_what_the_caller_waits_for_is_tried_again(name: str) -> None:
    overrides = overrides_of(EACH[name])
    assert overrides.retries == 2
    assert all(overrides.retries_after(failure) for failure in ("ct", "rt", "5xx"))
    assert not overrides.retries_after("4xx")
    # A first try that times out leaves time for two more.
    assert overrides.read_seconds * 2 < overrides.total_seconds


def test_the_fallback_carries_the_language() -> None:
    assert urlsplit(HERE.fallback("es-MX")).query == "locale=es-MX"
