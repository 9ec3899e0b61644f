"""Settings in a real browser: each page at its worst width and theme, and each main task."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from phonepay.merchant.models import Line
from phonepay.people.models import Role
from tests.browser.conftest import THEMES, WIDTHS, Visitor
from tests.shop import make_line, make_shop
from tests.web.cast import person

pytestmark = pytest.mark.django_db(transaction=True)

HARBOR: dict[str, Any] = {
    "person_number": "+14155550142",
    "person_hours": {"0": [["09:00", "12:00"], ["13:00", "17:00"]], "5": [["10:00", "14:00"]]},
    "locales": ["en-US", "es-US"],
    "overage": "ask",
    "overage_cap": 5000,
    "behavior_by": "Ana Ruiz",
}
PAGES = {
    "settings": "/settings",
    "hear": "/settings/callers-hear",
    "hear-open": "/settings/callers-hear/behavior/fixed",
    "words": "/settings/callers-hear/words",
    "words-nothing": "/settings/callers-hear/words?find=elephant",
    "word": "/settings/callers-hear/words/en-US/order.confirm",
    "voice": "/settings/callers-hear/voice",
    "amounts": "/settings/amounts",
    "try": "/try-the-line",
    "protection": "/settings/protection",
    "connections": "/settings/connections",
    "number": "/settings/connections/number",
    "help": "/help",
    "about": "/about",
}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_settings_are_fine(visit: Callable[..., Visitor], width: str, theme: str) -> None:
    make_line(make_shop(), **HARBOR)
    visitor = visit(person(), width=width, theme=theme)
    for name, path in PAGES.items():
        visitor.open(path)
        visitor.is_fine(f"settings-{name}-{width}-{theme}")


def test_the_pages_of_settings_are_fine_for_who_looks(visit: Callable[..., Visitor]) -> None:
    shop = make_shop()
    for number in ("+12025550199", "+12025550198"):
        make_line(shop, phone_number=number, **HARBOR)
    visitor = visit(person(Role.AUDITOR, language="es"), width="phone")
    for name, path in PAGES.items():
        if name not in {"hear-open", "try", "number"}:
            visitor.open(path)
            visitor.is_fine(f"settings-looked-{name}")


@pytest.mark.parametrize("width", WIDTHS)
def test_an_owner_switches_what_callers_hear_and_back(visit: Callable[..., Visitor], width: str) -> None:
    line = make_line(make_shop(), **HARBOR)
    page = visit(person(), width=width).open("/settings/callers-hear")
    page.get_by_role("article", name="Fixed amount", exact=True).get_by_role("link", name="Use this").click()
    expect(page.get_by_label("Amount (USD)")).to_be_focused()
    page.get_by_label("Amount (USD)").fill("45.00")
    page.get_by_role("button", name="Switch", exact=True).click()
    expect(page.get_by_text("Switched. No call is under way.")).to_be_visible()
    line.refresh_from_db()
    assert (line.behavior, line.fixed_amount) == (Line.Behavior.FIXED, 4500)
    page.get_by_role("button", name="Switch back").click()
    expect(page.get_by_role("article", name="Fixed amount, with order number")).to_contain_text("Callers hear this now")
    line.refresh_from_db()
    assert (line.behavior, line.fixed_amount) == (Line.Behavior.FIXED_WITH_ORDER, 4250)


def test_own_words_are_checked_while_they_are_typed(visit: Callable[..., Visitor]) -> None:
    line = make_line(make_shop())
    page = visit(person()).open("/settings/callers-hear/words/en-US/order.confirm")
    page.get_by_label("What callers hear").fill("{Order_noun} {order}. To pay, press 1.")
    expect(page.get_by_text("Leave {amount} in: callers must hear it.")).to_be_visible()
    expect(page.get_by_text("Say what key 2 does")).to_be_visible()
    page.get_by_label("What callers hear").fill("{order} is {amount}. To pay, press 1. If not, press 2.")
    expect(page.get_by_text("forty-two dollars and fifty cents. To pay, press 1. If not, press 2.")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Callers hear these words from the next call on.")).to_be_visible()
    line.refresh_from_db()
    assert line.words == {"en-US": {"order.confirm": "{order} is {amount}. To pay, press 1. If not, press 2."}}


def test_the_first_words_are_said_aloud_in_their_language(visit: Callable[..., Visitor]) -> None:
    make_line(make_shop(), locales=["es-MX"])
    visitor = visit(person())
    visitor.page.add_init_script(
        "window.heard = []; speechSynthesis.speak = (said) => window.heard.push([said.lang, said.text]);"
    )
    page = visitor.open("/settings/callers-hear")
    page.get_by_role("article", name="Fixed amount", exact=True).get_by_role("button", name="Listen").click()
    [[language, text]] = page.evaluate("window.heard")
    assert language == "es-MX" and text.startswith("Hola, habla con Corner Books.")


def test_without_a_voice_nothing_offers_to_speak(visit: Callable[..., Visitor]) -> None:
    make_line(make_shop())
    visitor = visit(person())
    visitor.page.add_init_script("Object.defineProperty(window, 'speechSynthesis', {value: undefined});")
    page = visitor.open("/settings/callers-hear")
    expect(page.get_by_role("button", name="Listen")).to_have_count(0)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_call_is_heard_and_keyed_on_the_page(visit: Callable[..., Visitor], width: str, theme: str) -> None:
    make_line(make_shop(), **HARBOR | {"locales": ["en-US"]}, behavior="caller")
    visitor = visit(person(Role.OPERATOR), width=width, theme=theme)
    page = visitor.open("/try-the-line")
    page.get_by_role("button", name="Call", exact=True).click()
    expect(page.get_by_text("Enter the amount in dollars")).to_be_visible()
    for key in "42*50":
        page.get_by_role("button", name=key, exact=True).click()
    visitor.is_fine(f"try-entry-{width}-{theme}")
    page.get_by_role("button", name="#", exact=True).click()
    expect(page.get_by_text("You are paying forty-two dollars and fifty cents.")).to_be_visible()
    visitor.is_fine(f"try-choice-{width}-{theme}")
    page.get_by_role("button", name="1", exact=True).click()
    # The next key counts once the next question is asked.
    expect(page.get_by_text("May Corner Books charge this card again")).to_be_visible()
    page.get_by_role("button", name="1", exact=True).click()
    expect(page.get_by_text("Now the caller keys the card.")).to_be_visible()
    visitor.is_fine(f"try-card-{width}-{theme}")
    page.get_by_role("button", name="The card is accepted").click()
    expect(page.get_by_text("Your confirmation number is")).to_be_visible()
    page.get_by_role("button", name="Hang up").click()
    expect(page.get_by_text("It was a trial: nothing was charged or written down.")).to_be_visible()
    visitor.is_fine(f"try-over-{width}-{theme}")
