"""Home's figures per day: always the ledger's own sums, whoever books, whenever they are counted, on whatever clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from phonepay.merchant.models import Merchant
from phonepay.payments import days, ledger
from phonepay.payments.day_models import DaysKept, LedgerDay
from phonepay.payments.models import LedgerEntry, Payment
from tests.payments.days import shown, summed
from tests.shop import Till, make_shop, together

pytestmark = pytest.mark.database

NOON = datetime(2026, 11, 3, 17, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def sale(till: Till) -> Payment:
    return till.pay(till.order())


def book(sale: Payment, *, kind: str = "sale", amount: int = 100, at: datetime = NOON, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(sale, name, value)
    with transaction.atomic():
        ledger.post(kind, payment=sale, stripe_object=f"x_{uuid4().hex}", amount=amount, now=at)


def shop_of(sale: Payment, **facts: Any) -> Merchant:
    Merchant.objects.filter(pk=sale.merchant_id).update(**facts)
    sale.merchant.refresh_from_db()
    return sale.merchant


def count_all(now: datetime | None = None) -> None:
    while days.run_due(now or timezone.now()):
        pass


def test_a_day_is_the_shops_own(sale: Payment) -> None:
    shop = shop_of(sale, time_zone="Asia/Tokyo")
    book(sale, at=datetime(2026, 11, 3, 14, 59, tzinfo=UTC))
    book(sale, at=datetime(2026, 11, 3, 15, 0, tzinfo=UTC))
    assert {day for day, *_ in shown(shop)} >= {date(2026, 11, 3), date(2026, 11, 4)}


def test_modes_and_currencies_are_never_mixed(sale: Payment) -> None:
    for facts in ({}, {"currency": "eur"}, {"livemode": True}, {"stripe_account": "acct_2"}):
        book(sale, **facts)
    count_all()
    assert LedgerDay.objects.filter(day=NOON.date()).count() == 4
    for livemode in (True, False):
        assert shown(sale.merchant, livemode=livemode) == summed(sale.merchant, livemode=livemode)


def test_the_day_that_goes_on_is_not_counted_yet(sale: Payment) -> None:
    count_all()
    assert not LedgerDay.objects.exists() and shown(sale.merchant) == summed(sale.merchant)


def test_a_day_is_counted_when_it_is_over_for_everybody(sale: Payment) -> None:
    midnight = days.moments(date(2026, 11, 3), date(2026, 11, 3), sale.merchant.time_zone)[1]
    LedgerEntry.objects.all()._raw_delete("default")
    book(sale)
    count_all(midnight + timedelta(minutes=14))
    assert not LedgerDay.objects.exists()
    count_all(midnight + timedelta(minutes=15))
    assert LedgerDay.objects.get().day == date(2026, 11, 3)


def test_what_is_booked_into_a_day_that_was_counted_is_counted_too(sale: Payment) -> None:
    book(sale)
    count_all()
    book(sale, kind="refund", at=NOON - DAY)
    assert shown(sale.merchant) == summed(sale.merchant)
    count_all()
    assert shown(sale.merchant) == summed(sale.merchant)
    assert LedgerDay.objects.filter(kind="refund").count() == 1


def test_a_charge_pays_no_statement_for_it(sale: Payment, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with transaction.atomic(), django_assert_num_queries(1):
        ledger.post("fee", payment=sale, stripe_object="txn_1", amount=30, now=timezone.now())


def test_workers_who_count_at_the_same_moment_while_others_book_count_each_once(sale: Payment) -> None:
    book(sale)
    count_all()
    bookings = [partial(book, sale, kind=kind) for kind in ("sale", "overage", "refund", "fee")]
    workers = [partial(days.run_due, timezone.now()) for _ in range(2)]
    results = together(*bookings, *workers)
    assert [result for result in results if isinstance(result, Exception)] == []
    count_all()
    assert shown(sale.merchant) == summed(sale.merchant)


KINDS = ["sale", "overage", "refund", "refund_failed", "dispute_withdrawn", "dispute_reinstated", "fee", "adjustment"]
hours = st.integers(0, 1500)
stories = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(KINDS), st.integers(1, 9_999), hours, st.sampled_from(["usd", "eur"]), st.booleans()),
        st.just("count"),
        st.sampled_from(["Asia/Kolkata", "UTC", "America/Los_Angeles"]),
    ),
    max_size=12,
)


@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(story=stories)
def test_what_is_read_is_always_the_ledgers_sums(story: list[Any], sale: Payment) -> None:
    now = timezone.now()
    for deed in story:
        if deed == "count":
            days.run_due(now)
        elif isinstance(deed, str):
            shop_of(sale, time_zone=deed)
        else:
            kind, amount, ago, currency, livemode = deed
            book(sale, kind=kind, amount=amount, at=now - timedelta(hours=ago), currency=currency, livemode=livemode)
        for livemode in (True, False):
            assert shown(sale.merchant, livemode=livemode) == summed(sale.merchant, livemode=livemode)


def test_they_can_be_counted_anew(sale: Payment) -> None:
    book(sale)
    count_all()
    LedgerDay.objects.update(count=7, sum=7)
    assert days.recount(sale.merchant, timezone.now()) > 0
    assert shown(sale.merchant) == summed(sale.merchant)


def test_another_time_zone_has_days_of_its_own(sale: Payment) -> None:
    book(sale, at=datetime(2026, 11, 3, 1, tzinfo=UTC))
    count_all()
    shop = shop_of(sale, time_zone="Asia/Tokyo")
    assert shown(shop) == summed(shop)  # from the ledger, until the worker has counted
    count_all()
    assert shown(shop) == summed(shop)
    assert DaysKept.objects.get().zone == "Asia/Tokyo" and LedgerDay.objects.get(kind="sale", count=1).day == date(
        2026, 11, 3
    )


def test_a_shop_without_entries_is_not_looked_at_again(till: Till) -> None:
    now = timezone.now()
    assert (days.run_due(now), days.run_due(now)) == (0, 0)
    assert DaysKept.objects.get().until is not None


def test_reading_a_year_that_is_counted_costs_two_queries_and_one_for_today(
    sale: Payment, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    book(sale)
    count_all()
    today = days.day_of(timezone.now(), sale.merchant.time_zone)
    with django_assert_num_queries(3):
        days.read(sale.merchant, today - 365 * DAY, today, livemode=False)
    with django_assert_num_queries(2):
        days.read(sale.merchant, today - 365 * DAY, today - DAY, livemode=False)


def test_days_of_another_shop_are_not_among_them(sale: Payment) -> None:
    assert shown(make_shop(name="Another")) == {}
