"""The telephone in a real browser: keys of the page and of the computer, the test cards, what is heard and told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from phonepay.payments.models import Payment
from phonepay.people.models import User
from tests.browser.conftest import THEMES, WIDTHS, Visitor
from tests.browser.sandboxed import PAGE, listens, reaches_the_card, sandbox
from tests.sandbox.playing import Sandbox
from tests.web.cast import person

__all__ = ["sandbox"]
Visit = Callable[..., Visitor]


@pytest.fixture
def owner(sandbox: Sandbox) -> User:
    return person()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_a_whole_call_is_fine_at_every_moment(visit: Visit, owner: User, width: str, theme: str) -> None:
    visitor = visit(owner, width=width, theme=theme)
    page = visitor.open(PAGE)
    visitor.is_fine(f"telephone-{width}-{theme}")
    reaches_the_card(page)
    visitor.is_fine(f"telephone-card-{width}-{theme}")
    page.get_by_role("button", name="The card is accepted").click()
    expect(page.get_by_role("link", name="Look at the payment")).to_be_visible()
    visitor.is_fine(f"telephone-paid-{width}-{theme}")
    page.get_by_role("button", name="Hang up").click()
    expect(page.get_by_text("You hung up.")).to_be_visible()
    visitor.is_fine(f"telephone-over-{width}-{theme}")


def test_the_keypad_and_the_end_are_under_the_thumb(visit: Visit, owner: User) -> None:
    page = visit(owner, width="phone").open(PAGE)
    reaches_the_card(page)
    page.locator(".key[value='*']").click()
    listens(page, "You have not been charged")
    for button in (*page.locator(".key").all(), page.get_by_role("button", name="Hang up")):
        box = button.bounding_box()
        assert box and box["height"] >= 44 and box["width"] >= 44


def test_the_whole_keypad_is_in_sight_when_a_call_begins_on_a_phone(visit: Visit, owner: User) -> None:
    page = visit(owner, width="phone").open(PAGE)
    page.get_by_role("button", name="Call", exact=True).click()
    listens(page, "Enter your order number")
    expect(page.locator(".key[value='8']")).to_be_in_viewport(ratio=1)


def test_the_computers_own_keys_are_pressed_in_their_order(visit: Visit, owner: User) -> None:
    page = visit(owner).open(PAGE)
    page.get_by_role("button", name="Call", exact=True).click()
    listens(page, "Enter your order number")
    page.keyboard.type("9876543210#")
    expect(page.locator("#heard .keys").first).to_contain_text("9876543210#")


def test_while_the_card_is_asked_for_digits_are_no_keys(visit: Visit, owner: User) -> None:
    page = visit(owner).open(PAGE)
    reaches_the_card(page)
    expect(page.locator(".key[value='4']")).to_be_disabled()
    before = page.locator("#heard .keys").count()
    page.keyboard.type("4242")
    page.get_by_role("button", name="Not enough money").click()
    listens(page, "You have not been charged")
    keyed = page.locator("#heard .keys").nth(before).inner_text()
    assert keyed.count("•") == 16
    assert "4242" not in page.content()


def test_what_is_heard_is_spoken_where_somebody_wants_it(visit: Visit, owner: User) -> None:
    visitor = visit(owner)
    visitor.page.add_init_script(
        "window.spoken = []; speechSynthesis.speak = words => window.spoken.push([words.lang, words.text]);"
    )
    page = visitor.open(PAGE)
    page.get_by_role("button", name="Call", exact=True).click()
    listens(page, "Enter your order number")
    assert page.evaluate("window.spoken") == []
    page.get_by_role("button", name="Spoken aloud: off").click()
    expect(page.get_by_role("button", name="Spoken aloud: on")).to_be_visible()
    page.keyboard.type("1042#")
    listens(page, "To pay, press 1")
    (lang, text), *more = page.evaluate("window.spoken")
    assert (lang, more) == ("en-US", [])
    assert "To pay, press 1" in text


def test_a_call_goes_on_where_the_page_is_opened_again(visit: Visit, owner: User) -> None:
    page = visit(owner).open(PAGE)
    reaches_the_card(page)
    page.reload()
    page.get_by_role("button", name="The card is accepted").click()
    expect(page.get_by_role("link", name="Look at the payment")).to_be_visible()
    assert Payment.objects.get().status == Payment.Status.SUCCEEDED


def test_the_payment_is_refunded_from_where_it_was_made(visit: Visit, owner: User) -> None:
    page = visit(owner).open(PAGE)
    reaches_the_card(page)
    page.get_by_role("button", name="The card is accepted").click()
    page.get_by_role("link", name="Refund it").click()
    page.get_by_role("button", name="Refund $42.50").click()
    expect(page.get_by_text("Refunded $42.50").first).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_leaving_says_plainly_what_becomes_of_what_was_tried(visit: Visit, owner: User, width: str, theme: str) -> None:
    visitor = visit(owner, width=width, theme=theme)
    page = visitor.open("/")
    page.get_by_role("link", name="Connect my accounts").first.click()
    visitor.is_fine(f"sandbox-leave-{width}-{theme}")
    expect(page.get_by_label("Clear it")).to_be_checked()
    page.get_by_role("button", name="Leave and connect").click()
    expect(page.get_by_text("Sandbox: nothing leaves this machine")).to_have_count(0)
