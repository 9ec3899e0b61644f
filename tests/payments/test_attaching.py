"""An order that a caller made is attached to the one that was meant: the money follows, and nothing is erased."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from phonepay.events.models import Event
from phonepay.orders.checks import OrderRefused
from phonepay.orders.claims import claim_name
from phonepay.orders.models import Order
from phonepay.orders.operations import cancel_order
from phonepay.payments.attaching import attach_order, match_of
from phonepay.payments.models import LedgerEntry, Payment, Refund
from phonepay.payments.operations import ChargeRefused
from phonepay.people.permissions import NotAllowed
from tests.shop import AISHA, OLIVIA, Till, consent, fresh, together

pytestmark = pytest.mark.database


@pytest.fixture
def made(till: Till) -> Order:
    """Mary keyed 1243, which no order had, and paid 42.50."""
    order = till.pay(None, keys="1243", consent=consent()).order
    assert order is not None
    return order


def attach(order: Order, to: Order, fit: str = "", by: Any = OLIVIA) -> Order:
    return attach_order(order=order, to=to, fit=fit, by=by, now=timezone.now())


def refusal(order: Order, to: Order, fit: str = "") -> str:
    ledger = list(LedgerEntry.objects.values_list())
    payments = list(Payment.objects.values_list("order", "claim", "overpaid"))
    with pytest.raises(OrderRefused) as refused:
        attach(order, to, fit)
    assert ledger == list(LedgerEntry.objects.values_list())
    assert payments == list(Payment.objects.values_list("order", "claim", "overpaid"))
    return refused.value.reason


def test_the_order_that_was_meant_is_paid(made: Order, till: Till) -> None:
    meant = attach(made, till.order("1234"))
    payment = Payment.objects.get()
    assert (meant.status, meant.paid_at, meant.paid_livemode) == (Order.Status.PAID, made.paid_at, False)
    assert (payment.order, payment.claim, payment.overpaid) == (meant, claim_name(meant.pk, livemode=False), False)
    assert (till.balance(meant), till.balance(made), till.in_ledger) == (4250, 0, 4250)


def test_the_ledger_is_left_as_it_was(made: Order, till: Till) -> None:
    before = list(LedgerEntry.objects.values_list())
    attach(made, till.order("1234"))
    assert list(LedgerEntry.objects.values_list()) == before


def test_the_order_of_the_call_is_closed_and_gives_up_its_number(made: Order, till: Till) -> None:
    attach(made, till.order("1234"))
    made.refresh_from_db()
    assert (made.status, made.attached_to_id, made.keyed) == (
        Order.Status.ATTACHED,
        Order.objects.get(number="1234").pk,
        None,
    )
    assert till.order("1243").pk != made.pk


def test_both_remember_it(made: Order, till: Till) -> None:
    meant = attach(made, till.order("1234"))
    told = {event.type: event for event in Event.objects.filter(type__startswith="order.").exclude(type="order.added")}
    assert told["order.attached"].subject_id == str(made.pk) and told["order.attached"].data["to"] == meant.pk
    assert told["order.took_over"].subject_id == str(meant.pk) and told["order.took_over"].data["number"] == "1243"


def test_the_same_again_changes_nothing(made: Order, till: Till) -> None:
    meant = till.order("1234")
    attach(made, meant)
    events = Event.objects.count()
    assert attach(made, meant) == meant
    assert Event.objects.count() == events


def test_nobody_is_charged_for_it_again(made: Order, till: Till) -> None:
    meant = attach(made, till.order("1234"))
    with pytest.raises(ChargeRefused, match="just_paid"):
        till.pay(meant)
    assert till.at_stripe == 4250


def test_it_is_refunded_from_the_order_that_was_meant(made: Order, till: Till) -> None:
    meant = attach(made, till.order("1234"))
    till.refund(meant)
    meant.refresh_from_db()
    made.refresh_from_db()
    assert (meant.status, made.status) == (Order.Status.REFUNDED, Order.Status.ATTACHED)
    assert till.at_stripe == till.in_ledger == till.balance(meant) == 0


def test_a_refund_made_before_goes_along(made: Order, till: Till) -> None:
    till.refund(made, 1250)
    meant = attach(made, till.order("1234", 3000))
    assert Refund.objects.get().order == meant
    assert (meant.status, till.balance(meant)) == (Order.Status.PAID, 3000)


def test_the_extra_charge_goes_along_and_the_card_may_be_charged_again(made: Order, till: Till) -> None:
    till.overage(made, 1000)
    meant = attach(made, till.order("1234"))
    till.overage(meant, 500)
    assert {payment.order for payment in Payment.objects.all()} == {meant}
    assert till.balance(meant) == till.at_stripe == 5750


def test_an_amount_that_does_not_fit_is_said(made: Order, till: Till) -> None:
    meant = till.order("1234", 6000)
    assert refusal(made, meant) == "does_not_fit"
    match = match_of(made, meant)
    assert (match.how, match.paid, match.to_pay, match.apart) == ("less", 4250, 6000, 1750)


def test_less_may_be_taken_for_all_that_is_owed(made: Order, till: Till) -> None:
    meant = attach(made, till.order("1234", 6000), "enough")
    assert (meant.status, meant.amount) == (Order.Status.PAID, 6000)


def test_the_rest_may_stay_to_be_paid(made: Order, till: Till) -> None:
    meant = attach(made, till.order("1234", 6000), "rest")
    assert (meant.status, meant.amount, Payment.objects.get().claim) == (Order.Status.UNPAID, 1750, None)
    assert Event.objects.get(type="order.took_over").data["before"] == {"amount": 6000}
    till.pay(meant)
    meant.refresh_from_db()
    assert (meant.status, till.balance(meant), till.at_stripe) == (Order.Status.PAID, 6000, 6000)


def test_a_rest_too_little_for_a_card_is_refused(made: Order, till: Till) -> None:
    assert refusal(made, till.order("1234", 4260), "rest") == "too_little"


def test_more_is_only_taken_when_that_is_said(made: Order, till: Till) -> None:
    meant = till.order("1234", 3000)
    assert refusal(made, meant) == refusal(made, meant, "rest") == "does_not_fit"
    assert attach(made, meant, "enough").status == Order.Status.PAID


def test_what_came_twice_is_booked_as_that(made: Order, till: Till) -> None:
    meant = till.order("1234")
    first = till.pay(meant)
    meant.refresh_from_db()
    assert refusal(made, meant) == refusal(made, meant, "enough") == "paid_already"
    attach(made, meant, "twice")
    assert {(each.overpaid, bool(each.claim)) for each in Payment.objects.all()} == {(True, False), (False, True)}
    assert (till.balance(meant), fresh(first).overpaid) == (8500, False)


def test_only_what_a_caller_made_is_attached(till: Till) -> None:
    assert refusal(till.pay(till.order("77")).order or Order(), till.order("1234")) == "not_from_call"


def test_not_to_itself(made: Order) -> None:
    assert refusal(made, made) == "itself"


def test_not_to_another_currency(made: Order, till: Till) -> None:
    assert refusal(made, till.order("1234", currency="eur")) == "other_currency"


def test_not_to_a_cancelled_one(made: Order, till: Till) -> None:
    meant = cancel_order(order=till.order("1234"), by=OLIVIA, now=timezone.now())
    assert refusal(made, meant) == "status"


def test_not_while_a_caller_pays_for_the_one_that_was_meant(made: Order, till: Till) -> None:
    meant = till.order("1234")
    till.claim(till.agree(meant))
    assert refusal(made, meant) == "being_paid"


def test_not_while_a_refund_is_under_way(made: Order, till: Till) -> None:
    till.refund(made, 100)
    Refund.objects.update(in_flight=Payment.objects.get().pk)
    assert refusal(made, till.order("1234")) == "under_way"


def test_not_by_who_may_only_look(made: Order, till: Till) -> None:
    with pytest.raises(NotAllowed):
        attach(made, till.order("1234"), by=AISHA)


def test_a_fit_that_there_is_not_is_a_mistake(made: Order, till: Till) -> None:
    with pytest.raises(ValueError, match="no way to fit"):
        attach(made, till.order("1234"), "somehow")


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_order_is_paid(made: Order, till: Till) -> None:
    one, other = till.order("1234"), till.order("1235")
    answers = together(*[lambda to=to: attach(Order.objects.get(pk=made.pk), to) for to in (one, other)])
    assert sum(isinstance(answer, OrderRefused) for answer in answers) == 1
    assert Order.objects.filter(status=Order.Status.PAID).count() == 1
    assert till.in_ledger == till.at_stripe == 4250
