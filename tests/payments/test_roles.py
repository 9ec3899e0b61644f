"""Whose role does not hold a verb of money moves none, whatever door it came through."""

import pytest
from django.utils import timezone

from phonepay.payments.overage import charge_overage
from phonepay.payments.refunds import refund
from phonepay.people.permissions import NotAllowed
from tests.shop import AISHA, Till, consent

pytestmark = pytest.mark.database


def test_who_may_only_look_refunds_nothing(till: Till) -> None:
    paid = till.pay(till.order())
    with pytest.raises(NotAllowed):
        refund(of=paid, amount=None, reason="duplicate", key="k", by=AISHA, now=timezone.now())
    assert till.at_stripe == till.in_ledger == 4250


def test_who_may_only_look_charges_nothing(till: Till) -> None:
    order = till.order()
    till.pay(order, consent=consent())
    with pytest.raises(NotAllowed):
        charge_overage(order=order, amount=1000, what_for="Cup", key="k", by=AISHA, now=timezone.now())
    assert till.at_stripe == till.in_ledger == 4250
