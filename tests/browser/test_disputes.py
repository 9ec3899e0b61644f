"""A dispute as people meet it, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WIDTHS, Visitor
from tests.payments.telling import handle_all, tell
from tests.shop import Till, consent
from tests.web.cast import person


@pytest.mark.parametrize("width", WIDTHS)
def test_somebody_sees_what_the_bank_did_and_where_to_answer(
    till: Till, visit: Callable[..., Visitor], width: str
) -> None:
    payment = till.pay(till.order(), consent=consent(5000))
    till.account.dispute(payment.intent_id, reason="product_not_received")
    tell(till)
    handle_all()
    visitor = visit(person(), width=width)
    page = visitor.open("/")
    expect(page.get_by_role("link", name="Answer at Stripe")).to_be_visible()
    visitor.is_fine(f"home-disputed-{width}")
    page = visitor.open(f"/payments/{payment.pk}")
    expect(page.get_by_text("The bank has the money and decides.")).to_be_visible()
    expect(page.get_by_role("link", name="Answer at Stripe")).to_be_visible()
    visitor.is_fine(f"payment-disputed-{width}")
