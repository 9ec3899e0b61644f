"""Whatever was lost, dropped or done elsewhere: once the books were checked, they are Stripe's, order by order."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phonepay.payments import stripe_side
from phonepay.payments.models import LedgerEntry, Payment
from tests.payments.books import check_books, differing, erase, lose, lose_refunds
from tests.payments.conftest import stripe_standin, till
from tests.shop import Till, fresh

__all__ = ["stripe_standin", "till"]

EXAMPLES = 12


def _nothing(till: Till, payment: Payment) -> None:
    pass


def _lose(till: Till, payment: Payment) -> None:
    """A restored backup is older than the payment, and than its order."""
    lose(payment, orders=True)


def _lose_payment(till: Till, payment: Payment) -> None:
    lose(payment)


def _refund(till: Till, payment: Payment) -> None:
    if Payment.objects.filter(pk=payment.pk).exists() and fresh(payment).refundable >= 700:
        till.refund(fresh(payment), 700)


def _refund_and_lose_it(till: Till, payment: Payment) -> None:
    _refund(till, payment)
    if Payment.objects.filter(pk=payment.pk).exists():
        lose_refunds(payment)


def _dashboard(till: Till, payment: Payment) -> None:
    till.account.refund_by_hand(payment.intent_id, 300)


def _lose_entries(till: Till, payment: Payment) -> None:
    erase(LedgerEntry, payment_id=payment.pk, kind="sale")


def _charged_twice(till: Till, payment: Payment) -> None:
    till.account.pay_elsewhere(4250, metadata=till.intent(payment)["metadata"])


def _unheard(till: Till, payment: Payment) -> None:
    """Another charge whose end nobody heard of."""
    other = till.agree(till.order(f"{payment.confirmation}9"))
    till.claim(other)
    till.faults.drop("POST", "/v1/payment_intents/*/confirm", when="after")
    stripe_side.send_charge(other)
    till.faults.clear()


def _foreign(till: Till, payment: Payment) -> None:
    till.account.pay_elsewhere(999)


HAPPENINGS: dict[str, Callable[[Till, Payment], None]] = {
    "nothing": _nothing,
    "lost": _lose,
    "payment lost": _lose_payment,
    "refunded": _refund,
    "refund lost": _refund_and_lose_it,
    "refunded in the dashboard": _dashboard,
    "entry lost": _lose_entries,
    "charged twice": _charged_twice,
    "unheard": _unheard,
    "foreign": _foreign,
}
Histories = st.lists(st.lists(st.sampled_from(sorted(HAPPENINGS)), max_size=3), min_size=1, max_size=3)


def at_stripe(till: Till) -> dict[str, int]:
    """What the shop has of each charge of ours, as Stripe has it."""
    ours = {each["id"]: each for each in till.account.charges if each["metadata"].get("payment")}
    sums = {charge["id"]: charge["amount_captured"] for charge in ours.values() if charge["status"] == "succeeded"}
    for refund in till.account.refunds:
        if refund["charge"] in sums and refund["status"] == "succeeded":
            sums[refund["charge"]] -= refund["amount"]
    return sums


def in_ledger(till: Till) -> dict[str, int]:
    sums: dict[str, int] = {}
    for entry in LedgerEntry.objects.filter(merchant=till.shop).exclude(kind="fee").select_related("payment"):
        charge = entry.payment.charge_id or ""
        sums[charge] = sums.get(charge, 0) + entry.amount
    return sums


@pytest.mark.database
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(histories=Histories)
def test_the_books_are_stripes_whatever_was_lost(till: Till, histories: list[list[str]]) -> None:
    number = Payment.objects.count() * 1000
    for happenings in histories:
        number += 1
        payment = till.pay(till.order(f"{number + 10_000}"))
        for name in happenings:
            HAPPENINGS[name](till, payment)
    check_books(till)
    run = check_books(till)
    assert in_ledger(till) == at_stripe(till)
    assert (run.healed, differing(till)) == (0, [])
