"""Connections, protection, help: what is set, what is hidden, what an owner may have looked at."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import phonenumbers
import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from phonepay.configuration.presence import Presence
from phonepay.merchant.models import Line, Merchant
from phonepay.payments.stripe_events import SUBSCRIBED
from phonepay.people.models import Role
from phonepay.setup.findings import in_order, note, problem
from phonepay.setup.models import NumberWiring
from phonepay.web.panel.settings import connections
from tests.shop import make_line, make_shop
from tests.web.cast import person, signed_in

pytestmark = pytest.mark.django_db

HERE = "/settings/connections"


@pytest.fixture
def owner() -> Client:
    return signed_in(person())


@pytest.fixture
def line() -> Line:
    return make_line(make_shop())


def page_of(client: Client, path: str) -> str:
    return unescape(client.get(path).content.decode())


def test_the_addresses_for_twilio_and_stripe_are_this_installations(
    owner: Client, line: Line, settings: Settings
) -> None:
    settings.PHONEPAY_PUBLIC_URL = "https://pay.example"
    for page in (page_of(owner, HERE), page_of(owner, "/help")):
        for path in ("/twilio/voice", "/twilio/fallback?locale=en-US", "/twilio/status", "/stripe/webhook"):
            assert f"https://pay.example{path}" in page


def test_help_names_every_event_that_is_needed(owner: Client) -> None:
    page = page_of(owner, "/help")
    assert all(f"{name.partition('.')[0]}.*" in page for name in SUBSCRIBED)


def test_every_country_that_is_offered_can_be_kept(owner: Client, line: Line) -> None:
    offered = re.findall(r'value="([A-Z]{2})"', page_of(owner, HERE))
    assert "US" in offered
    assert set(offered) <= phonenumbers.SUPPORTED_REGIONS


def test_without_a_public_address_it_says_what_to_do(owner: Client, line: Line, settings: Settings) -> None:
    settings.PHONEPAY_PUBLIC_URL = None
    assert "There is no public address, so no call is let in." in page_of(owner, HERE)


@pytest.mark.parametrize("role", Role.values)
def test_of_keys_only_the_end_is_shown_and_to_owners_alone(role: str, line: Line, settings: Settings) -> None:
    settings.PHONEPAY_STRIPE_SECRET_KEY = "sk_live_" + "0123456789abcdefXYZ9"
    settings.PHONEPAY_STRIPE_WEBHOOK_SECRETS = ("whsec_hidden_whole",)
    settings.PHONEPAY_TWILIO_AUTH_TOKENS = ("f00df00df00df00df00df00df00df00d",)
    page = page_of(signed_in(person(role)), HERE)
    assert ("ends in XYZ9" in page) is (role == Role.OWNER) and "Live: real money" in page
    for secret in ("789abcdefXYZ9", "whsec_hidden", "f00df00d"):
        assert secret not in page


def test_a_short_secret_is_hidden_whole(owner: Client, line: Line, settings: Settings) -> None:
    settings.PHONEPAY_STRIPE_SECRET_KEY = "short-zq"
    assert "t-zq" not in page_of(owner, HERE)


def test_the_worker_is_told_of(owner: Client, line: Line) -> None:
    assert "Not seen yet" in page_of(owner, HERE)
    Presence("worker", timezone.now()).beat(timezone.now() - timedelta(seconds=5))
    assert "Last seen today" in page_of(owner, HERE)


def test_an_owner_has_all_of_it_looked_at(owner: Client, line: Line, settings: Settings) -> None:
    settings.PHONEPAY_STRIPE_SECRET_KEY = None
    settings.PHONEPAY_TWILIO_AUTH_TOKENS = ()
    response = owner.get(f"{HERE}?look=now", headers={"HX-Request": "true"})
    part = unescape(response.content.decode())
    assert "There is no Stripe key." in part and "For callers: No card can be charged" in part and "<html" not in part


def test_what_is_to_be_mended_stands_first_and_what_is_in_order_is_folded(
    owner: Client, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [in_order("All fine."), note("Odd.", mend="Look."), problem("Broken.", callers="They wait.", mend="Mend.")]
    monkeypatch.setattr(connections, "examine", lambda: found)
    page = page_of(owner, f"{HERE}?look=now")
    places = [page.index(each) for each in ("Broken.", "Odd.", "1 thing is in order", "All fine.")]
    assert places == sorted(places) and '<details class="fold"><summary>1 thing is in order' in page


def test_others_do_not_set_requests_off(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "examine", lambda: pytest.fail("it was looked at"))
    page = page_of(signed_in(person(Role.AUDITOR)), f"{HERE}?look=now")
    assert "You can look, not change." in page or "looked" in page


def test_the_first_number_is_made_with_its_shop(owner: Client) -> None:
    typed = {
        "phone_number": "+1 415 555 0142",
        "name": "Harbor Garage",
        "time_zone": "Europe/Madrid",
        "currency": "eur",
    }
    response = owner.post(f"{HERE}/number", typed)
    line = Line.objects.get()
    assert response.headers["Location"] == f"/settings/callers-hear?line={line.pk}"
    assert (line.phone_number, line.currency, line.merchant.name) == ("+14155550142", "eur", "Harbor Garage")


def test_a_second_number_leaves_the_shop_as_it_is(owner: Client, line: Line) -> None:
    owner.post(f"{HERE}/number", {"phone_number": "+14155550142", "currency": "usd", "name": "Changed"})
    assert Line.objects.count() == 2 and Merchant.objects.get().name == "Corner Books"


@pytest.mark.parametrize(
    ("typed", "sentence"), [("12", "“12” is not a phone number."), ("+12025550199", "this number is taken")]
)
def test_a_number_that_cannot_be_is_refused_and_kept(owner: Client, line: Line, typed: str, sentence: str) -> None:
    response = owner.post(f"{HERE}/number", {"phone_number": typed, "currency": "usd"})
    page = unescape(response.content.decode())
    assert sentence in page and f'value="{typed}"' in page and Line.objects.count() == 1


def test_a_number_is_corrected(owner: Client, line: Line) -> None:
    owner.post(HERE, {"section": "number", "phone_number": "+1 415 555 0142"})
    line.refresh_from_db()
    assert line.phone_number == "+14155550142"


def test_protection_says_what_holds_and_leads_to_where_it_is_set(owner: Client, line: Line) -> None:
    page = page_of(owner, "/settings/protection")
    assert "Callers can pay $1.00 to $500.00" in page and 'href="/settings/amounts#amounts"' in page
    assert "3 tries at one question, 6 in a call" in page and "everybody's own choice" in page


@pytest.mark.parametrize(("role", "shown"), [(Role.OWNER, True), (Role.OPERATOR, False), (Role.AUDITOR, False)])
def test_where_the_data_lie_is_for_owners(role: str, shown: bool, settings: Settings) -> None:
    page = page_of(signed_in(person(role)), "/about")
    assert (str(settings.PHONEPAY_DATA_DIR) in page) is shown and "Apache-2.0" in page


def test_help_is_on_every_page(owner: Client) -> None:
    assert 'href="/help"' in page_of(owner, "/payments")


def test_a_number_that_was_wired_can_be_given_back(owner: Client, line: Line) -> None:
    assert "Give it back" not in page_of(owner, HERE)
    NumberWiring.objects.create(phone_number=line.phone_number, number_sid="PN1", before={}, wired_at=timezone.now())
    assert f"/settings/connections/number/{line.pk}/give-back" in page_of(owner, HERE)
