"""The whole set-up in a real browser, from the code to a paid and refunded test call, at both widths."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from phonepay.cli.pace import Pace
from phonepay.setup import codes
from phonepay.setup.models import SetUp
from phonepay.standins.stripe import StripeStandIn
from phonepay.standins.twilio import Connector, Telephone
from phonepay.standins.twilio.rest import TwilioStandIn
from phonepay.standins.twilio.terminal import run
from tests.browser.conftest import WIDTHS, Visitor

pytestmark = pytest.mark.django_db(transaction=True)

SID, TOKEN, NUMBER = "AC" + "1" * 32, "2" * 32, "+15550100"
PASSWORD = "a long enough password"


@pytest.fixture
def twilio(settings: Settings) -> Iterator[TwilioStandIn]:
    """An account with two numbers, one of which does something already. Nothing is in the environment."""
    for name in ("TWILIO_ACCOUNT_SID", "STRIPE_SECRET_KEY"):
        setattr(settings, f"PHONEPAY_{name}", None)
    settings.PHONEPAY_TWILIO_AUTH_TOKENS = settings.PHONEPAY_STRIPE_WEBHOOK_SECRETS = ()
    with TwilioStandIn(account_sid=SID, auth_token=TOKEN, numbers=[NUMBER, "+15550101"]) as standin:
        settings.PHONEPAY_TWILIO_API_BASE = standin.url
        standin.store.number("+15550101")["voice_application_sid"] = "AP" + "3" * 32
        standin.store.account["type"] = "Trial"
        yield standin


def go_on(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_way_from_the_code_to_a_refunded_call(
    visit: Callable[..., Visitor],
    live_server: LiveServer,
    settings: Settings,
    stripe_standin: StripeStandIn,
    twilio: TwilioStandIn,
    width: str,
) -> None:
    settings.PHONEPAY_STRIPE_API_BASE = stripe_standin.url
    key = f"sk_test_{uuid4().hex}"
    visitor = visit(width=width)
    page = _first_steps(visitor, width)
    _connect(visitor, page, key, width)
    _consoles(visitor, page, width)
    expect(page.get_by_text("Waiting for your call")).to_be_visible()
    visitor.is_fine(f"setup-call-{width}")
    _call(twilio, live_server.url, stripe_standin.url, key)
    refund = page.get_by_role("button", name="Refund it")
    expect(refund).to_be_visible()
    visitor.is_fine(f"setup-call-paid-{width}")
    refund.click()
    expect(page.get_by_text("the whole way works")).to_be_visible()
    visitor.is_fine(f"setup-call-refunded-{width}")
    go_on(page, "Finish the set-up")
    expect(page.get_by_role("heading", level=1)).to_contain_text("For your customers")
    visitor.is_fine(f"setup-handover-{width}")
    assert [each["status"] for each in stripe_standin.account(key).refunds] == ["succeeded"]
    assert SetUp.objects.get().done_at


def _first_steps(visitor: Visitor, width: str) -> Page:
    """The code, the door, the account, the shop, the address, the database."""
    page = visitor.open(f"/setup?code={codes.new_code(now=timezone.now())}")
    visitor.is_fine(f"setup-code-{width}")
    go_on(page, "Begin")
    expect(page.get_by_role("heading", level=1)).to_have_text("Card payments by phone")
    visitor.is_fine(f"setup-doors-{width}")
    go_on(page, "Connect my accounts")
    page.get_by_label("Your name").fill("Olivia Owner")
    page.get_by_label("E-mail").fill("olivia@example.com")
    page.get_by_label("A password").fill(PASSWORD)
    visitor.is_fine(f"setup-owner-{width}")
    go_on(page, "Make my account")
    page.get_by_label("Your shop's name").fill("Harbor Garage")
    visitor.is_fine(f"setup-shop-{width}")
    go_on(page, "Go on")
    expect(page.get_by_role("heading", level=1)).to_contain_text("phone network")
    visitor.is_fine(f"setup-reach-{width}")
    go_on(page, "Check it and go on")
    page.get_by_label("Keep it although").check()
    visitor.is_fine(f"setup-reach-refused-{width}")
    go_on(page, "Check it and go on")
    expect(page.get_by_role("heading", level=1)).to_have_text("Where the data are kept")
    visitor.is_fine(f"setup-database-{width}")
    go_on(page, "Go on")
    return page


def _connect(visitor: Visitor, page: Page, key: str, width: str) -> None:
    """Stripe, Twilio, the number, the behavior."""
    page.get_by_label("Secret key").fill("pk_test_0123456789abcdef")
    go_on(page, "Check it and go on")
    expect(page.get_by_text("publishable")).to_be_visible()
    expect(page.get_by_label("Secret key")).to_be_focused()
    visitor.is_fine(f"setup-stripe-refused-{width}")
    page.get_by_label("Secret key").fill(key)
    go_on(page, "Check it and go on")
    expect(page.get_by_text("Stripe takes the key")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Twilio")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stripe")
    page.go_forward()
    visitor.is_fine(f"setup-twilio-{width}")
    page.get_by_label("Account SID").fill(SID)
    page.get_by_label("Auth token").fill(TOKEN)
    go_on(page, "Check it and go on")
    page.get_by_label(NUMBER).check()
    visitor.is_fine(f"setup-number-{width}")
    go_on(page, "Send its calls here")
    page.get_by_label("The amount that is the same").fill("42.50")
    visitor.is_fine(f"setup-behavior-{width}")
    go_on(page, "Go on")


def _consoles(visitor: Visitor, page: Page, width: str) -> None:
    """PCI mode and the connector: first of another account, then of the key's."""
    visitor.is_fine(f"setup-email-{width}")
    page.get_by_role("link", name="It can wait").click()
    visitor.is_fine(f"setup-pci-{width}")
    page.get_by_label("PCI mode is enabled").check()
    go_on(page, "Go on")
    account = SetUp.objects.get().facts("stripe")["account"]
    page.get_by_label("The account beside it").fill("acct_1AnotherAccount")
    go_on(page, "Compare and go on")
    expect(page.get_by_text("The connector is of")).to_be_visible()
    visitor.is_fine(f"setup-connector-refused-{width}")
    page.get_by_label("The account beside it").fill(account)
    go_on(page, "Compare and go on")


def _call(twilio: TwilioStandIn, product: str, stripe: str, key: str) -> None:
    """The owner's own phone: an order number, yes, and the test card."""
    pace = Pace()
    phone = Telephone(
        on_time=pace.advance,
        **twilio.addresses(NUMBER),  # type: ignore[arg-type]
        local_base=product,
        account_sid=SID,
        auth_token=TOKEN,
        number=NUMBER,
        connectors={"Default": Connector(stripe, key)},
    )
    run(phone, "1001# 1 card:4242424242424242/1230/123/94110", from_="+12025550123", before_keys=pace.listen)
