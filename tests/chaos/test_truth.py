"""The judge of the breaking harness sees each lie that it is there to see."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from phonepay.events import sealing
from phonepay.events.models import Event
from phonepay.payments.models import LedgerEntry, Payment, Refund
from tests.chaos import truth
from tests.chaos.callers import Made
from tests.events.chain import fresh_key
from tests.shop import Till


@pytest.fixture(autouse=True)
def few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(truth, "ENOUGH", 1)


@pytest.fixture(autouse=True)
def a_key_of_activity(till: Till) -> None:
    """As a process that serves has it from its start."""
    fresh_key()


def broken(till: Till, *made: Made) -> str:
    return "\n".join(truth.broken(till.account, list(made)))


def called(payment: Payment, words: str) -> Any:
    call = SimpleNamespace(sid=payment.call_sid, heard=[SimpleNamespace(text=words)], transcript=lambda: words)
    return SimpleNamespace(call=call)


def test_a_shop_whose_books_agree(till: Till) -> None:
    payment = till.pay(till.order())
    till.refund(payment, 1000)
    assert broken(till, called(payment, "Thank you. You have paid forty-two dollars.")) == ""


def test_a_run_in_which_nothing_happened(till: Till) -> None:
    assert "too little to prove anything" in broken(till)


def test_a_sale_that_was_not_booked(till: Till) -> None:
    payment = till.pay(till.order())
    LedgerEntry._base_manager.filter(payment=payment).delete()
    assert "0 in the ledger, 4250 at Stripe" in broken(till)


def test_a_refund_that_stripe_does_not_have(till: Till) -> None:
    payment = till.pay(till.order())
    till.refund(payment, 1000)
    entry = LedgerEntry.objects.get(kind="refund")
    LedgerEntry._base_manager.filter(pk=entry.pk).update(amount=-2000)
    assert "2250 in the ledger, 3250 at Stripe" in broken(till)


def test_money_that_no_payment_tells_of(till: Till) -> None:
    payment = till.pay(till.order())
    LedgerEntry._base_manager.filter(payment=payment).delete()
    Payment.objects.filter(pk=payment.pk).update(status="failed")
    assert "is failed, at Stripe it took money" in broken(till)


def test_a_payment_and_a_refund_that_are_still_under_way(till: Till) -> None:
    till.refund(till.pay(till.order("1")), 1000)
    Refund.objects.update(status="unknown")
    Payment.objects.filter(pk=till.pay(till.order("2")).pk).update(status="unknown")
    assert "is still unknown (call" in broken(till)
    assert "is still unknown (tries" in broken(till)


def test_an_order_that_was_paid_twice(till: Till) -> None:
    order = till.order()
    till.pay(order)
    facts = {"payment": str(uuid4()), "order": order.number, "kind": "initial"}
    till.account.pay_elsewhere(4250, metadata=facts)
    assert f"order {order.number} was paid 2 times" in broken(till)


@pytest.mark.parametrize("words", ["You have not been charged. Goodbye.", "There is nothing to pay now."])
def test_a_caller_who_paid_and_was_told_otherwise(till: Till, words: str) -> None:
    payment = till.pay(till.order())
    assert "and 4250 was charged" in broken(till, called(payment, words))


def test_a_caller_who_was_told_paid_and_did_not(till: Till) -> None:
    till.pay(till.order())
    unpaid = till.agree(till.order("77"))
    assert "was told paid, and 0 was charged" in broken(till, called(unpaid, "You have paid forty-two dollars."))


def test_an_entry_of_activity_that_was_changed(till: Till) -> None:
    till.pay(till.order())
    Event._base_manager.filter(type="payment.succeeded").update(actor_name="Nobody")
    assert "Activity: changed" in broken(till)


def test_an_entry_of_activity_that_is_missing(till: Till) -> None:
    till.pay(till.order())
    sealing.run_due(timezone.now() + timedelta(minutes=1))
    assert "Activity" not in broken(till)
    lost = Event.objects.filter(type="payment.succeeded").latest("pk")
    Event._base_manager.filter(pk=lost.pk).delete()
    assert f"Activity: removed, {lost.pk} to {lost.pk}" in broken(till)


def test_an_activity_that_is_empty(till: Till) -> None:
    Event._base_manager.all().delete()
    assert "nothing is in Activity" in broken(till)
