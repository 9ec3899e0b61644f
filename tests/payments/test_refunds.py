"""Money back: how much, of which charges, once, and only where it can be sent."""

import threading
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from phonepay.events.models import Event
from phonepay.orders import claims
from phonepay.orders.models import Order
from phonepay.payments import refunds
from phonepay.payments.gateway import _gateway
from phonepay.payments.models import LedgerEntry, Payment, Refund
from phonepay.payments.refunds import RefundRefused
from phonepay.payments.refunds import refund as refund_verb
from tests.shop import DECLINED, OLIVIA, InBackground, Till, consent, fresh, together

pytestmark = pytest.mark.database


@pytest.fixture
def paid(till: Till) -> Order:
    order = till.order()
    till.pay(order, consent=consent())
    return order


def test_a_full_refund(paid: Order, till: Till) -> None:
    [refund] = till.refund(paid)
    paid.refresh_from_db()
    assert (refund.status, refund.amount, paid.status) == ("succeeded", 4250, Order.Status.REFUNDED)
    assert till.at_stripe == till.in_ledger == till.balance(paid) == 0
    assert Payment.objects.get().claim is None


def test_a_full_refund_does_not_make_the_order_payable_again(paid: Order, till: Till) -> None:
    till.refund(paid)
    assert not Order.objects.payable(livemode=False).exists()


def test_a_partial_refund_leaves_the_order_paid(paid: Order, till: Till) -> None:
    till.refund(paid, 1000)
    paid.refresh_from_db()
    assert (paid.status, till.balance(paid)) == (Order.Status.PAID, 3250)
    assert Payment.objects.get().refundable == 3250


def test_several_refunds_up_to_the_last_cent(paid: Order, till: Till) -> None:
    for amount in (1000, 3249, 1):
        till.refund(paid, amount)
    paid.refresh_from_db()
    assert (paid.status, till.at_stripe, till.in_ledger) == (Order.Status.REFUNDED, 0, 0)
    assert [each["amount"] for each in till.account.refunds] == [1000, 3249, 1]


def test_an_order_of_two_charges_is_refunded_newest_first(paid: Order, till: Till) -> None:
    extra = till.overage(paid, 1500)
    first = till.refund(paid, 2000)
    assert [(each.payment_id == extra.pk, each.amount) for each in first] == [(True, 1500), (False, 500)]
    assert len({each.request_key for each in first}) == 1
    second = till.refund(paid)
    paid.refresh_from_db()
    assert [each.amount for each in second] == [3750]
    assert (paid.status, till.at_stripe, till.in_ledger) == (Order.Status.REFUNDED, 0, 0)


def test_a_partial_failure_is_visible(paid: Order, till: Till) -> None:
    till.overage(paid, 1500)
    till.faults.fail("POST", "/v1/refunds", status=400)
    made = till.refund(paid)
    assert [each.status for each in made] == ["failed", "succeeded"]
    paid.refresh_from_db()
    assert (paid.status, till.balance(paid), till.at_stripe) == (Order.Status.PAID, 1500, 1500)
    assert made[0].failure


def test_one_payment_of_an_order_can_be_refunded(paid: Order, till: Till) -> None:
    extra = till.overage(paid, 1500)
    till.refund(extra)
    paid.refresh_from_db()
    assert (paid.status, till.balance(paid)) == (Order.Status.PAID, 4250)


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        (4251, r"Only \$42.50 is left to refund. Nothing was refunded."),
        (0, "must be more than nothing"),
        (-1, "must be more than nothing"),
    ],
)
def test_an_amount_that_cannot_be_refunded(amount: int, sentence: str, paid: Order, till: Till) -> None:
    with pytest.raises(RefundRefused, match=sentence):
        till.refund(paid, amount)
    assert not Refund.objects.exists() and till.at_stripe == 4250


def test_what_was_refunded_whole_is_refused(paid: Order, till: Till) -> None:
    till.refund(paid)
    with pytest.raises(RefundRefused, match="All of it was refunded already"):
        till.refund(paid)


@pytest.mark.parametrize("state", ["unpaid", "declined"])
def test_what_was_not_paid_by_phone_is_refused(state: str, till: Till) -> None:
    order = till.order()
    if state == "declined":
        till.pay(order, number=DECLINED)
    with pytest.raises(RefundRefused, match="Nothing was paid by phone here"):
        till.refund(order)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"reason": "because"}, "is not a reason"),
        ({"note": "card 4242 4242 4242 4242"}, "looks like it holds a card number"),
        ({"note": "x" * 501}, "at most 500 characters"),
    ],
)
def test_a_request_that_is_not_in_order(facts: dict[str, str], sentence: str, paid: Order, till: Till) -> None:
    wish = {"amount": None, "reason": "duplicate", "key": "k", "by": OLIVIA, "now": timezone.now()}
    with pytest.raises(RefundRefused, match=sentence):
        refund_verb(of=paid, **(wish | facts))


def test_a_key_that_stripe_does_not_know_is_said(paid: Order, till: Till) -> None:
    till.faults.fail("GET", "/v1/account", status=401)
    _gateway.cache_clear()
    with pytest.raises(RefundRefused, match="Stripe did not accept the key"):
        till.refund(paid)


def test_the_same_key_refunds_once(paid: Order, till: Till) -> None:
    first, again = till.refund(paid, 1000, key="one"), till.refund(paid, 1000, key="one")
    assert first == again
    assert till.at_stripe == till.in_ledger == 3250


def test_the_same_key_at_the_same_moment_refunds_once(paid: Order, till: Till) -> None:
    answers = together(*[lambda: till.refund(paid, 1000, key="one") for _ in range(3)])
    assert len({answer[0].pk for answer in answers}) == 1
    assert till.at_stripe == till.in_ledger == 3250


def test_of_two_refunds_at_the_same_moment_the_sum_is_never_too_much(paid: Order, till: Till) -> None:
    answers = together(*[lambda: till.refund(paid, 3000) for _ in range(2)])
    assert sum(isinstance(answer, RefundRefused) for answer in answers) == 1
    assert till.at_stripe == till.in_ledger == 1250


def test_while_one_is_in_flight_another_is_refused(paid: Order, till: Till) -> None:
    held = till.faults.hold("POST", "/v1/refunds")
    first = InBackground(lambda: till.refund(paid, 1000))
    assert held.arrived.wait(10)
    with pytest.raises(RefundRefused, match="Another refund of this payment is under way"):
        till.refund(paid, 1000)
    held.release()
    first.finish()
    till.refund(paid, 1000)
    assert till.at_stripe == till.in_ledger == 2250


def test_two_charges_whose_refunds_end_at_the_same_moment_refund_the_order(
    paid: Order, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.overage(paid, 1500)
    for _ in range(2):
        till.account.next_refund("pending")
        till.refund(Payment.objects.filter(refunded=0).first())
    ids = [each["id"] for each in till.account.refunds]
    for identity in ids:
        till.account.settle_refund(identity, "succeeded")
    # Both have booked their own, and neither has committed it. On SQLite the second waits for the first to commit.
    both = threading.Barrier(1 if connection.vendor == "sqlite" else 2, timeout=10)
    lock = claims.lock
    monkeypatch.setattr(claims, "lock", lambda order_id: (both.wait(), lock(order_id)))
    assert together(*[partial(till.hear_and_handle, "refund.updated", identity) for identity in ids])
    paid.refresh_from_db()
    assert paid.status == Order.Status.REFUNDED


def test_who_asked_and_why_is_kept(paid: Order, till: Till) -> None:
    [refund] = till.refund(paid, 1000)
    assert (refund.by_name, refund.reason) == ("Olivia Owner", "requested_by_customer")
    asked, done = Event.objects.filter(subject_kind="refund", subject_id=str(refund.pk)).order_by("pk")
    assert (asked.type, asked.actor_name) == ("refund.asked", "Olivia Owner")
    assert (done.type, done.actor_kind, done.data["amount"]) == ("refund.succeeded", "stripe", 1000)
    assert LedgerEntry.objects.get(kind="refund").refund == refund


def test_the_reason_is_passed_on_where_stripe_knows_it(paid: Order, till: Till) -> None:
    for reason in ("duplicate", "wrong_amount"):
        now = timezone.now()
        refund_verb(of=paid, amount=100, reason=reason, key=uuid4().hex, by=OLIVIA, now=now)
    assert [each["reason"] for each in till.account.refunds] == ["duplicate", None]


def test_a_payment_brought_over_without_an_intent_can_be_refunded(paid: Order, till: Till) -> None:
    Payment.objects.update(intent_id=None)
    [refund] = till.refund(fresh(Payment.objects.get()))
    assert refund.status == "succeeded"


def test_what_another_refunded_between_the_look_and_the_wish_is_not_there(
    paid: Order, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = refunds._refundable

    def look_and_be_overtaken(of: Order) -> list[Payment]:
        seen = look(of)
        monkeypatch.setattr(refunds, "_refundable", look)
        till.refund(paid, 3000)
        return seen

    monkeypatch.setattr(refunds, "_refundable", look_and_be_overtaken)
    with pytest.raises(RefundRefused, match="Somebody else refunded this a moment ago"):
        till.refund(paid, 3000)
    assert till.at_stripe == till.in_ledger == 1250
