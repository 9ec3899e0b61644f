"""What must never be in the tables, whatever the code does: each constraint is tried with raw rows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DataError
from django.utils import timezone

from phonepay.payments.models import CardAttempt, Payment, Refund
from tests.shop import Till, consent

pytestmark = pytest.mark.database


def refused(write: Callable[[], Any]) -> None:
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        write()


def payment(till: Till, **facts: Any) -> Payment:
    standard = {"merchant": till.shop, "line": till.line, "amount": 100, "currency": "usd", "livemode": False}
    return Payment.objects.create(agreed_at=timezone.now(), **(standard | facts))


def test_two_payments_cannot_have_the_same_claim(till: Till) -> None:
    payment(till, claim="order:1:test")
    refused(lambda: payment(till, claim="order:1:test"))


def test_many_payments_may_have_no_claim_and_no_intent(till: Till) -> None:
    for _ in range(2):
        payment(till)
    assert Payment.objects.count() == 2


def test_two_payments_cannot_have_the_same_intent(till: Till) -> None:
    payment(till, intent_id="pi_1")
    refused(lambda: payment(till, intent_id="pi_1"))
    payment(till, intent_id="PI_1")


def test_two_payments_cannot_have_the_same_confirmation_number_in_one_shop(till: Till) -> None:
    payment(till, confirmation="123456")
    refused(lambda: payment(till, confirmation="123456"))


def test_two_extra_charges_cannot_have_the_same_request_key(till: Till) -> None:
    payment(till, request_key="k")
    refused(lambda: payment(till, request_key="k"))


@pytest.mark.parametrize(
    "facts",
    [
        {"amount": 0},
        {"amount": -1},
        {"refunded": 1},
        {"status": "succeeded"},
        {"status": "succeeded", "charge_id": "ch_1"},
        {"overage_used": 1},
        {"overage_used": 11, "consent_cap": 10},
    ],
    ids=str,
)
def test_a_payment_cannot_be(facts: dict[str, Any], till: Till) -> None:
    refused(lambda: payment(till, **facts))


def test_more_cannot_be_refunded_than_was_paid(till: Till) -> None:
    till.pay(till.order())
    refused(lambda: Payment.objects.update(refunded=4251))
    Payment.objects.update(refunded=4250)


def test_more_room_cannot_be_used_than_there_is(till: Till) -> None:
    till.pay(till.order(), consent=consent(cap=100))
    refused(lambda: Payment.objects.update(overage_used=101))
    Payment.objects.update(overage_used=100)


def test_a_card_attempt_is_kept_once(till: Till) -> None:
    first = payment(till)
    row = {"payment": first, "number": 1, "result": "declined", "ended_at": timezone.now()}
    identity = uuid4()
    CardAttempt.objects.create(id=identity, **row)
    refused(lambda: CardAttempt.objects.create(id=identity, **row))


def refund(till: Till, of: Payment, **facts: Any) -> Refund:
    standard = {"merchant": till.shop, "payment": of, "order": of.order, "amount": 100, "currency": "usd"}
    standard |= {"livemode": False, "reason": "duplicate", "by_kind": "person", "request_key": uuid4().hex}
    return Refund.objects.create(asked_at=timezone.now(), **(standard | facts))


@pytest.mark.parametrize("name", ["in_flight", "stripe_id", "request_key"])
def test_two_refunds_of_a_payment_cannot_share(name: str, till: Till) -> None:
    paid = till.pay(till.order())
    shared = {"in_flight": paid.pk, "stripe_id": "re_1", "request_key": "k"}[name]
    refund(till, paid, **{name: shared})
    refused(lambda: refund(till, paid, **{name: shared}))


def test_a_refund_is_of_something(till: Till) -> None:
    paid = till.pay(till.order())
    refused(lambda: refund(till, paid, amount=0))


def test_times_keep_their_microseconds(till: Till) -> None:
    """Leases and due times are compared for equality when they are taken."""
    when = timezone.now().replace(microsecond=123_456) + timedelta(days=1)
    made = payment(till, due_at=when)
    assert Payment.objects.filter(pk=made.pk, due_at=when).exists()
