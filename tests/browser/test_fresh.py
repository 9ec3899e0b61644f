"""Money is changed by whoever has just said who they are: on a real page, with what was typed still done."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from phonepay.merchant.models import Line
from phonepay.web.accounts.proof import HOLDS
from tests.browser.conftest import Visitor
from tests.shop import make_line, make_shop
from tests.web.cast import person

pytestmark = pytest.mark.django_db(transaction=True)
LONG_AGO = HOLDS.total_seconds() + 60
Visit = Callable[..., Visitor]


def test_an_amount_that_was_typed_is_saved_after_the_password(visit: Visit) -> None:
    line = make_line(make_shop())
    visitor = visit(person(), ago=LONG_AGO, width="phone")
    page = visitor.open("/settings/amounts")
    page.get_by_label("Largest amount").fill("432.10")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    visitor.is_fine("is-it-you-phone")
    visitor.say_who()
    expect(page.get_by_role("status").first).to_contain_text("Saved")
    line.refresh_from_db()
    assert line.ceiling == 43210


def test_a_behavior_is_switched_after_the_password(visit: Visit) -> None:
    line = make_line(make_shop())
    visitor = visit(person(), ago=LONG_AGO)
    page = visitor.open("/settings/callers-hear")
    page.get_by_role("link", name="Use this").first.click()
    page.get_by_role("button", name="Switch", exact=True).click()
    visitor.say_who()
    expect(page.get_by_text("Switched.")).to_be_visible()
    assert Line.objects.get(pk=line.pk).behavior != line.behavior
    page.reload()
    expect(page.get_by_role("heading", name="What callers hear", level=1)).to_be_visible()
    assert visitor.said == []
