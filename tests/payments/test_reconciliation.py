"""Reconciliation heals what has one explanation: lost rows, unknown ends, money moved elsewhere, missing entries."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from phonepay.orders.models import Order
from phonepay.payments import stripe_side
from phonepay.payments.book_models import Payout
from phonepay.payments.books import agree_until
from phonepay.payments.dispute_models import Dispute
from phonepay.payments.models import LedgerEntry, Payment, Refund
from tests.payments.books import check_books, differing, erase, lose, lose_refunds
from tests.shop import Till, consent, fresh


@pytest.fixture
def paid(till: Till) -> Payment:
    return till.pay(till.order(), consent=consent())


def test_books_that_agree_are_left_as_they_are(till: Till, paid: Payment) -> None:
    run = check_books(till)
    assert (run.healed, differing(till)) == (0, [])
    assert agree_until(till.shop, False) == run.until


def test_before_anything_was_compared_nothing_is_said_to_agree(till: Till, paid: Payment) -> None:
    assert agree_until(till.shop, False) is None


def test_a_fee_is_booked_once_beside_its_charge(till: Till, paid: Payment) -> None:
    check_books(till)
    check_books(till)
    [fee] = LedgerEntry.objects.filter(kind="fee")
    assert (fee.amount, fee.currency, fee.payment_id) == (-153, "usd", paid.pk)
    assert till.balance(Order.objects.get()) == till.at_stripe == 4250


def test_what_a_charge_settled_for_is_written_beside_it(till: Till) -> None:
    till.account.settle_in("usd", eur=1.25)
    till.pay(till.order(currency="eur"), currency="eur")
    check_books(till)
    sale, fee = LedgerEntry.objects.get(kind="sale"), LedgerEntry.objects.get(kind="fee")
    assert (sale.amount, sale.currency) == (4250, "eur")
    assert (sale.settlement_amount, sale.settlement_currency) == (5312, "usd")
    assert fee.currency == "usd"


def test_a_payment_that_a_backup_lost_is_rebuilt(till: Till, paid: Payment) -> None:
    lose(paid)
    run = check_books(till)
    again = fresh(paid)
    facts = (
        "confirmation",
        "number",
        "amount",
        "currency",
        "call_sid",
        "attempt",
        "intent_id",
        "charge_id",
        "order_id",
    )
    assert {name: getattr(again, name) for name in facts} == {name: getattr(paid, name) for name in facts}
    assert (again.status, again.card_last4, run.healed) == ("succeeded", "4242", 1)
    assert Order.objects.get().status == "paid" and till.in_ledger == till.at_stripe == 4250


def test_an_order_that_a_backup_lost_is_rebuilt_with_its_payment(till: Till, paid: Payment) -> None:
    lose(paid, orders=True)
    check_books(till)
    order = Order.objects.get()
    assert (order.number, order.amount, order.status) == ("1234", 4250, "paid")


def test_a_number_with_letters_keeps_its_letters(till: Till) -> None:
    payment = till.pay(till.order("INV-0042"))
    lose(payment, orders=True)
    check_books(till)
    order = Order.objects.get()
    assert (order.number, order.keyed, order.status) == ("INV-0042", "0042", "paid")


def test_a_payment_without_an_order_number_comes_back_under_its_confirmation(till: Till) -> None:
    payment = till.pay(behavior="fixed")
    lose(payment, orders=True)
    check_books(till)
    assert Order.objects.get().number == payment.confirmation


def test_an_extra_charge_comes_back_with_the_payment_that_agreed_to_it(till: Till, paid: Payment) -> None:
    order = Order.objects.get()
    extra = till.overage(order, 1000)
    lose(paid)
    check_books(till)
    again = fresh(extra)
    assert (again.kind, again.parent_id, again.order_id, again.status) == ("overage", paid.pk, order.pk, "succeeded")
    assert till.in_ledger == till.at_stripe == 5250 and differing(till) == []


def test_a_refund_that_a_backup_lost_is_not_sent_again_by_its_request(till: Till, paid: Payment) -> None:
    [refund] = till.refund(paid, 1250, key="from-the-page")
    lose_refunds(paid)
    check_books(till)
    again = Refund.objects.get()
    assert (again.pk, again.request_key, again.status) == (refund.pk, "from-the-page", "succeeded")
    assert till.refund(paid, 1250, key="from-the-page") == [again]
    assert till.in_ledger == till.at_stripe == 3000


def test_a_refund_made_in_stripes_dashboard_is_adopted(till: Till, paid: Payment) -> None:
    till.account.refund_by_hand(paid.intent_id, 2000)
    check_books(till)
    assert Refund.objects.get().by_name == "Stripe's dashboard"
    assert fresh(paid).refunded == 2000 and till.in_ledger == till.at_stripe == 2250


def test_a_lost_payment_with_its_refunds_comes_back_whole(till: Till, paid: Payment) -> None:
    till.refund(paid, 1000)
    till.refund(paid, 500)
    lose(paid)
    check_books(till)
    assert (fresh(paid).refunded, Refund.objects.count()) == (1500, 2)
    assert till.in_ledger == till.at_stripe == 2750


def test_a_charge_that_is_not_known_here_to_have_succeeded_is_booked(till: Till) -> None:
    payment = till.agree(till.order())
    till.claim(payment)
    till.faults.drop("POST", "/v1/payment_intents/*/confirm", when="after")
    stripe_side.send_charge(payment)
    assert fresh(payment).status == "unknown"
    check_books(till)
    assert fresh(payment).status == "succeeded" and till.in_ledger == till.at_stripe == 4250


def test_a_charge_that_was_booked_as_not_made_becomes_an_overpayment_where_the_order_was_paid(till: Till) -> None:
    order = till.order()
    first = till.pay(order)
    lose(first)
    second = till.pay(order)
    check_books(till)
    assert (fresh(first).overpaid, fresh(second).overpaid) == (True, False)
    assert till.in_ledger == till.at_stripe == 8500 and differing(till) == []


def test_a_second_charge_for_one_payment_becomes_an_overpayment(till: Till, paid: Payment) -> None:
    facts = till.intent(paid)["metadata"]
    till.account.pay_elsewhere(4250, metadata=facts)
    check_books(till)
    check_books(till)
    assert sorted(payment.overpaid for payment in Payment.objects.all()) == [False, True]
    assert till.in_ledger == till.at_stripe == 8500


def test_an_entry_that_is_missing_is_posted(till: Till, paid: Payment) -> None:
    erase(LedgerEntry)
    assert check_books(till).healed == 1
    assert till.in_ledger == 4250


def test_a_stranger_on_the_same_account_leaves_no_trace(till: Till, paid: Payment) -> None:
    till.account.pay_elsewhere(9900)
    till.account.pay_elsewhere(700, metadata={"installation": "another", "payment": "p1"})
    run = check_books(till)
    assert (run.healed, differing(till), Payment.objects.count()) == (0, [], 1)


def test_an_intent_that_nobody_confirms_any_more_is_canceled(till: Till) -> None:
    payment = till.agree(till.order())
    stripe_side.prepare(payment)
    lose(payment)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        check_books(till, since=timedelta(hours=3))
    [intent] = till.account.payment_intents
    assert intent["status"] == "canceled"


def test_payouts_are_shown(till: Till, paid: Payment) -> None:
    till.account.book("adjustment", 10_000)
    till.account.pay_out()
    check_books(till)
    payout = Payout.objects.get()
    assert (payout.amount, payout.currency, payout.status) == (10_000, "usd", "in_transit")


def test_a_pending_refund_that_failed_unheard_is_read_again(till: Till, paid: Payment) -> None:
    till.account.next_refund("pending")
    [refund] = till.refund(paid, 1000)
    till.account.settle_refund(refund.stripe_id, "failed")
    check_books(till)
    refund.refresh_from_db()
    assert (refund.status, fresh(paid).refunded) == ("failed", 0)


@pytest.mark.parametrize("status", ["needs_response", "warning_needs_response"])
def test_a_dispute_that_nobody_told_of_is_recorded(till: Till, paid: Payment, status: str) -> None:
    dispute = till.account.dispute(paid.charge_id, status=status)
    check_books(till)
    check_books(till)
    row = Dispute.objects.get()
    inquiry = status.startswith("warning")
    assert (row.stripe_id, row.status, row.withdrawn) == (dispute["id"], status, 0 if inquiry else 4250)
    assert LedgerEntry.objects.filter(kind="dispute_withdrawn").count() == (0 if inquiry else 1)


def test_an_open_dispute_is_read_until_it_is_closed(till: Till, paid: Payment) -> None:
    dispute = till.account.dispute(paid.charge_id)
    check_books(till)
    till.account.move_dispute(dispute["id"], "won")
    check_books(till)
    assert (Dispute.objects.get().status, till.in_ledger, differing(till)) == ("won", 4250, [])
