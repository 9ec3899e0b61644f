"""Whatever is done in whatever order, our books are Stripe's, and nothing is given that is not there."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db.models import F
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from phonepay.lib.money import MAXIMUM, currency, stripe_minimum
from phonepay.orders.models import Order
from phonepay.orders.operations import OrderRefused, cancel_order, reopen_order
from phonepay.payments.agreement import next_card
from phonepay.payments.models import LedgerEntry, Payment, Refund
from phonepay.payments.operations import ChargeRefused
from phonepay.payments.overage import OverageRefused
from phonepay.payments.refunds import RefundRefused
from tests.payments.days import shown, summed
from tests.shop import CAP, DECLINED, GOOD, OLIVIA, Till, consent, fresh, make_line, sweep_until_done

CONFIRM, REFUNDS = "/v1/payment_intents/*/confirm", "/v1/refunds"
amounts = st.integers(50, 6000)
deeds = st.one_of(
    st.tuples(st.just("pay"), st.sampled_from([GOOD, DECLINED]), st.booleans()),
    st.tuples(st.just("next card"), st.sampled_from([GOOD, DECLINED])),
    st.tuples(st.just("refund"), st.one_of(st.none(), amounts)),
    st.tuples(st.just("dashboard refund"), amounts),
    st.tuples(st.just("refund fails"), st.integers(0, 9)),
    st.tuples(st.just("overage"), amounts),
    st.tuples(st.just("reopen")),
    st.tuples(st.just("cancel")),
    st.tuples(st.just("lose"), st.sampled_from([CONFIRM, REFUNDS]), st.sampled_from(["before", "after"])),
    st.tuples(st.just("sweep")),
)


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(story=st.lists(deeds, min_size=3, max_size=12))
def test_our_books_are_stripes(story: list[Any], till: Till, settings: Settings) -> None:
    till = Till(till.standin, f"sk_test_{uuid4().hex}")  # each story has a shop of its own
    settings.PHONEPAY_STRIPE_SECRET_KEY = till.key
    make_line(till.shop, phone_number=f"+1{till.shop.pk:010}")
    order = till.order()
    for name, *facts in story:
        do(till, order, name, *facts)
    till.faults.clear()
    sweep_until_done()

    assert till.in_ledger == till.at_stripe
    assert shown(till.shop) == summed(till.shop)
    for payment in Payment.objects.filter(order=order):
        assert 0 <= payment.refunded <= payment.amount and payment.overage_used <= CAP
        given_back = Refund.objects.filter(payment=payment).exclude(status="failed")
        assert payment.refunded == sum(given_back.values_list("amount", flat=True))
        extras = payment.overages.filter(status="succeeded").values_list("amount", flat=True)
        assert payment.overage_used == sum(extras)
        assert payment.status in ("succeeded", "declined", "abandoned", "failed")
    order.refresh_from_db()
    assert order.claimed_by is None
    for charge in till.account.charges:
        assert 0 <= charge["amount_refunded"] <= charge["amount"]
    booked = LedgerEntry.objects.filter(kind__in=["sale", "overage"])
    assert not booked.exclude(amount=F("payment__amount")).exists()


def do(till: Till, order: Order, name: str, *facts: Any) -> None:
    order.refresh_from_db()
    with contextlib.suppress(ChargeRefused, RefundRefused, OverageRefused, OrderRefused):  # said to whoever asked
        DEEDS[name](till, order, *facts)


def pay(till: Till, order: Order, number: str, asked: bool) -> None:
    till.pay(order, number=number, consent=consent() if asked else None)


def try_another_card(till: Till, order: Order, number: str) -> None:
    last = Payment.objects.filter(order=order, kind="initial").order_by("agreed_at").last()
    if last is not None and next_card(payment=last, now=timezone.now()):
        till.charge(fresh(last), number)


def refund_in_the_dashboard(till: Till, order: Order, amount: int) -> None:
    till.faults.clear()
    payment = Payment.objects.filter(order=order, status="succeeded").first()
    charge = next((each for each in till.account.charges if payment and each["id"] == payment.charge_id), None)
    if charge is None or charge["amount"] - charge["amount_refunded"] < amount:
        return
    made = till.client.refunds.create({"charge": charge["id"], "amount": amount})
    till.hear("refund.created", made.id, metadata={})


def a_refund_fails(till: Till, number: int) -> None:
    succeeded = [each for each in till.account.refunds if each["status"] == "succeeded"]
    if succeeded:
        refund = succeeded[number % len(succeeded)]
        till.account.settle_refund(refund["id"], "failed")
        till.hear("refund.failed", refund["id"])


@st.composite
def sums(draw: st.DrawFn) -> tuple[int, str]:
    """An amount that can be charged, and its currency: with no, two or three decimals, or whole ones only."""
    code = draw(st.sampled_from(["usd", "eur", "gbp", "jpy", "krw", "kwd", "isk", "huf", "mxn"]))
    step = currency(code).step
    return draw(st.integers(-(-stripe_minimum(code) // step), MAXIMUM // step)) * step, code


@hypothesis_settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(total=sums())
def test_what_was_agreed_is_what_stripe_charges_and_what_is_booked(total: tuple[int, str], till: Till) -> None:
    amount, code = total
    paid = till.pay(amount=amount, currency=code)
    charge = next(each for each in till.account.charges if each["id"] == paid.charge_id)
    assert (charge["amount_captured"], charge["currency"]) == (amount, code)
    entry = LedgerEntry.objects.get(payment=paid)
    assert (entry.amount, entry.currency, paid.order.amount, paid.order.currency) == (amount, code, amount, code)


DEEDS: dict[str, Callable[..., Any]] = {
    "pay": pay,
    "next card": try_another_card,
    "refund": lambda till, order, amount: till.refund(order, amount),
    "dashboard refund": refund_in_the_dashboard,
    "refund fails": lambda till, order, number: a_refund_fails(till, number),
    "overage": lambda till, order, amount: till.overage(order, amount),
    "reopen": lambda till, order: reopen_order(order=order, by=OLIVIA, now=timezone.now()),
    "cancel": lambda till, order: cancel_order(order=order, by=OLIVIA, now=timezone.now()),
    "lose": lambda till, order, path, when: till.faults.drop("POST", path, when=when),
    "sweep": lambda till, order: sweep_until_done(),
}
