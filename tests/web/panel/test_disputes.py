"""Disputes and warnings of fraud on the pages: the list, the payment, home."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from phonepay.events import types
from phonepay.events.models import Event
from phonepay.payments.dispute_models import Dispute
from phonepay.payments.models import Payment
from phonepay.people.models import Role
from phonepay.web.panel.money.notes import at_stripe
from tests.payments.telling import handle_all, tell
from tests.shop import Till, consent
from tests.web.cast import person, signed_in


@pytest.fixture
def payment(till: Till) -> Payment:
    return till.pay(till.order(), consent=consent())


@pytest.fixture
def page_of(till: Till) -> Callable[[str], str]:
    client = signed_in(person())
    return lambda address: client.get(address).content.decode()


def catch_up(till: Till) -> None:
    tell(till)
    handle_all()


def test_a_dispute_has_a_row_among_the_payments(till: Till, payment: Payment, page_of: Callable[[str], str]) -> None:
    till.account.dispute(payment.intent_id, amount=1000)
    catch_up(till)
    page = page_of("/payments?kind=dispute")
    assert page.count('class="row"') == 1 and "Dispute" in page and "Disputed</span>" in page
    assert "−$10.00" in page


def test_the_filter_of_open_ones_leaves_out_those_that_are_closed(
    till: Till, payment: Payment, page_of: Callable[[str], str]
) -> None:
    made = till.account.dispute(payment.intent_id)
    catch_up(till)
    assert page_of("/payments?status=disputed").count('class="row"') == 1
    till.account.move_dispute(made["id"], "lost")
    catch_up(till)
    assert page_of("/payments?status=disputed").count('class="row"') == 0


def test_the_payment_says_what_the_bank_did_and_where_to_answer(
    till: Till, payment: Payment, page_of: Callable[[str], str]
) -> None:
    made = till.account.dispute(payment.intent_id, reason="product_not_received")
    catch_up(till)
    page = page_of(f"/payments/{payment.pk}")
    assert "$42.50 disputed: what was bought did not arrive. The bank has the money and decides. Answer by" in page
    assert f'href="https://dashboard.stripe.com/{payment.stripe_account}/test/disputes/{made["id"]}"' in page
    assert "Answer at Stripe" in page and "/refund" not in page


def test_live_disputes_are_found_without_the_word_test() -> None:
    assert at_stripe(Dispute(stripe_id="dp_1", livemode=True)) == "https://dashboard.stripe.com/disputes/dp_1"


@pytest.mark.parametrize(
    ("ends", "said", "kept"),
    [
        ("won", "The dispute was won: $42.50 came back.", "$42.50"),
        ("lost", "The dispute was lost: the bank gave $42.50 back to the cardholder.", "$0.00"),
    ],
)
def test_its_end_is_told_and_what_is_kept_follows(
    till: Till, payment: Payment, page_of: Callable[[str], str], ends: str, said: str, kept: str
) -> None:
    made = till.account.dispute(payment.intent_id)
    till.account.move_dispute(made["id"], ends)
    catch_up(till)
    page = page_of(f"/payments/{payment.pk}")
    assert said in page and f"<dt>Kept</dt><dd>{kept}</dd>" in page


def test_the_history_tells_each_step(till: Till, payment: Payment, page_of: Callable[[str], str]) -> None:
    made = till.account.dispute(payment.intent_id, status="warning_needs_response")
    for status in ("needs_response", "under_review", "won"):
        catch_up(till)
        till.account.move_dispute(made["id"], status)
    till.client.payment_methods.detach(payment.payment_method)
    catch_up(till)
    page = page_of(f"/payments/{payment.pk}")
    for said in (
        "$42.50 disputed: the cardholder says that it was not them",
        "The bank took $42.50: its question became a dispute",
        "The dispute was answered; the bank decides",
        "Dispute won: $42.50 came back",
        "The card was removed at Stripe",
    ):
        assert said in page


def test_an_inquiry_can_be_refunded_and_says_that_no_money_was_taken(
    till: Till, payment: Payment, page_of: Callable[[str], str]
) -> None:
    till.account.dispute(payment.intent_id, status="warning_needs_response")
    catch_up(till)
    page = page_of(f"/payments/{payment.pk}")
    assert "The bank asks about $42.50" in page and f"/payments/{payment.pk}/refund" in page


def test_home_asks_for_the_answer(till: Till, payment: Payment, page_of: Callable[[str], str]) -> None:
    made = till.account.dispute(payment.intent_id)
    catch_up(till)
    page = page_of("/")
    assert "$42.50 of order 1234 disputed, answer by" in page and f"disputes/{made['id']}" in page
    till.account.move_dispute(made["id"], "under_review")
    catch_up(till)
    assert "answer by" not in page_of("/")


def test_home_asks_to_refund_what_the_bank_thinks_is_fraud(
    till: Till, payment: Payment, page_of: Callable[[str], str]
) -> None:
    till.account.warn_of_fraud(payment.intent_id)
    catch_up(till)
    page = page_of("/")
    assert "The bank thinks that $42.50 of order 1234 was fraud." in page
    assert f"/payments/{payment.pk}/refund" in page
    assert "The card&#x27;s bank warns of fraud" in page_of(f"/payments/{payment.pk}")
    till.refund(payment.order)
    catch_up(till)
    assert "was fraud" not in page_of("/")


def test_a_warning_stands_in_the_way_of_an_extra_charge_with_its_sentence(
    till: Till, payment: Payment, page_of: Callable[[str], str]
) -> None:
    till.account.warn_of_fraud(payment.intent_id)
    catch_up(till)
    assert "so this card is not charged again" in page_of(f"/payments/{payment.pk}")


def test_what_is_left_of_a_lost_part_can_be_refunded(till: Till, payment: Payment) -> None:
    made = till.account.dispute(payment.intent_id, amount=1000)
    till.account.move_dispute(made["id"], "lost")
    catch_up(till)
    asked = {"share": "all", "reason": "requested_by_customer", "state": "0"}
    page = signed_in(person()).post(f"/payments/{payment.pk}/refund", asked).content.decode()
    assert "Refunded $32.50." in page


@pytest.fixture
def warned(till: Till, payment: Payment) -> Payment:
    till.account.warn_of_fraud(payment.intent_id)
    catch_up(till)
    return payment


def test_a_warning_about_a_customer_we_know_is_set_aside(warned: Payment, page_of: Callable[[str], str]) -> None:
    assert "We know this customer" in page_of("/")
    client = signed_in(person(Role.OPERATOR, email="two@example.com"))
    for _ in range(2):
        assert client.post(f"/payments/{warned.pk}/known").status_code == 302
    assert "was fraud" not in page_of("/") and "was fraud" not in page_of("/needs-you")
    page = page_of(f"/payments/{warned.pk}")
    assert page.count("Set the warning of fraud aside: a customer we know") == 1
    assert "warns of fraud" not in page and "this card is not charged again" in page
    assert Event.objects.filter(type=types.WARNING_DISMISSED).count() == 1


def test_a_later_warning_of_the_same_payment_asks_anew(
    till: Till, warned: Payment, page_of: Callable[[str], str]
) -> None:
    signed_in(person(Role.OPERATOR, email="two@example.com")).post(f"/payments/{warned.pk}/known")
    till.account.warn_of_fraud(warned.intent_id)
    catch_up(till)
    assert "was fraud" in page_of("/")


def test_an_auditor_sets_no_warning_aside(warned: Payment) -> None:
    client = signed_in(person(Role.AUDITOR))
    assert client.post(f"/payments/{warned.pk}/known").status_code == 403
    home = client.get("/").content.decode()
    assert "was fraud" in home and "We know this customer" not in home


def test_what_was_set_aside_is_told_in_the_activity(warned: Payment, page_of: Callable[[str], str]) -> None:
    signed_in(person(Role.OPERATOR, email="two@example.com")).post(f"/payments/{warned.pk}/known")
    assert "the warning of fraud is set aside" in page_of("/settings/activity")
