"""Connections: a key is changed by an owner, tried before it is kept, and what the environment sets is left to it."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from phonepay.configuration import kept
from phonepay.events.actors import SYSTEM
from phonepay.merchant.credentials import current, keep
from phonepay.merchant.models import Credential, Line
from phonepay.people.models import Role
from phonepay.standins.stripe import StripeStandIn
from phonepay.standins.twilio.rest import TwilioStandIn
from tests.payments.conftest import stripe_standin
from tests.shop import make_line, make_shop
from tests.web.cast import person, signed_in

__all__ = ["stripe_standin"]

pytestmark = pytest.mark.django_db(transaction=True)

HERE = "/settings/connections/keys"
SID, OLD, NEW = "AC" + "1" * 32, "a1" * 16, "b2" * 16


@pytest.fixture(autouse=True)
def nothing_in_the_environment(settings: Any, no_keys_given: None, tmp_path: Path) -> None:
    settings.PHONEPAY_GIVEN = settings.PHONEPAY_GIVEN - {"PHONEPAY_PUBLIC_URL"}
    settings.PHONEPAY_DATA_DIR = tmp_path


@pytest.fixture
def line() -> Line:
    return make_line(make_shop())


@pytest.fixture
def owner(line: Line) -> Client:
    client = signed_in(person())
    client.defaults["HTTP_HOST"] = "127.0.0.1"  # this machine itself, where http is let pass
    return client


@pytest.fixture
def twilio(settings: Any) -> Iterator[TwilioStandIn]:
    with TwilioStandIn(account_sid=SID, auth_token=NEW, numbers=["+15550100"]) as standin:
        settings.PHONEPAY_TWILIO_API_BASE = standin.url
        yield standin


def posted(client: Client, what: str, **typed: str) -> str:
    return unescape(client.post(f"{HERE}/{what}", typed).content.decode())


def test_a_stripe_key_is_tried_kept_and_told_of(owner: Client, settings: Any, stripe_standin: StripeStandIn) -> None:
    settings.PHONEPAY_STRIPE_API_BASE = stripe_standin.url
    key = f"sk_test_{uuid4().hex}"
    page = posted(owner, "stripe", key=key)
    assert "Kept" in page and "Stripe takes the key (test: no real money)" in page and key not in page
    assert current().stripe_secret_key == key and current().stripe_webhook_secrets
    listed = unescape(owner.get("/settings/connections").content.decode())
    assert f"ends in {key[-4:]}" in listed and key not in listed and "Change it" in listed


@pytest.mark.parametrize(
    ("there", "given", "words"),
    [("sk_live_", "sk_test_", "yours is live"), ("sk_test_", "sk_live_", "Going live is a step of its own")],
)
def test_a_key_of_the_other_mode_is_no_rotation(owner: Client, there: str, given: str, words: str) -> None:
    keep({"stripe_secret_key": there + "0" * 20}, by=SYSTEM, now=timezone.now())
    assert words in posted(owner, "stripe", key=given + "1" * 20)
    assert current().stripe_secret_key == there + "0" * 20


def test_a_key_that_stripe_does_not_take_is_refused_with_what_to_do(owner: Client, settings: Any) -> None:
    settings.PHONEPAY_STRIPE_API_BASE = "http://127.0.0.1:1"
    page = posted(owner, "stripe", key="sk_test_00000000000000000000")
    assert "Nothing was kept." in page and "Stripe does not answer" in page and "sk_test_0000" not in page
    assert not Credential.objects.exists()


def test_a_new_token_stands_beside_the_old_one_until_that_is_removed(owner: Client, twilio: TwilioStandIn) -> None:
    keep({"twilio_account_sid": SID, "twilio_auth_token": OLD}, by=SYSTEM, now=timezone.now())
    assert "Kept" in posted(owner, "twilio", twilio_account_sid=SID, twilio_auth_token=NEW)
    assert current().twilio_auth_tokens == (NEW, OLD)
    page = unescape(owner.get("/settings/connections").content.decode())
    assert "Older" in page and "Remove the older" in page
    owner.post(f"{HERE}/twilio/older")
    assert current().twilio_auth_tokens == (NEW,)


def test_a_token_that_twilio_does_not_take_is_not_kept(owner: Client, twilio: TwilioStandIn) -> None:
    keep({"twilio_account_sid": SID, "twilio_auth_token": OLD}, by=SYSTEM, now=timezone.now())
    page = posted(owner, "twilio", twilio_account_sid=SID, twilio_auth_token="c" * 32)
    assert "Nothing was kept." in page and "c" * 32 not in page
    assert current().twilio_auth_tokens == (OLD,)


def test_a_webhook_secret_goes_beside_the_old_one(owner: Client) -> None:
    for secret in ("whsec_firstfirst", "whsec_secondsecond"):
        assert "Kept" in posted(owner, "webhook", secret=secret)
    assert current().stripe_webhook_secrets == ("whsec_secondsecond", "whsec_firstfirst")
    assert "This is no signing secret" in posted(owner, "webhook", secret="sk_test_wrong")


def test_a_mail_server_that_does_not_answer_is_not_kept(owner: Client) -> None:
    page = posted(owner, "e-mail", email_url="smtp://127.0.0.1:1", email_from="pay@example.com")
    assert "wrong" in page and not Credential.objects.exists()
    assert "This is no mail server" in posted(owner, "e-mail", email_url="mail", email_from="pay@example.com")


def test_an_address_that_leads_here_not_is_kept_only_where_one_insists(owner: Client, tmp_path: Path) -> None:
    page = posted(owner, "address", address="https://nowhere.invalid")
    assert "leads nowhere" in page and kept.read(tmp_path).values == {}
    page = posted(owner, "address", address="https://nowhere.invalid", unproven="on")
    assert "goes on with it by itself" in page
    assert kept.read(tmp_path).values == {"PHONEPAY_PUBLIC_URL": "https://nowhere.invalid"}


def test_what_the_environment_sets_is_shown_with_its_name_and_left_alone(owner: Client, settings: Any) -> None:
    settings.PHONEPAY_STRIPE_SECRET_KEY = "sk_test_ofthe_environmentWXYZ"
    page = unescape(owner.get(f"{HERE}/stripe").content.decode())
    assert (
        "The environment of the server sets PHONEPAY_STRIPE_SECRET_KEY" in page
        and "<input" not in page.partition("<main")[2].partition("csrf")[0]
    )
    assert "PHONEPAY_STRIPE_SECRET_KEY" in unescape(owner.get("/settings/connections").content.decode())


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AUDITOR])
def test_only_owners_come_here(role: str, line: Line) -> None:
    assert signed_in(person(role)).get(f"{HERE}/stripe").status_code == 403


def test_who_signed_in_long_ago_says_who_they_are_first(line: Line) -> None:
    response = signed_in(person(), ago=3600).get(f"{HERE}/stripe")
    assert response.status_code == 302 and "/keys/stripe" not in response.headers["Location"].partition("?")[0]


def test_no_key_is_taken_over_plain_http(owner: Client, settings: Any) -> None:
    settings.PHONEPAY_PUBLIC_URL, settings.ALLOWED_HOSTS = None, ["*"]
    response = owner.post(f"{HERE}/webhook", {"secret": "whsec_firstfirst"}, HTTP_HOST="192.0.2.7:8000")
    assert response.status_code == 400 and not Credential.objects.exists()
    response = owner.post(f"{HERE}/webhook", {"secret": "whsec_firstfirst"}, HTTP_HOST="127.0.0.1:8000")
    assert response.status_code == 200 and Credential.objects.exists()


@pytest.mark.parametrize("path", ["nothing", "nothing/older", "stripe/older"])
def test_what_is_no_connection_is_not_found(owner: Client, path: str) -> None:
    assert owner.post(f"{HERE}/{path}").status_code == 404
