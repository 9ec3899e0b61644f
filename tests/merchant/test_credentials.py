"""The keys: the environment's, else what was kept; encrypted at rest, several at a time while one is rotated."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from phonepay.configuration import encryption
from phonepay.events.actors import SYSTEM, command
from phonepay.events.models import Event
from phonepay.merchant import credentials
from phonepay.merchant.credential_cache import READ_AGAIN, REREAD_PAUSE
from phonepay.merchant.credential_names import NAMES
from phonepay.merchant.credentials import KeyRefused, current, forget, forget_older, keep, reread
from phonepay.merchant.models import Credential
from phonepay.people.permissions import NotAllowed, Person
from tests.shop import AISHA, OLIVIA, together

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("no_keys_given")]

OLD, NEW, NEWEST = "1" * 32, "2" * 32, "3" * 32
STRIPE_KEY = "rk_live_ofthetests00000000"


def kept(**changes: str) -> None:
    keep(changes, by=OLIVIA, now=timezone.now())


def look_later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + seconds)


def _kept(text: str) -> str:
    return encryption.encrypt(text.encode()).decode()


def test_without_any_key_nothing_is_set() -> None:
    keys = current()
    assert (keys.stripe_secret_key, keys.twilio_auth_tokens, keys.email_url) == (None, (), None)
    assert set(keys.sources.values()) == {""} and set(keys.sources) == set(NAMES)


def test_twilio_and_stripe_themselves_are_asked_unless_told_otherwise() -> None:
    assert (current().twilio_api_base, current().stripe_api_base) == (
        "https://api.twilio.com",
        "https://api.stripe.com",
    )


def test_what_is_kept_counts_at_once_in_this_process() -> None:
    kept(stripe_secret_key=STRIPE_KEY, email_url="smtps://u:p@mail.example.com", email_from="pay@example.com")
    keys = current()
    assert (keys.stripe_secret_key, keys.email_from) == (STRIPE_KEY, "pay@example.com")
    assert (keys.sources["stripe_secret_key"], keys.sources["twilio_auth_token"]) == ("kept", "")


def test_what_was_read_while_it_was_changed_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    forgotten = [True]
    texts = credentials._texts

    def changed_meanwhile(*given: Any) -> Any:
        if forgotten:
            forgotten.pop()  # somebody else of this process commits a change at this moment
            Credential.objects.create(name="email_from", value=_kept("shop@example.com"), since=timezone.now())
            credentials._cache.forget()
        return texts(*given)

    credentials._cache.forget()
    monkeypatch.setattr(credentials, "_texts", changed_meanwhile)
    current()
    assert current().email_from == "shop@example.com"


def test_what_the_environment_sets_wins(settings: Any) -> None:
    kept(stripe_secret_key=STRIPE_KEY)
    settings.PHONEPAY_STRIPE_SECRET_KEY = "sk_test_environment00"
    assert current().stripe_secret_key == "sk_test_environment00"
    assert current().sources["stripe_secret_key"] == "environment"


def test_what_the_environment_sets_cannot_be_changed_here(settings: Any) -> None:
    settings.PHONEPAY_TWILIO_AUTH_TOKENS = (OLD,)
    with pytest.raises(KeyRefused, match=r"PHONEPAY_TWILIO_AUTH_TOKEN is set in the environment") as refused:
        kept(twilio_auth_token=NEW)
    assert refused.value.reason == "environment" and not Credential.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stripe_secret_key", "pk_live_published0000"),
        ("twilio_auth_token", "not hexadecimal"),
        ("twilio_account_sid", "SK" + "0" * 32),
        ("email_url", "mail.elsewhere.example"),
        ("email_url", "smtp://somebody@mail.example.com"),
        ("email_from", "nobody"),
        ("email_from", "a@example.com\nBcc: b@example.com"),
    ],
)
def test_what_is_written_wrong_is_refused_without_repeating_it(name: str, value: str) -> None:
    with pytest.raises(KeyRefused) as refused:
        kept(stripe_webhook_secret="whsec_goodgoodgood", **{name: value})
    assert refused.value.reason == "form" and value not in str(refused.value) + str(refused.value.facts)
    assert not Credential.objects.exists()


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(KeyRefused, match="no key of the name paypal"):
        kept(paypal="x")


def test_a_new_token_stands_before_the_old_one_until_that_is_forgotten() -> None:
    kept(twilio_auth_token=OLD)
    kept(twilio_auth_token=NEW)
    assert current().twilio_auth_tokens == (NEW, OLD)
    assert forget_older("twilio_auth_token", by=OLIVIA, now=timezone.now()) == 1
    assert current().twilio_auth_tokens == (NEW,)


def test_the_same_token_again_becomes_the_newest_and_stands_once() -> None:
    for token in (OLD, NEW, OLD):
        kept(twilio_auth_token=token)
    assert current().twilio_auth_tokens == (OLD, NEW)


def test_the_oldest_goes_where_there_are_too_many() -> None:
    for number in range(credentials.MOST + 2):
        kept(stripe_webhook_secret=f"whsec_number{number:04}")
    assert current().stripe_webhook_secrets == tuple(f"whsec_number{number:04}" for number in (6, 5, 4, 3, 2))


def test_a_key_that_has_one_value_is_replaced() -> None:
    kept(stripe_secret_key="sk_test_0000000000")
    kept(stripe_secret_key=STRIPE_KEY)
    assert current().stripe_secret_key == STRIPE_KEY and Credential.objects.count() == 1


def test_what_is_forgotten_is_gone() -> None:
    kept(twilio_auth_token=OLD, stripe_secret_key=STRIPE_KEY)
    forget(["twilio_auth_token"], by=OLIVIA, now=timezone.now())
    assert (current().twilio_auth_tokens, current().stripe_secret_key) == ((), STRIPE_KEY)


@pytest.mark.parametrize("by", [AISHA, Person("person", "2", "Oscar Operator", role="operator")])
def test_only_owners_change_keys(by: Person) -> None:
    kept(twilio_auth_token=OLD)
    now = timezone.now()
    with pytest.raises(NotAllowed):
        keep({"twilio_auth_token": NEW}, by=by, now=now)
    with pytest.raises(NotAllowed):
        forget(["twilio_auth_token"], by=by, now=now)
    with pytest.raises(NotAllowed):
        forget_older("twilio_auth_token", by=by, now=now)
    assert current().twilio_auth_tokens == (OLD,)


def test_the_server_itself_may() -> None:
    keep({"twilio_auth_token": OLD}, by=command("root"), now=timezone.now())
    assert Credential.objects.get().by == "root"


def test_nothing_in_the_database_can_be_read() -> None:
    kept(stripe_secret_key=STRIPE_KEY, twilio_auth_token=OLD)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, value FROM merchant_credential")
        rows = str(cursor.fetchall())
    assert STRIPE_KEY not in rows and OLD not in rows


def test_events_tell_the_names_and_nothing_else() -> None:
    kept(stripe_secret_key=STRIPE_KEY, twilio_auth_token=OLD)
    forget(["twilio_auth_token", "email_url"], by=SYSTEM, now=timezone.now())
    told = [(event.type, event.data) for event in Event.objects.order_by("pk")]
    assert told == [
        ("keys.kept", {"names": ["stripe_secret_key", "twilio_auth_token"]}),
        ("keys.removed", {"names": ["twilio_auth_token"]}),
    ]


def test_keeping_what_is_there_already_changes_nothing() -> None:
    kept(stripe_secret_key=STRIPE_KEY)
    kept(stripe_secret_key=STRIPE_KEY)
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("twilio", "stripe", "here"),
    [
        ("http://127.0.0.1:9001", "http://127.0.0.1:9002", True),
        ("http://127.0.0.1:9001", "https://api.stripe.com", False),
        ("https://api.twilio.com", "http://localhost:9002", False),
    ],
)
def test_nothing_leaves_this_machine_where_both_far_ends_are_on_it(twilio: str, stripe: str, here: bool) -> None:
    assert not current().stays_here
    kept(twilio_api_base=twilio, stripe_api_base=stripe)
    assert current().stays_here is here


def test_a_key_is_in_no_repr() -> None:
    kept(stripe_secret_key=STRIPE_KEY, twilio_auth_token=OLD, email_url="smtps://u:secret@mail.example.com")
    assert all(secret not in repr(current()) for secret in (STRIPE_KEY, OLD, "secret@"))


def test_what_was_encrypted_with_a_lost_key_counts_as_not_set(settings: Any) -> None:
    kept(stripe_secret_key=STRIPE_KEY)
    settings.PHONEPAY_ENCRYPTION_KEYS = (Fernet.generate_key().decode(),)
    credentials._cache.forget()
    assert current().stripe_secret_key is None and current().sources["stripe_secret_key"] == ""


def test_it_reads_once_in_some_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    kept(stripe_secret_key=STRIPE_KEY)
    with CaptureQueriesContext(connection) as asked:
        assert [current().stripe_secret_key for _ in range(5)] == [STRIPE_KEY] * 5
    assert len(asked) == 1
    look_later(monkeypatch, READ_AGAIN + 1)
    with CaptureQueriesContext(connection) as asked:
        current()
    assert len(asked) == 1


def elsewhere(token: str) -> None:
    """Another process keeps a token, and this one has just read."""
    kept(twilio_auth_token=token)
    credentials._cache.start_with({"twilio_auth_token": (OLD,)}, seconds=60)


def test_a_token_that_another_process_kept_is_found_when_a_signature_fails() -> None:
    elsewhere(NEW)
    assert current().twilio_auth_tokens == (OLD,)
    assert reread("twilio_auth_token") and current().twilio_auth_tokens == (NEW,)


def test_of_two_requests_that_a_new_token_signed_the_second_is_let_in_by_the_first_ones_look() -> None:
    elsewhere(NEW)
    known = current().twilio_auth_tokens  # by which both failed
    assert reread("twilio_auth_token", known) and reread("twilio_auth_token", known)


def test_strangers_cannot_make_it_read_at_will(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere(OLD)
    with CaptureQueriesContext(connection) as asked:
        assert not any(reread("twilio_auth_token") for _ in range(100))
    assert len(asked) == 1
    look_later(monkeypatch, REREAD_PAUSE + 0.1)
    with CaptureQueriesContext(connection) as asked:
        reread("twilio_auth_token")
    assert len(asked) == 1


def test_a_token_of_the_environment_is_not_looked_for(settings: Any) -> None:
    settings.PHONEPAY_TWILIO_AUTH_TOKENS = (OLD,)
    with CaptureQueriesContext(connection) as asked:
        assert not reread("twilio_auth_token")
    assert not len(asked)


@pytest.mark.django_db(transaction=True)
def test_who_keeps_at_the_same_moment_stands_beside() -> None:
    tokens = [f"{number}" * 32 for number in range(4)]
    done = together(*(partial(kept, twilio_auth_token=token) for token in tokens))
    assert not any(isinstance(each, Exception) for each in done), done
    credentials.refresh()
    assert sorted(current().twilio_auth_tokens) == tokens
