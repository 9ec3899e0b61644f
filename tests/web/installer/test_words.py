"""A refusal of the set-up is whole in the reader's language, and says what is wrong with just what was typed."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from tests.web.installer.test_walk import SHOP, SID, TOKEN, owner

ENGLISH = (" is not ", " is no ", " has ", " holds ", " the ", " does ", " needs ")


@pytest.fixture
def client(db: None) -> Client:
    client = owner()
    client.post("/setup/shop", SHOP)
    return client


def said(client: Client, path: str, typed: dict[str, str], language: str = "en") -> str:
    """What stands at the fields."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    form = client.post(path, typed).context["form"]
    return " ".join(str(each) for errors in form.errors.values() for each in errors)


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/setup/reach", {"address": "http://pay.example"}),
        ("/setup/database", {"where": "own", "address": "redis://here"}),
        ("/setup/database", {"where": "own", "address": "postgresql://u:p@127.0.0.1:1/shop"}),
        ("/setup/stripe", {"key": "pk_test_0123456789abcdef"}),
        ("/setup/stripe", {"key": "whsec_0123456789abcdef"}),
        ("/setup/stripe", {"key": "sk_test_0"}),
        ("/setup/twilio", {"twilio_account_sid": "AC1", "twilio_auth_token": "x"}),
        ("/setup/twilio", {"twilio_account_sid": TOKEN, "twilio_auth_token": SID}),
        ("/setup/behavior", {"behavior": "fixed", "overage": "off"}),
        ("/setup/behavior", {"behavior": "fixed", "fixed_amount": "0.10", "overage": "ask"}),
        ("/setup/email", {"email_url": "mail.example.com", "email_from": "a"}),
    ],
)
def test_it_is_whole_in_spanish(client: Client, path: str, typed: dict[str, str]) -> None:
    sentence = said(client, path, typed, "es")
    assert sentence and not [each for each in ENGLISH if each in sentence.partition("(")[0]], sentence


@pytest.mark.parametrize("key", ["sk_test_0", "sk_test_a1B2 c3D4a1B2c3D4", "rk_test_a1B2c3D4a1B2…"])
def test_a_piece_of_a_key_is_not_said_to_begin_wrongly(client: Client, key: str) -> None:
    assert "not a whole key" in said(client, "/setup/stripe", {"key": key})


def test_sid_and_token_in_each_others_place_are_said_to_be(client: Client) -> None:
    typed = {"twilio_account_sid": TOKEN, "twilio_auth_token": SID}
    assert "in each other's place" in said(client, "/setup/twilio", typed)


def test_an_amount_that_is_missing_is_asked_for(client: Client) -> None:
    typed = {"behavior": "fixed-with-order", "fixed_amount": "", "overage": "ask", "overage_cap": ""}
    assert said(client, "/setup/behavior", typed) == "Type an amount."
    typed |= {"overage_cap": "50"}
    assert said(client, "/setup/behavior", typed) == "Type the amount that everybody pays."


def test_days_that_count_for_nothing_are_no_hindrance(client: Client) -> None:
    typed = {"behavior": "caller", "overage": "off", "overage_days": "0"}
    assert client.post("/setup/behavior", typed).headers["Location"] == "/setup/email"


def test_an_address_of_nothing_is_none(client: Client) -> None:
    assert "no web address" in said(client, "/setup/reach", {"address": "https://"})
