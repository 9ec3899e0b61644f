"""Refunding and charging extra with a mouse, a keyboard and a thumb."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from phonepay.payments.models import Payment, Refund
from tests.browser.conftest import WIDTHS, Visitor
from tests.shop import Till, consent
from tests.web.cast import person

Visit = Callable[..., Visitor]


@pytest.fixture
def payment(till: Till) -> Payment:
    return till.pay(till.order(), consent=consent(5000))


@pytest.fixture
def page(visit: Visit, payment: Payment) -> Page:
    return visit(person()).open(f"/payments/{payment.pk}")


def heard(page: Page) -> str:
    """What a screen reader was told."""
    return page.locator("#announcer").inner_text()


@pytest.mark.parametrize("width", WIDTHS)
def test_somebody_finds_a_payment_and_refunds_it(till: Till, visit: Visit, payment: Payment, width: str) -> None:
    visitor = visit(person(), width=width)
    page = visitor.open("/")
    page.get_by_role("searchbox", name="Search").fill("1234")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Refund", exact=True).click()
    page.get_by_role("button", name="Refund $42.50").click()
    expect(page.get_by_text("Refunded $42.50. They will see it in 5 to 10 days.").first).to_be_visible()
    expect(page.locator(".badge").first).to_have_text("Refunded")
    expect(page.locator("#announcer")).to_have_text(re.compile("Refunded"))
    assert Refund.objects.get().amount == payment.amount
    visitor.is_fine(f"refunded-{width}")


def test_the_button_has_the_focus_and_follows_the_amount(page: Page) -> None:
    page.get_by_role("link", name="Refund", exact=True).click()
    expect(page.get_by_role("button", name="Refund $42.50")).to_be_focused()
    page.get_by_label("Amount to refund").fill("12.5")
    expect(page.get_by_label("Part of it")).to_be_checked()
    expect(page.get_by_role("button", name="Refund $12.50")).to_be_visible()
    page.get_by_label("Amount to refund").fill("12.5x")
    expect(page.get_by_role("button", name="Refund", exact=True)).to_be_visible()


def test_escape_keeps_the_money_and_gives_the_focus_back(page: Page) -> None:
    page.keyboard.press("r")
    expect(page.get_by_role("button", name="Refund $42.50")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Refund", exact=True)).to_be_focused()
    assert not Refund.objects.exists()


def test_a_double_click_refunds_once(page: Page) -> None:
    page.get_by_role("link", name="Refund", exact=True).click()
    page.get_by_role("button", name="Refund $42.50").dblclick()
    expect(page.get_by_text("They will see it").first).to_be_visible()
    assert Refund.objects.count() == 1


def test_a_held_enter_opens_the_form_and_refunds_nothing(page: Page) -> None:
    page.get_by_role("link", name="Refund", exact=True).focus()
    for _ in range(8):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    expect(page.get_by_role("button", name="Refund $42.50")).to_be_visible()
    assert not Refund.objects.exists()


def test_what_was_typed_stays_after_a_refusal(page: Page) -> None:
    page.get_by_role("link", name="Refund", exact=True).click()
    page.get_by_label("Amount to refund").fill("99")
    page.get_by_label("Note, if you like").fill("two cups")
    page.get_by_role("button", name="Refund $99.00").click()
    expect(page.locator("#refusal")).to_have_text("Only $42.50 can be refunded.")
    expect(page.get_by_label("Amount to refund")).to_have_value("99")
    expect(page.get_by_label("Note, if you like")).to_have_value("two cups")
    expect(page.locator("#announcer")).to_have_text("Only $42.50 can be refunded.")


def test_a_second_tab_refunds_nothing_more(visit: Visit, payment: Payment) -> None:
    visitor = visit(person())
    tabs = [visitor.open(f"/payments/{payment.pk}/refund"), visitor.context.new_page()]
    tabs[1].goto(tabs[0].url)
    for tab in tabs:
        tab.get_by_role("button", name="Refund $42.50").click()
        expect(tab.get_by_text("Refunded $42.50.").first).to_be_visible()
    assert Refund.objects.count() == 1


def test_charging_extra_begins_with_the_amount(page: Page) -> None:
    page.get_by_role("link", name="Charge extra").click()
    expect(page.get_by_label("Amount", exact=True)).to_be_focused()
    page.keyboard.type("18")
    page.get_by_label("What for").fill("Broken cup")
    page.get_by_role("button", name="Charge $18.00").click()
    expect(page.get_by_text("Charged $18.00. $32.00 left.").first).to_be_visible()
    assert Payment.objects.get(kind=Payment.Kind.OVERAGE).amount == 1800


def test_it_all_works_without_scripts(visit: Visit, payment: Payment) -> None:
    page = visit(person(), java_script_enabled=False).open(f"/payments/{payment.pk}")
    page.get_by_role("link", name="Refund", exact=True).click()
    page.get_by_role("button", name="Refund $42.50").click()
    expect(page.get_by_text("They will see it").first).to_be_visible()
    assert Refund.objects.count() == 1


def test_keys_can_be_switched_off(visit: Visit, payment: Payment) -> None:
    page = visit(person(shortcuts=False)).open(f"/payments/{payment.pk}")
    page.keyboard.press("r")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).not_to_be_focused()
    assert page.url.endswith(str(payment.pk)) and page.get_by_role("button", name="Refund $42.50").count() == 0


def test_keys_lead_around(page: Page) -> None:
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/payments")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/payments/*")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_a_passkey_opens_the_account(visit: Visit, transactional_db: None) -> None:
    visitor = visit()
    visitor.sign_in(person())
    tools = visitor.context.new_cdp_session(visitor.page)
    tools.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = key | {"isUserVerified": True, "automaticPresenceSimulation": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page = visitor.open("/account/passkeys/add")
    page.get_by_label("Sign in with it alone").check()
    page.get_by_role("button", name="Add it").click()
    page.wait_for_url("**/account/two-factor/codes")
    visitor.context.clear_cookies()
    page.goto(f"{visitor.server}/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{visitor.server}/")
    assert visitor.said == [] and visitor.abroad == []
