"""The ledger: what Stripe moved, once each, never changed."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from phonepay.events.append_only import NeverChanged
from phonepay.payments import ledger
from phonepay.payments.models import LedgerEntry, Payment
from tests.shop import Till, consent

pytestmark = pytest.mark.database


def test_each_movement_is_one_entry_of_its_sign(till: Till) -> None:
    order = till.order()
    payment = till.pay(order, consent=consent())
    extra = till.overage(order, 1000)
    [refund] = till.refund(payment, 500)
    entries = LedgerEntry.objects.order_by("pk").values_list("kind", "amount", "currency", "stripe_object")
    assert list(entries) == [
        ("sale", 4250, "usd", payment.charge_id),
        ("overage", 1000, "usd", extra.charge_id),
        ("refund", -500, "usd", refund.stripe_id),
    ]
    assert ledger.balance(order, livemode=False) == 4750


def test_every_entry_carries_the_mode_and_the_account(till: Till) -> None:
    order = till.order()
    till.pay(order)
    till.refund(order)
    assert set(LedgerEntry.objects.values_list("livemode", "stripe_account")) == {(False, till.account.id)}


def test_the_same_movement_cannot_be_booked_twice(till: Till) -> None:
    payment = till.pay(till.order())
    with pytest.raises(IntegrityError), transaction.atomic():
        ledger.post("sale", payment=payment, stripe_object=payment.charge_id, amount=4250, now=timezone.now())
    assert till.in_ledger == 4250


def test_objects_of_stripe_differ_by_the_case_of_their_letters(till: Till) -> None:
    payment = till.pay(till.order())
    for name in ("re_a", "re_A"):
        ledger.post("refund", payment=payment, stripe_object=name, amount=1, now=timezone.now())
    assert till.in_ledger == 4248


def test_an_entry_is_never_changed(till: Till) -> None:
    till.pay(till.order())
    entry = LedgerEntry.objects.get()
    entry.amount = 1
    with pytest.raises(NeverChanged):
        entry.save()
    with pytest.raises(NeverChanged):
        entry.delete()
    with pytest.raises(NeverChanged):
        LedgerEntry.objects.update(amount=1)
    with pytest.raises(NeverChanged):
        LedgerEntry.objects.all().delete()
    assert till.in_ledger == 4250


@pytest.mark.parametrize(("kind", "amount"), [("sale", -1), ("overage", 0), ("refund", 1), ("refund_failed", -1)])
def test_an_entry_has_the_sign_of_its_kind(kind: str, amount: int, till: Till) -> None:
    sale = till.pay(till.order())
    entry = LedgerEntry(
        merchant=till.shop, order=sale.order, payment=sale, kind=kind, stripe_object="x", amount=amount,
        currency="usd", livemode=False, at=timezone.now(),
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save()


def test_a_payment_that_has_entries_cannot_be_deleted(till: Till) -> None:
    till.pay(till.order())
    with pytest.raises(ProtectedError):
        Payment.objects.all().delete()
