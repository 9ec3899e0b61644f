"""The page of the books: up to when they agree, what does not, who may have them checked and who explains."""

from __future__ import annotations

import pytest
from django.utils import timezone

from phonepay.payments.book_models import Discrepancy, ReconciliationRun
from phonepay.payments.models import LedgerEntry, Payment
from phonepay.payments.reconciliation import runs
from phonepay.people.models import Role
from tests.payments.books import check_books
from tests.payments.conftest import stripe_standin, till
from tests.shop import Till
from tests.web.cast import person, signed_in

__all__ = ["stripe_standin", "till"]

PAGE = "/settings/books"


@pytest.fixture
def wrong(till: Till) -> Payment:
    """A sale that is booked with another amount than Stripe's, and was found."""
    payment = till.pay(till.order())
    LedgerEntry._base_manager.update(amount=4000)
    check_books(till)
    return payment


def shown(role: str = Role.OWNER, path: str = PAGE) -> str:
    return signed_in(person(role)).get(path).content.decode()


def test_it_says_up_to_when_they_agree(till: Till) -> None:
    till.pay(till.order())
    check_books(till)
    assert "The books agree with Stripe up to today" in shown()


def test_home_says_it_too(till: Till) -> None:
    till.pay(till.order())
    check_books(till)
    assert "The books agree with Stripe up to today" in shown(path="/")


def test_before_a_comparison_it_claims_nothing(till: Till) -> None:
    till.pay(till.order())
    assert "have not been compared" in shown()


def test_before_the_first_line_there_is_a_page(till: Till) -> None:
    till.shop.delete()
    assert "have not been compared" in shown()


def test_what_differs_is_a_sentence_with_what_to_do_and_a_way(wrong: Payment) -> None:
    page = shown()
    assert "The books say that $40.00 was charged, and Stripe says $42.50." in page
    assert "Look the payment up at Stripe" in page and f"/payments/{wrong.pk}" in page


def test_what_differs_needs_somebody_on_home(wrong: Payment) -> None:
    page = shown(path="/")
    assert "Stripe says $42.50" in page and f"{PAGE}#differing-" in page


def test_fees_and_payouts_are_shown(till: Till) -> None:
    till.pay(till.order())
    till.account.book("adjustment", 10_000)
    till.account.pay_out()
    check_books(till)
    page = shown()
    assert "$1.53" in page and "$100.00" in page and "On its way" in page


def test_check_now_begins_one_run_however_often_it_is_pressed(till: Till) -> None:
    till.pay(till.order())
    client = signed_in(person(Role.OPERATOR))
    assert [client.post(f"{PAGE}/check").status_code for _ in range(2)] == [302, 302]
    [run] = ReconciliationRun.objects.all()
    assert (run.asked_by, run.thorough) == ("Oscar Operator", True)
    assert "A check is about to begin" in client.get(PAGE).content.decode()


def test_its_progress_is_shown_while_it_runs(till: Till) -> None:
    till.pay(till.order())
    client = signed_in(person())
    client.post(f"{PAGE}/check")
    runs.run_due(timezone.now())
    part = client.get(PAGE, headers={"HX-Request": "true"}).content.decode()
    assert "Checking now: payments that were begun. 1 looked at" in part
    assert 'hx-trigger="every 2s"' in part and "<html" not in part


def test_an_auditor_looks_and_has_nothing_checked(till: Till, wrong: Payment) -> None:
    client = signed_in(person(Role.AUDITOR))
    page = client.get(PAGE).content.decode()
    assert "Check now" not in page and "Explain it" not in page
    assert client.post(f"{PAGE}/check").status_code == 403


def test_an_owner_explains_what_differs(wrong: Payment) -> None:
    row = Discrepancy.objects.get()
    client = signed_in(person())
    assert client.post(f"{PAGE}/{row.pk}/explain", {"note": "Typed in by hand"}).status_code == 302
    row.refresh_from_db()
    assert (row.resolved_by, row.note) == ("Olivia Owner", "Typed in by hand")
    assert "do not agree" not in client.get(PAGE).content.decode()


def test_an_explanation_without_a_word_is_refused_and_kept(wrong: Payment) -> None:
    row = Discrepancy.objects.get()
    answer = signed_in(person()).post(f"{PAGE}/{row.pk}/explain", {"note": "4242 4242 4242 4242"})
    assert answer.status_code == 200
    assert "looks like it holds a card number" in answer.content.decode()
    row.refresh_from_db()
    assert row.resolved_at is None


def test_an_operator_does_not_explain(wrong: Payment) -> None:
    row = Discrepancy.objects.get()
    assert signed_in(person(Role.OPERATOR)).post(f"{PAGE}/{row.pk}/explain", {"note": "x"}).status_code == 403


def test_without_a_key_nothing_is_checked(till: Till, settings: object) -> None:
    till.pay(till.order())
    settings.PHONEPAY_STRIPE_SECRET_KEY = ""  # type: ignore[attr-defined]
    answer = signed_in(person()).post(f"{PAGE}/check")
    assert "There is no Stripe key" in answer.content.decode()


def test_what_stripe_refused_is_said_and_tried_again(till: Till) -> None:
    till.pay(till.order())
    till.faults.fail("GET", "/v1/balance_transactions", status=500)
    runs.run_due(timezone.now())
    assert "Stripe could not be asked the last time" in shown()
