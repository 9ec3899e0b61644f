"""The first door: trying it without accounts, and from there to one's own."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from phonepay.merchant import credentials
from phonepay.people.models import Role, User
from phonepay.setup import codes
from tests.web.cast import person, signed_in
from tests.web.installer.conftest import browser
from tests.web.installer.test_walk import OWNER, by_code


@pytest.fixture
def no_address(settings: Settings) -> None:
    """An empty machine, which no telephone network reaches."""
    settings.PHONEPAY_PUBLIC_URL = None


def test_trying_it_now_leads_to_the_telephone(db: None, no_address: None) -> None:
    client = by_code()
    assert client.post("/setup/try").headers["Location"] == reverse("try-telephone")
    assert credentials.current().stays_here and client.get(reverse("try-telephone")).status_code == 200


def test_who_tries_it_owns_nothing_and_the_next_code_opens(db: None, no_address: None) -> None:
    by_code().post("/setup/try")
    assert codes.open_with(str(codes.new_code(now=timezone.now())), now=timezone.now())


def test_without_the_code_nothing_is_tried(db: None, no_address: None) -> None:
    codes.new_code(now=timezone.now())
    assert browser().post("/setup/try").headers["Location"] == "/setup"
    assert not User.objects.exists() and not credentials.current().stays_here


def test_from_the_sandbox_the_accounts_are_connected_by_the_first_owner(db: None, no_address: None) -> None:
    client = by_code()
    client.post("/setup/try")
    assert "the sandbox is on" in client.get("/setup").content.decode()
    assert client.post("/setup/connect").headers["Location"] == "/sandbox/leave", "what becomes of it is asked first"
    assert credentials.current().stays_here
    assert client.post("/sandbox/leave", {"tried": "clear"}).headers["Location"] == "/setup/owner"
    assert not credentials.current().stays_here
    client.post("/setup/owner", OWNER)
    assert User.objects.get().email == OWNER["email"] and User.objects.get().has_usable_password()


def test_who_was_out_of_the_sandbox_comes_back_with_a_new_code_and_leaves_it(db: None, no_address: None) -> None:
    by_code().post("/setup/try")
    client = by_code()
    assert client.post("/setup/connect").headers["Location"] == "/sandbox/leave"
    assert client.get("/sandbox/leave").status_code == 200


@pytest.mark.parametrize("path", ["/setup/owner", "/setup/stripe", "/setup/twilio"])
def test_no_account_is_connected_to_the_sandbox(db: None, no_address: None, path: str) -> None:
    client = by_code()
    client.post("/setup/try")
    assert client.get(path).headers["Location"] == "/sandbox/leave"


def test_where_the_environment_names_stand_ins_there_is_no_sandbox_to_be_left_first(
    db: None, settings: Settings
) -> None:
    settings.PHONEPAY_TWILIO_API_BASE = settings.PHONEPAY_STRIPE_API_BASE = "http://127.0.0.1:1"
    client = by_code()
    client.post("/setup/owner", OWNER)
    assert client.post("/setup/connect").headers["Location"] == "/setup/shop"


def test_without_a_token_no_telephone_is_looked_for(db: None, settings: Settings) -> None:
    settings.PHONEPAY_TWILIO_API_BASE = settings.PHONEPAY_STRIPE_API_BASE = "http://127.0.0.1:1"
    settings.PHONEPAY_TWILIO_AUTH_TOKENS = ()
    client = signed_in(person(Role.OWNER))
    assert client.get(reverse("try-telephone")).headers["Location"] == reverse("try-the-line")


def test_the_strip_leads_to_going_live(db: None) -> None:
    assert f'href="{reverse("go-live")}"' in signed_in(person(Role.OWNER)).get("/").content.decode()
