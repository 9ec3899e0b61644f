"""`phonepay keys`: what is set, from where; tried before it is kept; never an argument, never printed."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from phonepay.cli import keys
from phonepay.configuration.keys import new_encryption_key, read_keys, write_keys
from phonepay.events.actors import SYSTEM
from phonepay.merchant import credentials
from phonepay.merchant.credentials import current, keep
from phonepay.merchant.models import Credential
from phonepay.standins.stripe import StripeStandIn
from phonepay.standins.twilio.rest import TwilioStandIn
from tests.cli.conftest import Command, Printed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_keys_given")]

SID, TOKEN, NEW = "AC" + "1" * 32, "a1" * 16, "b2" * 16
Given = Callable[..., Printed]


@pytest.fixture
def given(phonepay: Command, monkeypatch: pytest.MonkeyPatch) -> Given:
    """A command with lines on its stdin."""

    def run(*words: str, lines: str) -> Printed:
        monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
        return phonepay(*words)

    return run


def test_nothing_is_set_at_first(phonepay: Command) -> None:
    printed = phonepay("keys", "list")
    assert printed.code == 0 and printed.out.count("not set") >= 6


def test_a_list_shows_endings_and_nothing_more(phonepay: Command, settings: Any) -> None:
    settings.PHONEPAY_STRIPE_SECRET_KEY = "sk_test_0123456789abcdefWXYZ"
    for token in (TOKEN, NEW):
        keep({"twilio_account_sid": SID, "twilio_auth_token": token}, by=SYSTEM, now=timezone.now())
    keep({"email_url": "smtps://me:hunter2hunter2@mail.example.com"}, by=SYSTEM, now=timezone.now())
    out = phonepay("keys", "list").out
    assert "…WXYZ" in out and "environment" in out and SID in out
    assert f"…{TOKEN[-4:]}" in out and f"…{NEW[-4:]}" in out and "older" in out and "UTC  Phone Pay" in out
    assert all(secret not in out for secret in (TOKEN, NEW, "0123456789abcdef", "hunter2"))


def test_what_cannot_be_read_any_more_is_told(phonepay: Command) -> None:
    keep({"stripe_secret_key": "sk_test_0123456789abcdef"}, by=SYSTEM, now=timezone.now())
    Credential.objects.update(value="of a lost key")
    assert "cannot be read" in phonepay("keys", "list").out


def test_a_key_on_the_command_line_is_refused(phonepay: Command) -> None:
    printed = phonepay("keys", "set", "stripe-secret-key", "sk_test_0123456789abcdef")
    assert printed.code == 2 and not Credential.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_stripe_key_is_tried_and_kept(given: Given, settings: Any, stripe_standin: StripeStandIn) -> None:
    settings.PHONEPAY_STRIPE_API_BASE = stripe_standin.url
    key = "sk_test_ofthecommandline00"
    printed = given("keys", "set", "stripe-secret-key", lines=f"{key}\n")
    assert printed.code == 0 and "Stripe takes the key" in printed.out and key not in printed.out
    assert current().stripe_secret_key == key


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("there", "given_key"), [("sk_live_", "sk_test_"), ("sk_test_", "sk_live_")])
def test_from_live_to_test_and_back_is_no_matter_of_a_key_alone(
    given: Given, settings: Any, stripe_standin: StripeStandIn, there: str, given_key: str
) -> None:
    settings.PHONEPAY_STRIPE_API_BASE = stripe_standin.url
    keep({"stripe_secret_key": f"{there}ofthecommandline00"}, by=SYSTEM, now=timezone.now())
    printed = given("keys", "set", "stripe-secret-key", lines=f"{given_key}ofthecommandline00\n")
    assert printed.code == 1 and "Nothing was kept." in printed.err
    assert current().stripe_secret_key == f"{there}ofthecommandline00"


@pytest.mark.django_db(transaction=True)
def test_a_stripe_key_that_stripe_does_not_take_is_not_kept(given: Given, settings: Any) -> None:
    settings.PHONEPAY_STRIPE_API_BASE = "http://127.0.0.1:1"
    printed = given("keys", "set", "stripe-secret-key", lines="sk_test_ofthecommandline00\n")
    assert printed.code == 1 and "Nothing was kept." in printed.err and not Credential.objects.exists()


@pytest.fixture
def twilio(settings: Any) -> Any:
    with TwilioStandIn(account_sid=SID, auth_token=NEW, numbers=["+15550100"]) as standin:
        settings.PHONEPAY_TWILIO_API_BASE = standin.url
        yield standin


@pytest.mark.django_db(transaction=True)
def test_a_new_token_is_tried_and_stands_beside_the_old_one(given: Given, phonepay: Command, twilio: Any) -> None:
    keep({"twilio_account_sid": SID, "twilio_auth_token": TOKEN}, by=SYSTEM, now=timezone.now())
    printed = given("keys", "set", "twilio-auth-token", lines=f"{NEW}\n")
    assert printed.code == 0 and "keys remove twilio-auth-token --older" in printed.out
    assert current().twilio_auth_tokens == (NEW, TOKEN)
    assert "1 older removed" in phonepay("keys", "remove", "twilio-auth-token", "--older").out
    assert current().twilio_auth_tokens == (NEW,)


@pytest.mark.django_db(transaction=True)
def test_a_token_that_twilio_does_not_take_is_not_kept(given: Given, twilio: Any) -> None:
    keep({"twilio_account_sid": SID, "twilio_auth_token": NEW}, by=SYSTEM, now=timezone.now())
    printed = given("keys", "set", "twilio-auth-token", lines=f"{'c' * 32}\n")
    assert printed.code == 1 and "c" * 32 not in printed.err
    assert current().twilio_auth_tokens == (NEW,)


def test_what_is_not_kept_cannot_be_removed(phonepay: Command, settings: Any) -> None:
    settings.PHONEPAY_STRIPE_SECRET_KEY = "sk_test_0123456789abcdef"
    printed = phonepay("keys", "remove", "stripe-secret-key")
    assert printed.code == 1 and "No stripe-secret-key is kept here" in printed.err


def test_nothing_given_is_refused(given: Given) -> None:
    assert given("keys", "set", "email-from", lines="\n").code == 1


@pytest.fixture
def folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.PHONEPAY_GIVEN = frozenset()
    settings.PHONEPAY_DATA_DIR = tmp_path
    monkeypatch.setattr(keys, "_SETTLE_SECONDS", 0)
    write_keys(tmp_path / "encryption_key", [new_encryption_key()])
    return tmp_path


def test_the_encryption_key_is_rotated_in_one_run(phonepay: Command, folder: Path) -> None:
    (old,) = read_keys(folder / "encryption_key")
    keep({"stripe_secret_key": "sk_test_0123456789abcdef"}, by=SYSTEM, now=timezone.now())
    printed = phonepay("keys", "rotate-encryption")
    assert printed.code == 0 and "keys: 1 encrypted anew" in printed.out
    (new,) = read_keys(folder / "encryption_key")
    assert new != old and new not in printed.out
    credentials._cache.forget()
    assert current().stripe_secret_key == "sk_test_0123456789abcdef"


def test_without_waiting_the_old_key_stays_for_the_next_run(phonepay: Command, folder: Path) -> None:
    assert phonepay("keys", "rotate-encryption", "--no-wait").code == 0
    new, _ = read_keys(folder / "encryption_key")
    assert phonepay("keys", "rotate-encryption").code == 0
    assert read_keys(folder / "encryption_key") == (new,)


def test_where_the_environment_has_the_key_it_says_what_to_do_on_every_host(phonepay: Command, settings: Any) -> None:
    old = settings.PHONEPAY_ENCRYPTION_KEYS[0]
    keep({"stripe_secret_key": "sk_test_0123456789abcdef"}, by=SYSTEM, now=timezone.now())
    first = phonepay("keys", "rotate-encryption")
    assert "On every host set" in first.out and old not in first.out
    new = first.out.partition("PHONEPAY_ENCRYPTION_KEY=")[2].partition(",")[0]
    settings.PHONEPAY_ENCRYPTION_KEYS = (new, old)
    assert "take the others out" in phonepay("keys", "rotate-encryption").out
    settings.PHONEPAY_ENCRYPTION_KEYS = (new,)
    credentials._cache.forget()
    assert current().stripe_secret_key == "sk_test_0123456789abcdef"
