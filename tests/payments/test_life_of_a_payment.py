"""A payment's whole life at Stripe, told in any order, late, doubled: the same rows and the same ledger in the end."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from phonepay.payments.models import Dispute, EarlyFraudWarning, LedgerEntry, Payment, Refund
from phonepay.payments.refunds import RefundRefused
from tests.payments.days import shown, summed
from tests.payments.telling import handle_all, tell, told
from tests.shop import Till, consent, fresh, make_line

amounts = st.integers(50, 4250)
happenings = st.one_of(
    st.tuples(st.just("dispute"), amounts),
    st.tuples(st.just("inquiry"), amounts),
    st.tuples(st.just("move"), st.sampled_from(["under_review", "needs_response", "won", "lost", "warning_closed"])),
    st.tuples(st.just("dashboard refund"), amounts),
    st.tuples(st.just("refund"), amounts),
    st.tuples(st.just("refund ends"), st.sampled_from(["succeeded", "failed"])),
    st.tuples(st.just("next refund waits")),
    st.tuples(st.just("warning")),
    st.tuples(st.just("card removed")),
    st.tuples(st.just("some are told"), st.randoms(use_true_random=False)),
)


@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(life=st.lists(happenings, max_size=10), seed=st.randoms(use_true_random=False))
def test_any_order_and_any_number_of_tellings_lead_to_the_same(
    life: list[Any], seed: Any, till: Till, settings: Settings
) -> None:
    till = Till(till.standin, f"sk_test_{uuid4().hex}")
    settings.PHONEPAY_STRIPE_SECRET_KEY = till.key
    make_line(till.shop, phone_number=f"+1{till.shop.pk:010}")
    paid = till.pay(till.order(), consent=consent())
    for name, *facts in life:
        with contextlib.suppress(RefundRefused, ValueError):  # not possible now, and said so
            HAPPENINGS[name](till, paid, *facts)
    tell_all(till, seed)
    after_once = books(till, paid)
    tell_all(till, seed)

    assert books(till, paid) == after_once
    agrees_with_stripe(till, paid)


def tell_all(till: Till, seed: Any) -> None:
    """Everything, some of it twice, handled in an order of its own."""
    events = told(till)
    tell(till, events + events[::2])
    order = [each["id"] for each in events]
    seed.shuffle(order)
    handle_all(order)


def books(till: Till, paid: Payment) -> dict[str, Any]:
    row = fresh(paid)
    return {
        "ledger": sorted(LedgerEntry.objects.filter(payment=paid).values_list("kind", "stripe_object", "amount")),
        "payment": (row.status, row.refunded, row.disputed, row.refund_blocked, row.card_gone_at is not None),
        "order": row.order and row.order.status,
        "refunds": sorted(Refund.objects.filter(payment=paid).values_list("stripe_id", "status", "amount")),
        "disputes": sorted(Dispute.objects.filter(payment=paid).values_list("stripe_id", "status", "withdrawn")),
        "warnings": sorted(EarlyFraudWarning.objects.filter(payment=paid).values_list("stripe_id", "actionable")),
    }


def agrees_with_stripe(till: Till, paid: Payment) -> None:
    row = fresh(paid)
    entries = LedgerEntry.objects.filter(payment=paid).exclude(kind="fee")
    fees = LedgerEntry.objects.filter(payment=paid, kind="fee")
    on_balance = [each for each in till.account.balance_transactions if not each["type"].startswith("payout")]
    disputed = [each for each in on_balance if each["type"] == "adjustment"]
    assert sum(each.amount for each in entries) == sum(each["amount"] for each in on_balance)
    assert sum(each.amount for each in fees) == -sum(each["fee"] for each in disputed)
    assert row.disputed == -sum(each["amount"] for each in disputed)
    assert {each.stripe_id: each.status for each in Dispute.objects.filter(payment=paid)} == {
        each["id"]: each["status"] for each in till.account.disputes
    }
    not_failed = [each for each in till.account.refunds if each["status"] not in ("failed", "canceled")]
    assert row.refunded == sum(each["amount"] for each in not_failed)
    assert 0 <= row.refundable <= row.amount - row.refunded
    assert shown(till.shop) == summed(till.shop)


def move(till: Till, paid: Payment, status: str) -> None:
    for each in till.account.disputes:
        till.account.move_dispute(each["id"], status)


def refund_in_the_dashboard(till: Till, paid: Payment, amount: int) -> None:
    (charge,) = till.account.charges
    settled = all(each["status"] != "needs_response" for each in till.account.disputes)
    if settled and not till.account.disputes and charge["amount"] - charge["amount_refunded"] >= amount:
        till.account.refund_by_hand(paid.intent_id, amount)


def refund_ends(till: Till, paid: Payment, status: str) -> None:
    for each in till.account.refunds:
        if each["status"] == "pending" or (each["status"] == "succeeded" and status == "failed"):
            till.account.settle_refund(each["id"], status)
            return


def some_are_told(till: Till, paid: Payment, chance: Any) -> None:
    tell(till, [each for each in told(till) if chance.random() < 0.5])
    handle_all()


def remove_card(till: Till, paid: Payment) -> None:
    if not fresh(paid).card_gone_at and till.client.payment_methods.retrieve(paid.payment_method).customer:
        till.client.payment_methods.detach(paid.payment_method)


HAPPENINGS: dict[str, Callable[..., Any]] = {
    "dispute": lambda till, paid, amount: till.account.dispute(paid.intent_id, amount=amount),
    "inquiry": lambda till, paid, amount: till.account.dispute(
        paid.intent_id, amount=amount, status="warning_needs_response"
    ),
    "move": move,
    "dashboard refund": refund_in_the_dashboard,
    "refund": lambda till, paid, amount: till.refund(fresh(paid), amount),
    "refund ends": refund_ends,
    "next refund waits": lambda till, paid: till.account.next_refund("pending"),
    "warning": lambda till, paid: till.account.warn_of_fraud(paid.intent_id),
    "card removed": remove_card,
    "some are told": some_are_told,
}
