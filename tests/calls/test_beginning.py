"""The one SELECT with which a call begins: which line it is for, and what is known of the caller."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from phonepay.calls.beginning import Beginning, begin
from phonepay.calls.models import Call
from phonepay.merchant.models import Line
from phonepay.orders.operations import add_order
from phonepay.protection.callers import key_of
from phonepay.protection.judging import Verdict
from phonepay.protection.measures import take
from phonepay.protection.steps import Step, Why
from tests.shop import MARY, OLIVIA, Till, make_line, make_shop

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def line() -> Line:
    return make_line(make_shop(), phone_number="+14155550142", words={"en-US": {"welcome": "Hello."}})


def began(called: str = "+14155550142", phone: str = MARY) -> Beginning:
    found = begin(called, phone, timezone.now())
    assert found is not None
    return found


def test_a_call_reaches_the_line_of_its_number_before_the_one_for_any(line: Line) -> None:
    any_number = make_line(line.merchant, phone_number="")
    assert began().line == line
    assert began("+14155550199").line == any_number


def test_a_number_that_no_line_has_reaches_nobody(line: Line) -> None:
    assert begin("+14155550199", MARY, timezone.now()) is None


def test_the_line_comes_whole_with_its_shop_in_one_statement(
    line: Line, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        found = began()
        assert found.line.words == {"en-US": {"welcome": "Hello."}}
        assert found.line.merchant.name == line.merchant.name
    assert (found.has_letters, found.held, found.callers_guard, found.its_guard) == (False, False, None, None)


def test_letters_are_known_where_an_order_to_be_paid_has_some(line: Line) -> None:
    add_order(merchant=line.merchant, number="A-1", amount=100, currency="usd", by=OLIVIA, now=timezone.now())
    assert began().has_letters


def test_what_is_held_against_the_caller_comes_with_it_and_of_nobody_else(line: Line) -> None:
    now = timezone.now()
    verdict = Verdict(Step.REFUSED, Why.CARDS, 5, now + timedelta(days=1))
    take(line=line, kind="caller", key=key_of(MARY), verdict=verdict, call_sid="", now=now)
    held = began().callers_guard
    assert held is not None and (held.step, held.count) == (Step.REFUSED, 5)
    assert began(phone="+12025550102").callers_guard is None


def test_calls_that_are_on_the_line_are_counted_by_their_caller(line: Line) -> None:
    now = timezone.now()
    facts = {"merchant": line.merchant, "line": line, "script": {}, "state": {}, "started_at": now, "last_at": now}
    Call.objects.create(sid="CA1", phone=MARY, numbers=3, **facts)
    Call.objects.create(sid="CA2", phone=MARY, numbers=2, ended_at=now, **facts)
    Call.objects.create(sid="CA3", phone="", numbers=9, **facts)
    assert (began().on_the_line, began().numbers_today) == (1, 5)
    assert (began(phone="").on_the_line, began(phone="").numbers_today) == (1, 9)


def test_cards_that_were_asked_for_are_counted_by_their_caller(till: Till) -> None:
    till.agree(phone=MARY)
    till.agree(phone="+12025550102")
    assert began(till.line.phone_number).asked_lately == 1
