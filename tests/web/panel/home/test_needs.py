"""What needs a person: which things, in which order, and what the red count on every page costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from phonepay.orders.numbers import give_right_number
from phonepay.payments.models import Payment, Refund
from phonepay.web.panel.home.needs import KINDS, MOST, ask, counts_of, needs_of
from tests.shop import OLIVIA, Till, fresh
from tests.web.cast import person, signed_in

pytestmark = pytest.mark.database


def page_of(address: str = "/", **facts: str) -> str:
    return signed_in(person(**facts)).get(address).content.decode()


def overpay(till: Till, payment: Payment, times: int = 1) -> None:
    """Money that came for an order that was paid, as its rows are."""
    for _ in range(times):
        twice = till.agree(None, now=payment.agreed_at)
        Payment.objects.filter(pk=twice.pk).update(
            overpaid=True, status="succeeded", charge_id=f"ch_{twice.pk}", order=payment.order_id
        )


def being_checked(till: Till, minutes: int) -> Payment:
    agreed = till.agree(till.order("77"), now=timezone.now() - timedelta(minutes=minutes))
    Payment.objects.filter(pk=agreed.pk).update(status="unknown")
    return fresh(agreed)


def failed_refund(till: Till) -> Refund:
    """As its rows are; at Stripe the other half can still go back."""
    paid = till.pay(till.order("88"))
    [refund] = till.refund(paid, 2000)
    Refund.objects.filter(pk=refund.pk).update(status="failed")
    Payment.objects.filter(pk=paid.pk).update(refunded=0)
    return refund


def test_where_nothing_needs_anybody_one_line_says_so(till: Till) -> None:
    till.pay(till.order())
    page = page_of()
    assert "Nothing needs you." in page and "<title>Home" in page


def test_a_charge_that_is_being_checked_for_minutes_needs_somebody(till: Till) -> None:
    payment = being_checked(till, minutes=12)
    page = page_of()
    assert "$42.50 of order 77 is still being checked, 12 minutes." in page
    assert f'href="/payments/{payment.pk}"' in page


def test_one_that_was_agreed_a_moment_ago_does_not(till: Till) -> None:
    being_checked(till, minutes=1)
    assert "still being checked" not in page_of()


def test_a_refund_that_failed_needs_somebody(till: Till) -> None:
    Refund.objects.filter(pk=failed_refund(till).pk).update(failure="expired_or_canceled_card")
    assert "The refund of $20.00 to Visa ·4242 failed: the card is closed." in page_of()


def test_a_refund_that_was_tried_again_does_not(till: Till) -> None:
    refund = failed_refund(till)
    till.refund(fresh(refund.payment), 2000)
    assert "Nothing needs you." in page_of()


def test_a_refund_that_waits_for_an_hour_needs_somebody(till: Till) -> None:
    paid = till.pay(till.order())
    [refund] = till.refund(paid)
    Refund.objects.filter(pk=refund.pk).update(status="waiting", asked_at=timezone.now() - timedelta(hours=2))
    assert "waits: your Stripe balance is too low" in page_of()


def test_money_that_came_twice_needs_somebody(till: Till) -> None:
    overpay(till, till.pay(till.order()))
    assert "$42.50 came for order 1234, which was paid already." in page_of()


def test_money_for_an_unknown_number_needs_somebody_until_the_order_has_its_right_one(till: Till) -> None:
    till.order("1042")
    paid = till.pay(None, keys="1043")
    assert "Someone paid $42.50 for order 1043, which is not on your list." in page_of()
    assert paid.order is not None
    give_right_number(order=paid.order, number="1044", by=OLIVIA, now=timezone.now())
    assert "Nothing needs you." in page_of(email="again@example.com")


def test_where_no_order_is_ever_entered_there_is_no_list_to_be_missing_from(till: Till) -> None:
    till.pay(None, keys="1043")
    assert "Nothing needs you." in page_of()


def test_money_on_a_line_that_asks_for_no_number_does_not(till: Till) -> None:
    till.pay(None)
    assert "Nothing needs you." in page_of()


def test_what_is_left_of_tests_needs_nobody_once_money_is_real(till: Till, settings: Settings) -> None:
    failed_refund(till)
    settings.PHONEPAY_STRIPE_SECRET_KEY = "sk_live_somebodys"
    assert "Nothing needs you." in page_of()


def test_the_oldest_comes_first_and_five_are_shown(till: Till) -> None:
    overpay(till, till.pay(till.order()), times=7)
    payment = being_checked(till, minutes=600)
    page = page_of()
    first = page.index('<ul class="needs">')
    assert page.index(str(payment.pk)) < page.index("came for order") and page.index(str(payment.pk)) > first
    assert page.count("came for order") == 4 and 'href="/needs"' in page and "All 8" in page


def test_all_of_them_have_a_page(till: Till) -> None:
    overpay(till, till.pay(till.order()), times=7)
    assert page_of("/needs").count("came for order") == 7


def test_every_page_shows_the_count_in_its_rail_and_its_title(till: Till) -> None:
    overpay(till, till.pay(till.order()), times=2)
    page = page_of("/payments")
    assert "<title>(2) Payments" in page and '<b class="count" aria-label="2 things need you">2</b>' in page


def test_the_count_is_one_statement_however_much_there_is(till: Till) -> None:
    overpay(till, till.pay(till.order()), times=MOST + 4)
    asked = ask(till.shop, timezone.now())
    with CaptureQueriesContext(connection) as made:
        counts = counts_of(asked)
    assert len(made) == 1 and counts["overpaid"] == MOST and set(counts) == {kind.name for kind in KINDS}
    found = needs_of(asked, counts)
    assert found.more and len(found.all) == MOST


def test_only_kinds_that_there_is_any_of_are_read(till: Till) -> None:
    overpay(till, till.pay(till.order()))
    asked = ask(till.shop, timezone.now())
    counts = counts_of(asked)
    with CaptureQueriesContext(connection) as made:
        needs_of(asked, counts)
    assert len(made) == 1


def test_match_it_leads_to_the_order_that_was_meant_and_whoever_only_looks_to_the_order(till: Till) -> None:
    till.order("1")
    made = till.pay(None, keys="7001").order_id
    assert f'href="/orders/{made}/attach"' in page_of()
    looking = page_of(email="paul@example.com", role="auditor")
    assert f'href="/orders/{made}"' in looking and "/attach" not in looking
