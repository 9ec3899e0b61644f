"""Going live, what is left to keep safe, and a number that is given back: after the set-up, for owners."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from phonepay.events import types
from phonepay.events.models import Event
from phonepay.merchant import credentials
from phonepay.merchant.models import Line
from phonepay.orders.models import Order
from phonepay.payments.gateway import gateway_with, key_is_live
from phonepay.setup.numbers import wire_number
from phonepay.setup.steps import STRIPE, facts_of
from phonepay.standins.twilio.rest import TwilioStandIn
from tests.notifications.mail_server import MailServer
from tests.setup.conftest import NOW, NUMBER, OLIVIA, live_of
from tests.web.installer.test_walk import owner


def live(client: Client, key: str, account: str = "") -> str:
    typed = {"key": live_of(key), "name": "Stripe_Live", "account": account or facts_of(STRIPE)["account"]}
    return client.post("/go-live", typed, follow=True).content.decode()


def test_the_page_says_what_going_live_means(db: None) -> None:
    assert "From then on money is real" in owner().get("/go-live").content.decode()


def test_a_connector_of_another_account_is_said_and_nothing_changes(with_stripe: str) -> None:
    page = live(owner(), with_stripe, "acct_1Another0000")
    assert "The connector is of acct_1Another0000" in page and not key_is_live()


def test_going_live_leads_to_one_real_payment_of_the_least_amount(with_stripe: str) -> None:
    client = owner()
    Line.objects.update(behavior="fixed-with-order", fixed_amount=4250)
    page = live(client, with_stripe)
    assert key_is_live() and "One real payment" in page and "$0.50" in page
    assert Order.objects.get().amount == 50 and "You are live" in client.get("/go-live").content.decode()


def test_once_live_another_account_comes_with_its_connector(with_stripe: str) -> None:
    client, other = owner(), f"sk_test_{uuid4().hex}"
    live(client, with_stripe)
    assert "Another Stripe account" in client.get("/settings/connections").content.decode()
    assert "Change to this account" in client.get("/go-live").content.decode()
    page = live(client, other)  # with the connector of the account there is
    assert "The connector is of" in page and credentials.current().stripe_secret_key == live_of(with_stripe)
    page = live(client, other, gateway_with(live_of(other)).account())
    assert "One real payment" in page and credentials.current().stripe_secret_key == live_of(other)


def test_looking_at_the_page_of_the_first_payment_makes_no_order(with_stripe: str, settings: Settings) -> None:
    settings.PHONEPAY_STRIPE_SECRET_KEY = live_of(with_stripe)
    Line.objects.update(behavior="fixed-with-order", fixed_amount=4250)
    client = owner()
    assert "Make the order" in client.get("/go-live/call").content.decode() and not Order.objects.exists()
    for _ in range(2):  # a second press makes no other
        page = client.post("/go-live/call", follow=True).content.decode()
    assert Order.objects.get().number == "9001" and "9001" in page and "Make the order" not in page
    assert Event.objects.filter(type=types.ORDER_ADDED).count() == 1


def test_the_least_of_a_line_that_asks_for_no_number_is_said(with_stripe: str) -> None:
    client = owner()
    Line.objects.update(behavior="caller")
    assert "key it when you are asked" in live(client, with_stripe) and not Order.objects.exists()


def test_before_going_live_there_is_no_real_payment_to_watch(with_stripe: str) -> None:
    assert owner().get("/go-live/call").headers["Location"] == "/go-live"


def test_where_the_environment_sets_the_key_it_is_said(with_stripe: str, settings: Settings) -> None:
    settings.PHONEPAY_STRIPE_SECRET_KEY = with_stripe
    client = owner()
    assert "which wins" in client.get("/go-live").content.decode()
    settings.PHONEPAY_STRIPE_SECRET_KEY = live_of(with_stripe)
    typed = {"name": "Stripe_Live", "account": facts_of(STRIPE)["account"]}
    assert 'name="key"' not in client.get("/go-live").content.decode()
    assert "One real payment" in client.post("/go-live", typed, follow=True).content.decode()
    assert Line.objects.get().connector == "Stripe_Live"


def test_the_last_page_has_the_sentence_for_invoices_and_what_to_keep(line: Line, db: None) -> None:
    Line.objects.update(phone_number="+14155550142", behavior="fixed-with-order", fixed_amount=4250)
    page = owner().get(reverse("handover")).content.decode()
    assert "call (415) 555-0142 and key your order number" in page and "encryption_key" in page and "*72" in page


def test_a_number_is_given_back_what_it_did(with_twilio: TwilioStandIn, line: Line) -> None:
    with_twilio.store.number(NUMBER)["voice_url"] = "https://old.example/answer"
    wire_number(number_sid=str(with_twilio.store.number(NUMBER)["sid"]), by=OLIVIA, now=NOW)
    client, path = owner(), reverse("number-give-back", args=[line.pk])
    page = client.get(path).content.decode()
    assert "<dt>A call comes in</dt><dd>https://old.example/answer</dd>" in page and "VoiceMethod" not in page
    client.post(path)
    assert with_twilio.store.number(NUMBER)["voice_url"] == "https://old.example/answer"
    assert "is not known here" in client.get(path).content.decode()


def test_a_number_that_somebody_changed_is_left_until_told(with_twilio: TwilioStandIn, line: Line) -> None:
    wire_number(number_sid=str(with_twilio.store.number(NUMBER)["sid"]), by=OLIVIA, now=NOW)
    with_twilio.store.number(NUMBER)["voice_url"] = "https://new.example/answer"
    client, path = owner(), reverse("number-give-back", args=[line.pk])
    assert "new.example" in client.post(path).content.decode()
    client.post(path, {"anyway": "yes"})
    assert with_twilio.store.number(NUMBER)["voice_url"] == ""


# --- e-mail, which can wait ---


def email(client: Client, url: str) -> str:
    typed = {"email_url": url, "email_from": "Harbor Garage <pay@shop.example>"}
    return client.post("/setup/email", typed, follow=True).content.decode()


def test_a_letter_goes_out_before_the_mail_server_is_kept(transactional_db: None, line: Line) -> None:
    with MailServer() as server:
        page = email(owner(), server.url)
        assert "A letter went out to olivia@example.com" in page and credentials.current().email_url == server.url
        assert len(server.letters) == 1


@pytest.mark.parametrize("url", ["smtp://127.0.0.1:1", "https://mail.example.com"])
def test_a_mail_server_that_does_not_take_it_is_not_kept(transactional_db: None, line: Line, url: str) -> None:
    assert 'class="wrong"' in email(owner(), url) and credentials.current().email_url is None
    assert not Event.objects.filter(type=types.KEYS_KEPT).exists()  # not for a moment either
