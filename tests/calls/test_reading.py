"""The one SELECT of a turn reads what Django reads, on each database."""

from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from phonepay.calls import reading
from phonepay.calls.models import Call
from tests.journeys.phone import Phone
from tests.journeys.shop import VISA, Shop

pytestmark = pytest.mark.database


def values(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def assert_same(call: Call) -> None:
    found = reading.find(call.sid)
    assert found is not None
    for mine, djangos in (
        (found, call),
        (found.line, call.line),
        (found.merchant, call.merchant),
        (found.payment, call.payment),
    ):
        assert (mine is None) == (djangos is None)
        if mine is not None and djangos is not None:
            assert values(mine) == values(djangos)


def test_a_call_with_its_payment(phone: Phone, shop: Shop) -> None:
    shop.line(overage="ask", overage_cap=5000, voices={"en-US": "Polly.Joanna"})
    shop.order()
    phone.tell("1042#", "1", "1", VISA)
    call = Call.objects.get()
    assert call.payment is not None
    assert call.payment.status == "succeeded"
    assert_same(call)


def test_a_call_without_a_payment(phone: Phone, shop: Shop) -> None:
    shop.line()
    phone.dial()
    assert_same(Call.objects.get())


def test_a_call_that_never_came_in(phone: Phone, shop: Shop) -> None:
    assert reading.find("CA0") is None


def test_a_turn_asks_for_its_call_once(phone: Phone, shop: Shop) -> None:
    shop.line()
    phone.dial()
    with CaptureQueriesContext(connection) as asked:
        found = reading.find(Call.objects.get().sid)
        assert found is not None
        assert found.line.merchant.time_zone == "UTC" or found.payment is None
    assert len(asked) == 2  # and the one of this test
