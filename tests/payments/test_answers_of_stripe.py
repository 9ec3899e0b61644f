"""What comes back from Stripe, and what it means for the money: the table of errors."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.utils import timezone

from phonepay.events.actors import SYSTEM
from phonepay.events.models import Event
from phonepay.orders.models import Order
from phonepay.payments import stripe_side
from phonepay.payments.agreement import end_unpaid, next_card
from phonepay.payments.gateway import get_gateway
from phonepay.payments.models import CardAttempt, Payment
from phonepay.payments.operations import Card, ChargeRefused
from tests.shop import DECLINED, NEEDS_ACTION, NO_FUNDS, InBackground, Till, consent, fresh, sweep, sweep_until_done

CREATE, CONFIRM, CANCEL = "/v1/payment_intents", "/v1/payment_intents/*/confirm", "/v1/payment_intents/*/cancel"


def is_free(order: Order) -> bool:
    order.refresh_from_db()
    return order.claimed_by is None and order.status == Order.Status.UNPAID


@pytest.mark.parametrize(
    ("number", "code"),
    [(DECLINED, "generic_decline"), (NO_FUNDS, "insufficient_funds"), (NEEDS_ACTION, "authentication_required")],
)
def test_402_is_declined_with_its_code(number: str, code: str, till: Till) -> None:
    order = till.order()
    payment = till.pay(order, number=number)
    assert (payment.status, payment.decline_code) == ("declined", code)
    assert is_free(order)
    attempt = CardAttempt.objects.get()
    assert (attempt.result, attempt.decline_code, attempt.card_last4) == ("declined", code, number[-4:])


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refusal_is_not_charged_and_our_fault(status: int, till: Till) -> None:
    order = till.order()
    till.faults.fail("POST", CONFIRM, status=status)
    payment = till.pay(order)
    assert payment.status == "failed" and str(status) in payment.failure
    assert is_free(order)
    assert Event.objects.filter(type="payment.failed").count() == 1


def test_too_many_requests_are_tried_again(till: Till) -> None:
    till.faults.rate_limit("POST", CONFIRM, times=2)
    assert till.pay(till.order()).status == "succeeded"


def test_too_many_requests_for_good_are_not_charged(till: Till) -> None:
    order = till.order()
    till.faults.rate_limit("POST", CONFIRM, times=3)
    payment = till.pay(order)
    assert (payment.status, is_free(order), till.at_stripe) == ("failed", True, 0)


def test_a_refusal_is_no_proof_while_another_process_is_at_it(till: Till) -> None:
    """The first is slow, its lease lapsed, the sweeper was let in: it is charged, whatever the first hears."""
    order = till.order()
    payment = till.agree(order)
    stripe_side.prepare(payment)
    till.claim(payment)
    slow = fresh(payment)
    held = till.faults.hold("POST", CONFIRM)
    other = InBackground(lambda: sweep(timedelta(seconds=31)))
    assert held.arrived.wait(10)
    till.faults.rate_limit("POST", CONFIRM, times=3)
    stripe_side.send_charge(slow)
    order.refresh_from_db()
    assert (fresh(payment).status, order.claimed_by) == ("charging", payment.pk)
    held.release()
    other.finish()
    assert fresh(payment).status == "succeeded"
    assert till.at_stripe == till.in_ledger == 4250


def test_a_card_of_another_account_or_mode_is_our_fault(till: Till) -> None:
    order = till.order()
    payment = till.agree(order)
    till.claim(payment, Card(f"pm_{uuid4().hex}", "visa", "4242"))
    stripe_side.send_charge(payment)
    assert payment.status == "failed" and "resource_missing" in payment.failure


def test_a_key_in_use_is_waited_for(till: Till) -> None:
    order = till.order()
    payment = till.agree(order)
    stripe_side.prepare(payment)
    till.claim(payment)
    held = till.faults.hold("POST", CONFIRM)
    first = InBackground(lambda: stripe_side.send_charge(fresh(payment)))
    assert held.arrived.wait(10)
    stripe_side.send_charge(payment)  # another process, the same key: 409
    assert fresh(payment).status == "charging"
    held.release()
    first.finish()
    assert fresh(payment).status == "succeeded"
    assert till.at_stripe == till.in_ledger == 4250


@pytest.mark.parametrize(
    ("fault", "when", "then", "money"),
    [
        ("fail", "before", "failed", 0),
        ("fail", "after", "succeeded", 4250),
        ("drop", "before", "failed", 0),
        ("drop", "after", "succeeded", 4250),
    ],
)
def test_no_answer_is_unknown_until_it_is_read(fault: str, when: str, then: str, money: int, till: Till) -> None:
    order = till.order()
    getattr(till.faults, fault)("POST", CONFIRM, when=when)
    assert till.pay(order).status == "unknown"
    sweep_until_done()
    assert Payment.objects.get().status == then
    assert till.at_stripe == till.in_ledger == money


def test_an_answer_that_takes_too_long_is_unknown(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = till.agree(till.order())
    stripe_side.prepare(payment)
    till.claim(payment)
    held = till.faults.hold("POST", CONFIRM)
    monkeypatch.setattr(get_gateway()._client._requestor._options, "max_network_retries", 0)  # type: ignore[attr-defined]
    monkeypatch.setattr(get_gateway()._client._requestor._client, "_timeout", (1.0, 0.05))  # type: ignore[attr-defined]
    stripe_side.send_charge(payment)
    assert payment.status == "unknown"
    held.release()


def test_a_decline_whose_answer_was_lost_is_found(till: Till) -> None:
    order = till.order()
    till.faults.drop("POST", CONFIRM, when="after")
    till.pay(order, number=NO_FUNDS)
    sweep(timedelta(seconds=3))
    payment = Payment.objects.get()
    assert (payment.status, payment.decline_code, is_free(order)) == ("declined", "insufficient_funds", True)


def test_an_unknown_charge_that_did_not_arrive_is_cancelled_first(till: Till) -> None:
    order = till.order()
    till.faults.drop("POST", CONFIRM)
    payment = till.pay(order)
    till.faults.drop("POST", CANCEL)
    sweep(timedelta(seconds=3))
    order.refresh_from_db()
    assert (fresh(payment).status, order.claimed_by) == ("unknown", payment.pk)
    sweep(timedelta(minutes=1))
    assert (fresh(payment).status, till.intent(payment)["status"], is_free(order)) == ("failed", "canceled", True)


def test_a_charge_that_stripe_still_processes_stays_unknown(till: Till) -> None:
    order = till.order()
    till.faults.drop("POST", CONFIRM)
    payment = till.pay(order)
    record = till.account._scope.get("payment_intent", payment.intent_id)
    record.body["status"] = "processing"
    for minutes in (1, 10, 60):
        sweep(timedelta(minutes=minutes))
        assert (fresh(payment).status, till.intent(payment)["status"]) == ("unknown", "processing")
    record.body["status"] = "requires_payment_method"
    sweep_until_done()
    assert (fresh(payment).status, is_free(order)) == ("failed", True)


@pytest.mark.parametrize("fault", ["fail", "drop"])
def test_a_failed_create_is_never_unknown(fault: str, till: Till) -> None:
    order = till.order()
    getattr(till.faults, fault)("POST", CREATE, times=5)
    payment = till.pay(order)
    assert (payment.status, payment.intent_id, is_free(order)) == ("failed", None, True)


@pytest.mark.parametrize("fault", ["fail", "drop"])
def test_a_create_that_failed_while_the_card_was_keyed_is_made_up_for(fault: str, till: Till) -> None:
    getattr(till.faults, fault)("POST", CREATE)
    assert till.pay(till.order()).status == "succeeded"


def test_nothing_is_confirmed_more_than_ten_minutes_after_the_agreement(till: Till) -> None:
    late = till.agree(till.order(), now=timezone.now() - timedelta(minutes=10, seconds=1))
    with pytest.raises(ChargeRefused) as refused:
        till.claim(late)
    assert (refused.value.reason, late.status) == ("late", "abandoned")


def test_within_ten_minutes_it_is_charged(till: Till) -> None:
    payment = till.agree(till.order(), now=timezone.now() - timedelta(minutes=9, seconds=50))
    assert till.charge(payment).status == "succeeded"


def test_a_process_that_was_stopped_for_long_only_looks(till: Till) -> None:
    order = till.order()
    payment = till.agree(order)
    stripe_side.prepare(payment)
    till.claim(payment)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        stripe_side.send_charge(payment)
    assert (payment.status, till.intent(payment)["status"], is_free(order)) == ("failed", "canceled", True)


@pytest.mark.parametrize("minutes", [1, 5])
def test_a_card_after_the_calls_end_is_charged_for_two_minutes(minutes: int, till: Till) -> None:
    payment = till.agree(till.order())
    end_unpaid(payment=payment, by=SYSTEM, now=timezone.now(), grace=True)
    later, payment = timezone.now() + timedelta(minutes=minutes), fresh(payment)
    if minutes < 2:
        assert till.claim(payment, now=later).value == "started"
    else:
        with pytest.raises(ChargeRefused):
            till.claim(payment, now=later)


def test_further_cards_confirm_the_same_payment_intent(till: Till) -> None:
    payment = till.pay(till.order(), number=DECLINED)
    first = payment.intent_id
    for number in (NO_FUNDS, "4242424242424242"):
        next_card(payment=payment, now=timezone.now())
        payment = till.charge(payment, number)
    assert (payment.status, payment.intent_id, len(till.account.payment_intents)) == ("succeeded", first, 1)
    assert [each.number for each in CardAttempt.objects.order_by("number")] == [1, 2]


def test_keys_are_random_and_never_row_numbers(till: Till) -> None:
    seen = len(till.standin.requests)
    order = till.order()
    till.pay(order, consent=consent())
    till.overage(order)
    till.refund(order)
    keys = [each.idempotency_key for each in till.standin.requests[seen:] if each.method == "POST"]
    ours = [key for key in keys if key and ":" in key]
    assert [key.partition(":")[2] for key in ours] == [
        "customer", "create", "confirm", "create", "confirm", "refund", "refund",
    ]  # fmt: skip
    assert all(UUID(key.partition(":")[0]).version == 4 for key in ours)


@pytest.mark.parametrize(("allowed", "status"), [(True, "succeeded"), (False, "failed")])
def test_moto_is_said_where_the_line_has_it_and_our_fault_where_stripe_does_not(
    allowed: bool, status: str, till: Till
) -> None:
    till.account.moto = allowed
    assert till.pay(till.order(), number=NEEDS_ACTION, moto=True).status == status


def test_a_hidden_caller_can_pay_and_agree_to_more(till: Till) -> None:
    order = till.order()
    till.pay(order, phone="", consent=consent())
    assert till.overage(order).status == "succeeded"
    assert till.account.customers[0]["phone"] is None


def test_the_amount_at_stripe_is_the_amount_agreed(till: Till) -> None:
    for amount, currency in [(4250, "usd"), (50, "jpy"), (12_340, "kwd"), (99_999_999, "eur")]:
        payment = till.pay(till.order(f"A{amount}", amount, currency), currency=currency)
        charge = next(each for each in till.account.charges if each["id"] == payment.charge_id)
        assert (charge["amount_captured"], charge["currency"]) == (amount, currency)
