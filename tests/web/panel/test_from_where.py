"""What is done in the panel says from which address."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from phonepay.events import types
from phonepay.events.models import Event
from tests.web.cast import person, signed_in

pytestmark = pytest.mark.django_db


def source_of(**headers: str) -> str:
    client = signed_in(person())
    client.post("/settings/people/invite", {"email": "ana@example.com", "role": "auditor"}, headers=headers)
    return Event.objects.get(type=types.PERSON_INVITED).source


def test_an_event_names_the_address_of_the_request() -> None:
    assert source_of() == "panel:127.0.0.1"


def test_nobody_says_an_address_that_no_trusted_proxy_says() -> None:
    assert source_of(**{"X-Forwarded-For": "203.0.113.5"}) == "panel:127.0.0.1"


def test_behind_a_trusted_proxy_the_address_is_the_one_it_saw(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert source_of(**{"X-Forwarded-For": "198.51.100.1, 203.0.113.5"}) == "panel:203.0.113.5"


def test_fewer_proxies_than_were_said_are_no_error(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    assert source_of(**{"X-Forwarded-For": "203.0.113.5"}) == "panel"
