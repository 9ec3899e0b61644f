"""Try the line, as a page: plain forms, one thing at a time, no card number anywhere."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from phonepay.calls.models import Call
from phonepay.events.models import Event
from phonepay.payments.models import Payment
from phonepay.people.models import Role
from tests.shop import make_line, make_shop
from tests.web.cast import person, signed_in

pytestmark = pytest.mark.django_db

HERE = "/try-the-line"


@pytest.fixture
def client() -> Client:
    make_line(make_shop(), behavior="fixed")
    return signed_in(person(Role.OPERATOR))


def do(client: Client, act: str, **data: Any) -> str:
    turn = re.search(r'name="turn" value="(\d+)"', client.get(HERE).content.decode())
    response = client.post(HERE, {"act": act, "turn": turn[1] if turn else "", **data}, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_an_operator_hears_a_whole_call(client: Client) -> None:
    assert "The amount is forty-two dollars and fifty cents." in do(client, "call")
    assert "Now the caller keys the card." in do(client, "press", keys="1")
    assert "You have paid forty-two dollars and fifty cents." in do(client, "card", value="accepted")
    assert "It was a trial: nothing was charged or written down." in do(client, "hang_up")
    assert not Payment.objects.exists() and not Call.objects.exists() and not Event.objects.exists()


def test_a_second_tap_of_the_same_key_changes_nothing(client: Client) -> None:
    do(client, "call")
    for _ in range(2):
        client.post(HERE, {"act": "press", "turn": "1", "keys": "9"})
    assert client.session["trial"]["turn"] == 2


def test_what_does_not_belong_here_changes_nothing(client: Client) -> None:
    do(client, "call")
    before = client.session["trial"]
    do(client, "card", value="accepted")
    do(client, "person", value="yes")
    do(client, "press_everything")
    assert client.session["trial"] == before


def test_the_card_step_has_nowhere_to_type(client: Client) -> None:
    do(client, "call")
    page = do(client, "press", keys="1")
    fields = re.findall(r'<input (?!type="hidden")[^>]*name="([^"]+)"', page)
    assert fields == ["q"]


def test_a_part_is_swapped_in_with_what_is_new(client: Client) -> None:
    do(client, "call")
    response = client.post(HERE, {"act": "press", "turn": "1", "keys": "9"}, headers={"HX-Request": "true"})
    part = response.content.decode()
    assert "<html" not in part and part.count("data-new") == 2


def test_a_trial_of_another_shape_is_begun_anew(client: Client) -> None:
    session = client.session
    session["trial"] = {"line": 1, "said": [{"of": "old"}]}
    session.save()
    assert "Hear what callers hear" in client.get(HERE).content.decode()


def test_an_auditor_does_not_try() -> None:
    assert signed_in(person(Role.AUDITOR)).get(HERE).status_code == 403


def test_the_page_leads_to_the_real_telephone_and_test_cards(client: Client) -> None:
    page = client.get(HERE).content.decode()
    assert 'href="tel:+12025550199"' in page and "4242 4242 4242 4242" in page
