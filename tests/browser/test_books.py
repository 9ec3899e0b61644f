"""The pages of the books and of the worker, at the desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from phonepay.configuration.presence import Presence
from phonepay.payments.models import LedgerEntry
from tests.browser.conftest import THEMES, WIDTHS, Visitor
from tests.payments.books import check_books
from tests.shop import Till
from tests.web.cast import person


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_books_and_the_worker_are_fine(till: Till, visit: Callable[..., Visitor], width: str, theme: str) -> None:
    till.pay(till.order())
    till.hear("payment_intent.succeeded", "pi_gone")
    till.account.book("adjustment", 10_000)
    till.account.pay_out()
    Presence("worker", timezone.now()).beat(timezone.now())
    check_books(till)
    visitor = visit(person(), width=width, theme=theme)
    visitor.open("/settings/books")
    visitor.is_fine(f"books-{width}-{theme}")
    visitor.open("/settings/worker")
    visitor.is_fine(f"worker-{width}-{theme}")
    LedgerEntry._base_manager.filter(kind="sale").update(amount=4000)
    check_books(till)
    page = visitor.open("/settings/books")
    page.get_by_text("Explain it").click()
    visitor.is_fine(f"books-differing-{width}-{theme}")
    page.get_by_label("What explains it").fill("Typed in by hand")
    page.get_by_role("button", name="It is explained").click()
    expect(page.get_by_text("The books agree with Stripe up to")).to_be_visible()
