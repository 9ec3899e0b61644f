"""A charge that went through although its order was paid, changed or gone meanwhile is booked all the same."""

from collections.abc import Callable
from functools import partial

import pytest
from django.utils import timezone

from phonepay.events.actors import SYSTEM
from phonepay.events.models import Event
from phonepay.orders.models import Order
from phonepay.orders.operations import cancel_order, edit_order, mark_paid_another_way
from phonepay.payments import stripe_side
from phonepay.payments.agreement import end_unpaid, next_card
from phonepay.payments.models import Payment
from phonepay.payments.operations import mark_failed, mark_succeeded
from phonepay.payments.stripe_shapes import intent_of
from tests.shop import DECLINED, LUIS, OLIVIA, Till, fresh, together

pytestmark = pytest.mark.database


def given_up(till: Till, order: Order | None = None, **facts: object) -> Payment:
    payment = till.agree(order, **facts)
    stripe_side.prepare(payment)
    end_unpaid(payment=payment, by=SYSTEM, now=timezone.now())
    return payment


def goes_through_after_all(till: Till, payment: Payment) -> Payment:
    till.client.payment_intents.confirm(payment.intent_id, {"payment_method": till.card().payment_method})
    till.hear_and_handle("payment_intent.succeeded", payment.intent_id)
    return fresh(payment)


@pytest.mark.parametrize(
    ("meanwhile", "stays"),
    [
        (lambda till, order: till.pay(order, phone=LUIS), "paid"),
        (lambda till, order: cancel_order(order=order, by=OLIVIA, now=timezone.now()), "cancelled"),
        (
            lambda till, order: mark_paid_another_way(order=order, note="Cash", by=OLIVIA, now=timezone.now()),
            "paid_another_way",
        ),
        (lambda till, order: edit_order(order=order, amount=9900, by=OLIVIA, now=timezone.now()), "unpaid"),
    ],
    ids=["paid by another", "cancelled", "paid another way", "edited"],
)
def test_it_is_an_overpayment_that_can_be_refunded(
    meanwhile: Callable[[Till, Order], object], stays: str, till: Till
) -> None:
    order = till.order()
    payment = given_up(till, order)
    meanwhile(till, order)
    late = goes_through_after_all(till, payment)
    assert (late.status, late.overpaid, late.claim) == ("succeeded", True, None)
    assert Order.objects.get().status == stays
    assert till.in_ledger == till.at_stripe
    assert Event.objects.filter(type="payment.overpaid", subject_id=str(payment.pk)).count() == 1
    [refund] = till.refund(late)
    assert (refund.status, refund.amount) == ("succeeded", 4250)


def test_it_pays_the_order_where_nothing_changed(till: Till) -> None:
    order = till.order()
    late = goes_through_after_all(till, given_up(till, order))
    order.refresh_from_db()
    assert (late.overpaid, order.status) == (False, Order.Status.PAID)


@pytest.mark.parametrize(("amount", "overpaid", "status"), [(4250, False, "paid"), (900, True, "unpaid")])
def test_a_number_that_was_added_meanwhile_is_paid_if_it_is_the_same_sum(
    amount: int, overpaid: bool, status: str, till: Till
) -> None:
    payment = given_up(till, keys="5678")
    order = till.order("5678", amount)
    late = goes_through_after_all(till, payment)
    order.refresh_from_db()
    assert (late.order, late.overpaid, order.status) == (order, overpaid, status)


def test_a_number_of_another_currency_is_not_paid_by_it(till: Till) -> None:
    payment = given_up(till, keys="5678")
    order = till.order("5678", 4250, "eur")
    assert goes_through_after_all(till, payment).overpaid
    order.refresh_from_db()
    assert order.status == Order.Status.UNPAID


def test_a_number_that_another_charge_holds_gets_an_order_of_its_own(till: Till) -> None:
    payment = given_up(till, keys="5678")
    other = till.agree(keys="5678", phone=LUIS)
    till.claim(other)
    late = goes_through_after_all(till, payment)
    assert late.overpaid and late.order.number.startswith(late.confirmation)
    stripe_side.send_charge(other)
    assert fresh(other).order.number == "5678"
    assert till.in_ledger == till.at_stripe == 8500


def test_whoever_learns_of_it_at_the_same_moment_books_it_once(till: Till) -> None:
    for facts in ({"order": till.order()}, {"keys": "5678"}, {}):
        payment = till.agree(**facts)
        stripe_side.prepare(payment)
        till.claim(payment)
        method = {"payment_method": payment.payment_method}
        intent = intent_of(till.client.payment_intents.confirm(payment.intent_id, method).to_dict())
        rows = [fresh(payment), fresh(payment)]
        book = partial(mark_succeeded, intent=intent, by=SYSTEM, now=timezone.now())
        booked = together(*[partial(book, payment=row) for row in rows])
        assert sorted(booked) == [False, True]
    assert till.in_ledger == till.at_stripe == 3 * 4250
    assert Order.objects.count() == 3


def test_a_row_in_hand_that_is_long_stale_books_it_too(till: Till) -> None:
    order = till.order()
    payment = till.agree(order)
    stripe_side.prepare(payment)
    till.claim(payment)
    stale = fresh(payment)
    till.faults.fail("POST", "/v1/payment_intents/*/confirm", status=400)
    stripe_side.send_charge(payment)
    till.pay(order, phone=LUIS)
    method = {"payment_method": till.card().payment_method}
    intent = intent_of(till.client.payment_intents.confirm(payment.intent_id, method).to_dict())
    assert mark_succeeded(payment=stale, intent=intent, by=SYSTEM, now=timezone.now())
    assert fresh(payment).overpaid
    assert till.in_ledger == till.at_stripe == 8500


@pytest.mark.parametrize("keys", ["", "5678"], ids=["an order", "a new number"])
def test_a_row_that_was_loaded_before_the_claim_books_it_too(keys: str, till: Till) -> None:
    payment = till.agree(None if keys else till.order(), keys=keys)
    stripe_side.prepare(payment)
    stale = fresh(payment)
    till.claim(payment)
    method = {"payment_method": payment.payment_method}
    intent = intent_of(till.client.payment_intents.confirm(payment.intent_id, method).to_dict())
    assert mark_succeeded(payment=stale, intent=intent, by=SYSTEM, now=timezone.now())
    order = Order.with_reserved.get()
    assert (fresh(payment).overpaid, order.status, order.claimed_by) == (False, "paid", None)
    assert fresh(payment).claim == f"order:{order.pk}:test"


@pytest.mark.parametrize("keys", ["", "5678"], ids=["an order", "a new number"])
def test_a_row_that_was_loaded_before_the_claim_frees_it_too(keys: str, till: Till) -> None:
    payment = till.agree(None if keys else till.order(), keys=keys)
    stale = fresh(payment)
    till.claim(payment)
    assert mark_failed(payment=stale, attempt=stale.attempt, why="no", by=SYSTEM, now=timezone.now())
    assert not Order.with_reserved.exclude(status="unpaid", claimed_by=None).exists()


def test_a_further_card_of_the_same_payment_cannot_succeed_a_second_time(till: Till) -> None:
    payment = till.pay(till.order(), number=DECLINED)
    method = {"payment_method": till.card().payment_method}
    till.client.payment_intents.confirm(payment.intent_id, method)  # by a process of ours that was thought dead
    assert next_card(payment=payment, now=timezone.now())
    assert till.charge(payment).status == "succeeded"
    assert till.at_stripe == till.in_ledger == 4250
