"""A card that is turned away, where the process that was to charge it died: not sent, unless its bank was asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from phonepay.payments import stripe_side
from phonepay.payments.agreement import next_card
from phonepay.payments.due import run_due
from phonepay.payments.models import CardAttempt, Payment
from tests.shop import Till, consent, fresh, next_due, sweep_until_done

pytestmark = pytest.mark.database

CONFIRM, CARD = "/v1/payment_intents/*/confirm", "/v1/payment_methods/*"


@pytest.fixture
def payment(till: Till) -> Payment:
    """Claimed and committed, with its PaymentIntent; then the process died."""
    payment = till.agree(till.order(), consent=consent())
    stripe_side.prepare(payment)
    till.claim(payment)
    return payment


def a_worker_looks() -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        run_due(timezone.now(), lambda payment: lambda fingerprint: True)


def test_it_is_declined_in_the_same_words_and_never_sent(till: Till, payment: Payment) -> None:
    a_worker_looks()
    row = fresh(payment)
    assert (row.status, row.decline_code, till.at_stripe) == ("declined", "turned_away", 0)
    assert not any(each.path == f"/v1/payment_intents/{payment.intent_id}/confirm" for each in till.standin.requests)
    attempt = CardAttempt.objects.get()
    assert (attempt.result, attempt.decline_code, bool(attempt.fingerprint)) == ("declined", "turned_away", True)
    assert payment.order.claimed_by is None


def test_its_intent_is_cancelled_and_nothing_is_owed_in_the_end(till: Till, payment: Payment) -> None:
    a_worker_looks()
    sweep_until_done()
    assert {each["status"] for each in till.account.payment_intents} == {"canceled"} and next_due() is None
    assert all(each.get("deleted") for each in till.account.customers)


def test_what_its_bank_was_asked_before_counts(till: Till, payment: Payment) -> None:
    """The process was killed after the charge, before it wrote that."""
    facts = {"payment_method": payment.payment_method}
    till.client.payment_intents.confirm(payment.intent_id, facts, {"idempotency_key": f"{payment.attempt}:confirm"})
    a_worker_looks()
    assert (fresh(payment).status, till.at_stripe, till.in_ledger) == ("succeeded", 4250, 4250)


def test_a_card_that_cannot_be_looked_at_is_not_sent_either(till: Till, payment: Payment) -> None:
    till.faults.fail("GET", CARD, status=500, times=5)
    a_worker_looks()
    assert (fresh(payment).decline_code, till.at_stripe) == ("processing_error", 0)


def test_while_stripe_says_nothing_nothing_is_said_of_it(till: Till, payment: Payment) -> None:
    till.faults.drop("GET", "/v1/payment_intents/*")
    a_worker_looks()
    assert fresh(payment).status == "unknown"


def test_a_further_card_pays_with_an_intent_of_its_own(till: Till, payment: Payment) -> None:
    a_worker_looks()
    row = fresh(payment)
    assert next_card(payment=row, now=timezone.now())
    till.claim(row)
    stripe_side.send_charge(row)
    assert (fresh(payment).status, till.at_stripe, len(till.account.payment_intents)) == ("succeeded", 4250, 2)
