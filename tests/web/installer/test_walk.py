"""The pages of the set-up, from the code to the end, with both vendors as stand-ins."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from phonepay.merchant.models import Line
from phonepay.people.models import User
from phonepay.setup import codes
from phonepay.setup.models import SetUp
from phonepay.standins.twilio.rest import TwilioStandIn
from tests.setup.conftest import NUMBER, SID, TOKEN
from tests.web.installer.conftest import browser

OWNER = {"name": "Olivia Owner", "email": "olivia@example.com", "password": "a long enough password"}
SHOP = {"name": "Harbor Garage", "currency": "usd", "time_zone": "America/New_York", "locale": "en-US"}


def by_code() -> Client:
    made = codes.new_code(now=timezone.now())
    client = browser()
    assert client.post("/setup", {"code": made}).headers["Location"] == "/setup"
    return client


def owner() -> Client:
    client = by_code()
    client.post("/setup/owner", OWNER)
    return client


def test_the_address_that_was_printed_has_the_code_filled_in(db: None) -> None:
    made = codes.new_code(now=timezone.now())
    assert str(made) in browser().get(f"/setup?code={made}").content.decode()


def test_the_code_leads_to_two_doors(db: None) -> None:
    assert "Connect my accounts" in by_code().get("/setup").content.decode()


def test_the_first_owner_is_signed_in_and_goes_on(db: None) -> None:
    client = by_code()
    assert client.post("/setup/owner", OWNER).headers["Location"] == "/setup/shop"
    assert client.get("/").status_code == 200 and User.objects.get().email == OWNER["email"]


def test_a_password_that_anybody_guesses_is_refused(db: None) -> None:
    page = by_code().post("/setup/owner", OWNER | {"password": "password12"}).content.decode()
    assert "wrong" in page and not User.objects.exists()


def test_the_shop_has_its_line(db: None) -> None:
    assert owner().post("/setup/shop", SHOP).headers["Location"] == "/setup/reach"
    line = Line.objects.get()
    assert (line.merchant.name, line.currency, line.phone_number) == ("Harbor Garage", "usd", "")


def test_left_at_any_step_it_is_taken_up_again_there(db: None) -> None:
    client = owner()
    client.post("/setup/shop", SHOP)
    page = client.get("/setup").content.decode()
    assert 'href="/setup/reach"' in page and "Harbor Garage, USD" in page


def test_the_database_stays_where_it_is(db: None) -> None:
    client = owner()
    assert client.post("/setup/database", {"where": "embedded"}).headers["Location"] == "/setup/stripe"
    assert SetUp.objects.get().facts("database")


def test_every_step_to_a_wired_number(key: str, twilio: TwilioStandIn) -> None:
    client = owner()
    client.post("/setup/shop", SHOP)
    answer = client.post("/setup/stripe", {"key": key}, follow=True)
    assert "Stripe takes the key" in answer.content.decode() and key not in answer.content.decode()
    assert "Stripe takes the key" not in client.get("/setup/twilio").content.decode(), "it is said once"
    told = {"twilio_account_sid": SID, "twilio_auth_token": TOKEN}
    assert client.post("/setup/twilio", told).headers["Location"] == "/setup/twilio/number"
    assert NUMBER in client.get("/setup/twilio/number").content.decode()
    sid = twilio.store.number(NUMBER)["sid"]
    answer = client.post("/setup/twilio/number", {"number": sid})
    assert answer.headers["Location"] == "/setup/behavior"
    assert f"Calls to {NUMBER} come here" in client.get("/setup/behavior").content.decode()
    facts = {"behavior": "fixed-with-order", "fixed_amount": "42.50", "overage": "ask", "overage_cap": "50"}
    assert client.post("/setup/behavior", facts).headers["Location"] == "/setup/email"
    assert 'href="/setup/consoles"' in client.get("/setup/email").content.decode()
    line = Line.objects.get()
    assert (line.phone_number, line.fixed_amount, line.overage_cap) == (NUMBER, 4250, 5000)
    account = SetUp.objects.get().facts("stripe")["account"]
    assert client.post("/setup/consoles", {"done": "yes"}).headers["Location"] == "/setup/consoles/connector"
    typed = {"name": "Default", "account": account, "mode": "test"}
    answer = client.post("/setup/consoles/connector", typed, follow=True)
    assert answer.redirect_chain == [("/setup/call", 302)] and "of the same account" in answer.content.decode()
    assert NUMBER in client.get("/setup/call").content.decode()


def test_a_number_that_belongs_to_something_is_left_until_it_is_said_so(twilio: TwilioStandIn) -> None:
    twilio.store.number(NUMBER)["trunk_sid"] = "TK" + "4" * 32
    client = owner()
    client.post("/setup/shop", SHOP)
    client.post("/setup/twilio", {"twilio_account_sid": SID, "twilio_auth_token": TOKEN})
    page = client.post("/setup/twilio/number", {"number": twilio.store.number(NUMBER)["sid"]}).content.decode()
    assert "Nothing was changed. Tick" in page and page.count("belongs to a trunk") == 1


@pytest.mark.parametrize(
    ("path", "typed", "told"),
    [
        ("/setup/shop", SHOP | {"name": ""}, "required"),
        ("/setup/stripe", {"key": "pk_test_0123456789abcdef"}, "publishable"),
        ("/setup/twilio", {"twilio_account_sid": "AC1", "twilio_auth_token": "x"}, "not an account SID"),
        ("/setup/reach", {"address": "http://pay.example"}, "not encrypted"),
        ("/setup/database", {"where": "own", "address": "redis://here"}, "no database that is known"),
        ("/setup/consoles", {}, "Tick it once"),
        ("/setup/behavior", {"behavior": "fixed", "overage": "off"}, "amount"),
    ],
)
def test_what_cannot_be_used_is_said_at_the_step(db: None, path: str, typed: dict[str, str], told: str) -> None:
    client = owner()
    client.post("/setup/shop", SHOP)
    answer = client.post(path, typed)
    assert answer.status_code == 200 and told in answer.content.decode()


def test_a_key_that_was_typed_does_not_come_back(db: None) -> None:
    client = owner()
    answer = client.post("/setup/twilio", {"twilio_account_sid": "AC1", "twilio_auth_token": TOKEN})
    assert TOKEN not in answer.content.decode()


def test_home_leads_back_to_a_set_up_that_was_left(db: None) -> None:
    client = owner()
    client.post("/setup/shop", SHOP)
    assert 'href="/setup"' in client.get("/").content.decode()
    client.post("/setup/finish")
    assert 'href="/setup"' not in client.get("/").content.decode()
