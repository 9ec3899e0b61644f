import pytest
from tests.shop import Till
def test_smoke(till):
    order = till.order()
    p = till.pay(order)
    assert p.status == "succeeded"
    assert till.at_stripe == till.in_ledger == 4250
