"""The search: whatever people have in hand is found by an index, and the only hit opens."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from phonepay.calls.models import Call
from phonepay.orders.models import Order
from phonepay.payments.models import Payment
from phonepay.web.panel.search import find
from tests.shop import LUIS, Till, fresh, make_shop
from tests.web.cast import Day, a_day, call_of

pytestmark = pytest.mark.database


@pytest.fixture
def day(till: Till) -> Day:
    return a_day(till)


def numbers(till: Till, words: str) -> set[str]:
    """The orders that are found, themselves or by their payments."""
    found = find(till.shop, words)
    return {each.order.number for each in found.orders} | {each.number for each in found.payments}


@pytest.mark.parametrize("words", ["Ana", "ana r", "ANA RUIZ", "1042"])
def test_a_name_or_a_number_is_found_by_how_it_begins_in_any_case(till: Till, day: Day, words: str) -> None:
    assert numbers(till, words) == {"1042"}


@pytest.mark.parametrize("words", ["inv-0042", "INV 0042", "4680042", "INV0042"])
def test_an_order_is_found_by_what_callers_press_for_it(till: Till, words: str) -> None:
    till.order("INV-0042")
    till.order("7001")
    assert numbers(till, words) == {"INV-0042"}


@pytest.mark.parametrize("words", ["álvaro", "Álvaro", "ÁLVARO N"])
def test_letters_with_accents_are_found_in_any_case(till: Till, words: str) -> None:
    Order.objects.filter(pk=till.order("7").pk).update(customer_name="Álvaro Núñez")
    assert numbers(till, words) == {"7"}


def test_a_number_that_is_there_comes_before_those_that_begin_so(till: Till) -> None:
    for number in ("12", "123", "124"):
        till.order(number)
    assert numbers(till, "12") == {"12"}
    assert numbers(till, "1") == {"12", "123", "124"}


@pytest.mark.parametrize("words", [LUIS, "+34 600 000 102", "+34 600-000-102"])
def test_a_phone_number_is_found_in_any_spelling(till: Till, day: Day, words: str) -> None:
    assert {each.payment.phone for each in find(till.shop, words).payments} == {LUIS}
    assert len(find(till.shop, words).calls) == 2


@pytest.mark.parametrize("words", ["42.50", "$42.50", "42,50", "42.50 usd"])
def test_an_amount_is_found_as_people_write_it(till: Till, day: Day, words: str) -> None:
    assert "1042" in numbers(till, words)


def test_a_day_finds_its_payments_and_calls_and_says_where_all_are(till: Till, day: Day) -> None:
    today = timezone.localtime(timezone=ZoneInfo(till.shop.time_zone)).date()
    found = find(till.shop, str(today))
    assert len(found.payments) == 7 and len(found.calls) == 7 and found.lists == f"from={today}&to={today}"
    assert not find(till.shop, str(today - timedelta(days=3))).count


@pytest.mark.parametrize("fact", ["intent_id", "charge_id", "payment_method", "call_sid", "pk", "confirmation"])
def test_ids_and_confirmation_numbers_are_found_whole(till: Till, day: Day, fact: str) -> None:
    paid = fresh(day.paid)
    assert [each.payment.pk for each in find(till.shop, str(getattr(paid, fact))).payments] == [paid.pk]


def test_a_refunds_id_finds_its_payment(till: Till, day: Day) -> None:
    refund = day.refunded.refunds.get()
    assert [each.payment.pk for each in find(till.shop, str(refund.stripe_id)).payments] == [day.refunded.pk]


@pytest.mark.parametrize(
    "words", ["%", "_", "'", '"', "\\", "0" * 99, "\U0010ffff", "$", "1e9", "-", "(", "30.2.2026", "acct_1"]
)
def test_odd_words_are_no_error(till: Till, day: Day, words: str) -> None:
    assert find(till.shop, words).count == 0


WORDS = [
    "Ana Ruiz",
    "1042",
    "4242",
    "123456",
    LUIS,
    "42.50",
    "2026-11-03",
    "pi_1",
    "ch_1",
    "cus_1",
    "pm_1",
    "re_1",
    "CA" + "0" * 32,
]


@pytest.mark.parametrize("words", WORDS)
def test_the_queries_do_not_grow_with_the_rows(till: Till, day: Day, words: str) -> None:
    counted = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as made:
            find(till.shop, words)
        counted.append(len(made))
        for _ in range(25):
            call_of(till, till.agree(day.order, phone=LUIS))
    assert counted[0] <= counted[1] <= 10


def plan_of(sql: str, params: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        return "\n".join(str(row[3]) for row in cursor.fetchall())


@pytest.mark.skipif("connection.vendor != 'sqlite'")
@pytest.mark.parametrize("words", WORDS)
def test_every_term_goes_by_an_index(till: Till, day: Day, words: str) -> None:
    """On SQLite, which says it plainest: no table is gone through from end to end."""
    plans: list[str] = []

    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            plans.append(plan_of(sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain_once(explain)):
        find(till.shop, words)
    assert plans
    for plan in plans:
        scanned = re.findall(r"SCAN (payments_payment|orders_order|calls_call|payments_refund)\b(?! USING)", plan)
        assert not scanned, plan


def explain_once(explain: Any) -> Any:
    """EXPLAIN is a statement too: it is not explained again."""
    busy = [False]

    def wrap(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if busy[0]:
            return execute(sql, params, many, context)
        busy[0] = True
        try:
            return explain(execute, sql, params, many, context)
        finally:
            busy[0] = False

    return wrap


def test_nothing_of_another_shop_is_found(till: Till, day: Day) -> None:
    another = make_shop(name="Another")
    assert all(find(another, words).count == 0 for words in WORDS)
    assert Payment.objects.exists() and Call.objects.exists()
