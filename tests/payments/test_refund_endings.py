"""What becomes of a refund that was asked for: pending, waiting, failing weeks later, unknown, or not ours at all."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from phonepay.events.actors import STRIPE
from phonepay.events.models import Event
from phonepay.orders.models import Order
from phonepay.orders.operations import reopen_order
from phonepay.payments.gateway import RefundState
from phonepay.payments.models import LedgerEntry, Payment, Refund, StripeEvent
from phonepay.payments.refund_outcomes import record_state
from tests.shop import LUIS, OLIVIA, REFUND_FAILS_LATER, REFUND_PENDING, Till, consent, sweep, sweep_until_done

REFUNDS = "/v1/refunds"


@pytest.fixture
def paid(till: Till) -> Order:
    order = till.order()
    till.pay(order, consent=consent())
    return order


def kinds() -> list[str]:
    return list(LedgerEntry.objects.order_by("pk").values_list("kind", flat=True))


def settle(till: Till, refund: Refund, status: str) -> None:
    """The bank's later word, and Stripe's event of it."""
    till.account.settle_refund(refund.stripe_id, status)
    till.hear_and_handle("refund.failed" if status == "failed" else "refund.updated", refund.stripe_id)
    refund.refresh_from_db()


def test_a_pending_refund_is_booked_when_it_has_succeeded(till: Till) -> None:
    order = till.order()
    till.pay(order, number=REFUND_PENDING)
    [refund] = till.refund(order)
    order.refresh_from_db()
    assert (refund.status, order.status, till.in_ledger) == ("pending", Order.Status.PAID, 4250)
    settle(till, refund, "succeeded")
    order.refresh_from_db()
    assert (refund.status, order.status, till.in_ledger) == ("succeeded", Order.Status.REFUNDED, 0)


def test_a_pending_refund_counts_as_refunded_until_it_has_failed(paid: Order, till: Till) -> None:
    till.account.next_refund("pending")
    [refund] = till.refund(paid)
    assert Payment.objects.get().refundable == 0
    settle(till, refund, "failed")
    assert (Payment.objects.get().refundable, kinds()) == (4250, ["sale"])


def test_where_stripes_balance_is_too_low_it_waits(paid: Order, till: Till) -> None:
    till.account.next_refund("pending", pending_reason="insufficient_funds")
    [refund] = till.refund(paid)
    assert (refund.status, refund.get_status_display()) == ("waiting", "waiting")
    settle(till, refund, "succeeded")
    assert (refund.status, till.in_ledger) == ("succeeded", 0)


def test_one_that_fails_weeks_later_is_reversed_and_the_order_paid_again(till: Till) -> None:
    order = till.order()
    till.pay(order, number=REFUND_FAILS_LATER)
    [refund] = till.refund(order)
    order.refresh_from_db()
    assert (refund.status, order.status) == ("succeeded", Order.Status.REFUNDED)
    settle(till, refund, "failed")
    order.refresh_from_db()
    payment = Payment.objects.get()
    assert (refund.status, refund.failure, order.status) == ("failed", "expired_or_canceled_card", Order.Status.PAID)
    assert (payment.refundable, payment.claim) == (4250, f"order:{order.pk}:test")
    assert kinds() == ["sale", "refund", "refund_failed"] and till.in_ledger == till.at_stripe == 4250
    assert Event.objects.filter(type="refund.failed").count() == 1


def test_a_failed_refund_can_be_asked_for_again(till: Till) -> None:
    order = till.order()
    till.pay(order)
    [refund] = till.refund(order)
    settle(till, refund, "failed")
    [again] = till.refund(order)
    order.refresh_from_db()
    assert (again.status, order.status, till.in_ledger, till.at_stripe) == ("succeeded", Order.Status.REFUNDED, 0, 0)


def test_an_extra_charges_failed_refund_gives_the_order_back_to_the_payment(paid: Order, till: Till) -> None:
    extra = till.overage(paid)
    refund = next(each for each in till.refund(paid) if each.payment_id == extra.pk)
    settle(till, refund, "failed")
    paid.refresh_from_db()
    assert paid.status == Order.Status.PAID
    assert Payment.objects.get(kind="initial").claim == f"order:{paid.pk}:test"


def test_one_that_fails_after_the_order_was_reopened_and_paid_again_changes_no_order(paid: Order, till: Till) -> None:
    [refund] = till.refund(paid)
    paid.refresh_from_db()
    reopen_order(order=paid, by=OLIVIA, now=timezone.now())
    settle(till, refund, "failed")
    paid.refresh_from_db()
    assert paid.status == Order.Status.UNPAID
    again = till.pay(paid, phone=LUIS)
    assert (again.status, again.overpaid) == ("succeeded", False)
    assert till.in_ledger == till.at_stripe == 8500


def test_a_refund_that_stripe_will_not_make_failed_at_once(paid: Order, till: Till) -> None:
    till.faults.fail("POST", REFUNDS, status=400)
    [refund] = till.refund(paid)
    paid.refresh_from_db()
    assert (refund.status, refund.stripe_id, paid.status, kinds()) == ("failed", None, Order.Status.PAID, ["sale"])
    assert Payment.objects.get().refundable == 4250


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("fault", ["drop", "fail"])
def test_a_time_out_is_found_again_by_listing(fault: str, when: str, paid: Order, till: Till) -> None:
    getattr(till.faults, fault)("POST", REFUNDS, when=when)
    [refund] = till.refund(paid, 1000)
    assert refund.status == "unknown"
    sweep(timedelta(minutes=1))
    refund.refresh_from_db()
    if (fault, when) == ("fail", "before"):
        assert refund.status == "unknown"  # Stripe gives its 500 again for as long as it keeps the key
        sweep_until_done(timedelta(minutes=30))
        refund.refresh_from_db()
        assert (refund.status, till.account.refunds, Payment.objects.get().refundable) == ("failed", [], 4250)
        [refund] = till.refund(paid, 1000)
    assert (refund.status, len(till.account.refunds)) == ("succeeded", 1)
    assert till.in_ledger == till.at_stripe == 3250


def test_two_of_the_same_amount_are_told_apart_by_their_metadata(paid: Order, till: Till) -> None:
    till.refund(paid, 1000)
    till.faults.drop("POST", REFUNDS)
    till.refund(paid, 1000)
    sweep_until_done()
    assert (len(till.account.refunds), till.in_ledger, till.at_stripe) == (2, 2250, 2250)


def test_where_listing_fails_nothing_is_sent_again(paid: Order, till: Till) -> None:
    till.faults.drop("POST", REFUNDS, when="after")
    [refund] = till.refund(paid, 1000)
    till.faults.fail("GET", REFUNDS, status=403)
    sweep(timedelta(minutes=1))
    refund.refresh_from_db()
    assert refund.status == "unknown"
    sweep_until_done()
    assert till.in_ledger == till.at_stripe == 3250


def test_too_many_requests_are_tried_again_later(paid: Order, till: Till) -> None:
    till.faults.rate_limit("POST", REFUNDS, times=3)
    [refund] = till.refund(paid)
    assert refund.status == "unknown"
    sweep_until_done()
    refund.refresh_from_db()
    assert refund.status == "succeeded"


def test_one_made_in_stripes_dashboard_is_adopted_by_its_event(paid: Order, till: Till) -> None:
    made = till.client.refunds.create({"charge": Payment.objects.get().charge_id, "amount": 1000})
    till.hear_and_handle("refund.created", made.id, metadata={})
    refund = Refund.objects.get()
    assert (refund.status, refund.amount, refund.by_name) == ("succeeded", 1000, "Stripe's dashboard")
    assert Payment.objects.get().refundable == 3250 and till.in_ledger == till.at_stripe == 3250


def test_it_is_adopted_once_however_often_it_is_told(paid: Order, till: Till) -> None:
    made = till.client.refunds.create({"charge": Payment.objects.get().charge_id})
    for kind in ("refund.created", "refund.updated", "charge.refund.updated"):
        till.hear_and_handle(kind, made.id, metadata={})
    paid.refresh_from_db()
    assert (Refund.objects.count(), till.in_ledger, paid.status) == (1, 0, Order.Status.REFUNDED)


def test_it_is_adopted_also_where_the_charge_was_not_booked_yet(till: Till) -> None:
    till.faults.drop("POST", "/v1/payment_intents/*/confirm", when="after")
    payment = till.pay(till.order())
    made = till.client.refunds.create({"payment_intent": payment.intent_id})
    till.hear_and_handle("refund.created", made.id, metadata={})
    assert Payment.objects.get().status == "succeeded"
    assert till.in_ledger == till.at_stripe == 0


def test_it_is_adopted_after_a_refund_of_ours_that_stripe_refused(paid: Order, till: Till) -> None:
    till.faults.drop("POST", REFUNDS)
    till.refund(paid)
    made = till.client.refunds.create({"charge": Payment.objects.get().charge_id, "amount": 1000})
    event = till.hear("refund.created", made.id, metadata={})
    with pytest.raises(IntegrityError):
        till.hear_and_handle("refund.updated", made.id, metadata={})
    sweep_until_done()  # ours is more than what is left: refused, and its room is free
    event.refresh_from_db()
    assert event.handled_at and till.in_ledger == till.at_stripe == 3250
    assert Payment.objects.get().refundable == 3250


def test_somebody_elses_refund_is_left_alone(paid: Order, till: Till) -> None:
    method = till.card().payment_method
    foreign = till.client.payment_intents.create(
        {"amount": 900, "currency": "usd", "confirm": True, "payment_method": method,
         "allowed_payment_method_types": ["card"]}
    )  # fmt: skip
    made = till.client.refunds.create({"payment_intent": foreign.id})
    event = till.hear_and_handle("refund.created", made.id, metadata={})
    assert (event.ours, event.object_id, Refund.objects.count()) == (False, "", 0)
    sweep(timedelta(days=6))
    assert StripeEvent.objects.get() == event
    sweep(timedelta(days=7, minutes=1))
    assert not StripeEvent.objects.exists()


def test_an_older_word_does_not_undo_a_newer_one(paid: Order, till: Till) -> None:
    [refund] = till.refund(paid)
    for status in ("pending", "succeeded"):
        state = RefundState(refund.stripe_id, status, refund.amount, "usd")
        assert not record_state(refund=refund, state=state, failure="", by=STRIPE, now=timezone.now())
    assert (refund.status, kinds()) == ("succeeded", ["sale", "refund"])


def test_a_failure_that_is_told_while_the_success_is_booked_is_not_lost(paid: Order, till: Till) -> None:
    till.account.next_refund("pending")
    [refund] = till.refund(paid)
    stale = Refund.objects.select_related("payment__merchant").get()
    for row, status in ((refund, "succeeded"), (stale, "failed")):
        state = RefundState(refund.stripe_id, status, refund.amount, "usd")
        assert record_state(refund=row, state=state, failure="", by=STRIPE, now=timezone.now())
    assert kinds() == ["sale", "refund", "refund_failed"]


def test_the_order_is_refunded_only_when_the_last_of_its_refunds_has_succeeded(paid: Order, till: Till) -> None:
    till.overage(paid)
    till.account.next_refund("pending")
    first, second = till.refund(paid)
    paid.refresh_from_db()
    assert (first.status, second.status, paid.status) == ("pending", "succeeded", Order.Status.PAID)
    settle(till, first, "succeeded")
    paid.refresh_from_db()
    assert paid.status == Order.Status.REFUNDED


def test_one_that_is_found_at_stripe_after_it_was_given_up_is_booked(paid: Order, till: Till) -> None:
    till.faults.fail("POST", REFUNDS, when="before", times=1)
    [refund] = till.refund(paid, 1000)
    sweep_until_done(timedelta(minutes=30))
    facts = {"refund": str(refund.pk), "payment": str(refund.payment_id)}
    late = till.client.refunds.create({"charge": refund.payment.charge_id, "amount": 1000, "metadata": facts})
    till.hear_and_handle("refund.created", late.id)
    refund.refresh_from_db()
    assert (refund.status, refund.stripe_id, Payment.objects.get().refunded) == ("succeeded", late.id, 1000)
    assert till.in_ledger == till.at_stripe == 3250


def test_one_on_its_way_is_read_again_where_no_event_tells_of_its_end(paid: Order, till: Till) -> None:
    till.account.next_refund("pending")
    [refund] = till.refund(paid, 1000)
    till.account.settle_refund(refund.stripe_id, "succeeded")
    sweep(timedelta(hours=7))
    refund.refresh_from_db()
    assert (refund.status, refund.due_at, till.in_ledger) == ("succeeded", None, 3250)


def test_one_on_its_way_is_read_no_longer_than_45_days(paid: Order, till: Till) -> None:
    till.account.next_refund("pending")
    [refund] = till.refund(paid, 1000)
    sweep(timedelta(days=46))
    refund.refresh_from_db()
    assert (refund.status, refund.due_at) == ("pending", None)
