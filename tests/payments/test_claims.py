"""One charge at a time for an order or a number, and only on the terms that were agreed."""

from collections.abc import Callable
from functools import partial

import pytest
from django.utils import timezone

from phonepay.orders.claims import find_by_keys
from phonepay.orders.models import Order
from phonepay.orders.operations import (
    OrderRefused,
    add_order,
    cancel_order,
    edit_order,
    mark_paid_another_way,
    reopen_order,
)
from phonepay.payments import stripe_side
from phonepay.payments.agreement import end_unpaid
from phonepay.payments.models import CardAttempt, Payment
from phonepay.payments.operations import Charge, ChargeRefused
from tests.shop import DECLINED, LUIS, MARY, OLIVIA, Till, fresh, together

pytestmark = pytest.mark.database


def refusal(till: Till, payment: Payment) -> ChargeRefused:
    with pytest.raises(ChargeRefused) as refused:
        till.claim(payment)
    return refused.value


@pytest.mark.parametrize("keys", ["", "5678"], ids=["an order", "a new number"])
def test_of_two_payments_at_the_same_moment_exactly_one_charges(keys: str, till: Till) -> None:
    order = None if keys else till.order()
    payments = [till.agree(order, keys=keys, phone=phone) for phone in (MARY, LUIS)]
    cards = [till.card(), till.card()]
    answers = together(*[lambda p=p, c=c: till.claim(p, c) for p, c in zip(payments, cards, strict=True)])
    assert answers.count(Charge.STARTED) == 1
    [refused] = [answer for answer in answers if isinstance(answer, ChargeRefused)]
    assert refused.reason in ("busy", "just_paid")
    for payment in payments:
        stripe_side.send_charge(payment) if fresh(payment).status == "charging" else stripe_side.close(payment)
    assert till.at_stripe == till.in_ledger == 4250
    assert sorted(Payment.objects.values_list("status", flat=True)) == ["abandoned", "succeeded"]


def test_keying_a_card_blocks_nobody(till: Till) -> None:
    order = till.order()
    slow, quick = till.agree(order, phone=MARY), till.agree(order, phone=LUIS)
    assert till.charge(quick).status == "succeeded"
    refused = refusal(till, slow)
    assert refused.reason == "just_paid"
    assert refused.order.status == Order.Status.PAID
    assert till.at_stripe == 4250


def test_who_comes_while_another_is_charged_is_told_that_it_is_busy(till: Till) -> None:
    order = till.order()
    first, second = till.agree(order), till.agree(order)
    till.claim(first)
    assert refusal(till, second).reason == "busy"


def test_who_comes_while_another_charge_is_not_known_is_told_that_it_is_being_checked(till: Till) -> None:
    order = till.order()
    first, second = till.agree(order), till.agree(order)
    till.faults.drop("POST", "/v1/payment_intents/*/confirm")
    till.charge(first)
    assert refusal(till, second).reason == "checking"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda order: edit_order(order=order, amount=4300, by=OLIVIA, now=timezone.now()), "changed"),
        (lambda order: cancel_order(order=order, by=OLIVIA, now=timezone.now()), "cancelled"),
        (lambda order: mark_paid_another_way(order=order, note="Cash", by=OLIVIA, now=timezone.now()), "just_paid"),
    ],
    ids=["edited", "cancelled", "marked paid"],
)
def test_an_order_that_changed_after_the_agreement_is_not_charged(
    change: Callable[[Order], Order], reason: str, till: Till
) -> None:
    order = till.order()
    payment = till.agree(order)
    change(order)
    assert refusal(till, payment).reason == reason
    assert (payment.status, till.at_stripe) == ("abandoned", 0)
    assert CardAttempt.objects.get().result == CardAttempt.Result.REFUSED


def test_a_new_number_that_the_shop_added_meanwhile_is_not_charged(till: Till) -> None:
    payment = till.agree(keys="5678")
    till.order("5678", 900)
    refused = refusal(till, payment)
    assert (refused.reason, refused.order.amount) == ("changed", 900)


def test_a_new_number_is_an_order_only_once_it_is_paid(till: Till) -> None:
    payment = till.agree(keys="5678")
    till.claim(payment)
    assert not Order.objects.exists()
    assert find_by_keys(till.shop, "5678").status == Order.Status.RESERVED
    stripe_side.send_charge(payment)
    order = Order.objects.get()
    assert (order.number, order.status, order.is_new_from_call) == ("5678", Order.Status.PAID, True)


def test_a_new_number_whose_charge_was_declined_is_gone(till: Till) -> None:
    payment = till.agree(keys="5678")
    assert till.charge(payment, DECLINED).order_id is None
    assert not Order.with_reserved.exists()


def test_the_shop_cannot_add_a_number_that_a_caller_is_paying_for(till: Till) -> None:
    till.claim(till.agree(keys="5678"))
    with pytest.raises(OrderRefused, match="A caller is paying for 5678 right now"):
        add_order(merchant=till.shop, number="5678", amount=100, currency="usd", by=OLIVIA, now=timezone.now())


def test_a_declined_card_frees_the_order_for_everybody(till: Till) -> None:
    order = till.order()
    till.pay(order, number=DECLINED)
    assert till.pay(order, phone=LUIS).status == "succeeded"


def test_an_unknown_charge_keeps_the_order_until_it_is_proven_uncharged(till: Till) -> None:
    order = till.order()
    till.faults.drop("POST", "/v1/payment_intents/*/confirm")
    payment = till.pay(order)
    with pytest.raises(OrderRefused, match="being paid right now"):
        cancel_order(order=order, by=OLIVIA, now=timezone.now())
    stripe_side.resolve(payment)
    cancel_order(order=order, by=OLIVIA, now=timezone.now())
    assert till.intent(payment)["status"] == "canceled"


def test_an_order_paid_in_test_mode_is_payable_in_live(till: Till) -> None:
    order = till.order()
    till.pay(order)
    order.refresh_from_db()
    assert order.is_payable(livemode=True) and not order.is_payable(livemode=False)
    assert Order.objects.payable(livemode=True).get() == order
    assert not Order.objects.payable(livemode=False).exists()


def test_a_reopened_order_can_be_paid_again(till: Till) -> None:
    order = till.order()
    till.pay(order)
    till.refund(order)
    assert refusal(till, till.agree(order)).reason == "just_paid"
    order.refresh_from_db()
    reopen_order(order=order, by=OLIVIA, now=timezone.now())
    assert till.pay(order).status == "succeeded"
    assert till.at_stripe == till.in_ledger == 4250


def test_a_payment_without_a_number_makes_an_order_numbered_by_its_confirmation(till: Till) -> None:
    payment = till.pay()
    assert payment.order.number == payment.confirmation
    assert find_by_keys(till.shop, payment.confirmation) == payment.order


def test_where_the_shop_has_an_order_with_these_digits_the_new_one_gets_another_number(till: Till) -> None:
    payment = till.agree()
    theirs = till.order(payment.confirmation)
    paid = till.charge(payment)
    theirs.refresh_from_db()
    assert theirs.status == Order.Status.UNPAID
    assert paid.order.number.startswith(f"{payment.confirmation}-")
    assert (paid.order.status, paid.overpaid, paid.order.keyed) == (Order.Status.PAID, False, None)


def test_confirmation_numbers_are_six_digits_and_drawn_again_when_taken(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter([7, 7, 8])
    monkeypatch.setattr("phonepay.payments.agreement.secrets.randbelow", lambda _: next(drawn))
    assert [till.agree().confirmation for _ in range(2)] == ["100007", "100008"]


@pytest.mark.parametrize("numbered", [True, False], ids=["with a number", "without a number"])
def test_a_card_that_comes_twice_at_the_same_moment_is_charged_once(numbered: bool, till: Till) -> None:
    payment = till.agree(till.order() if numbered else None)
    card, rows = till.card(), [fresh(payment), fresh(payment)]
    answers = together(*[partial(till.claim, row, card) for row in rows])
    assert sorted(answer.value for answer in answers) == ["as it is", "started"]


def test_a_card_for_a_payment_that_was_given_up_meanwhile_holds_nothing(till: Till) -> None:
    order = till.order()
    payment = till.agree(order)
    end_unpaid(payment=fresh(payment), by=OLIVIA, now=timezone.now())
    assert till.claim(payment) is Charge.AS_IT_IS
    order.refresh_from_db()
    assert order.claimed_by is None
