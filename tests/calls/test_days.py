"""How the calls of each day ended: always the calls' own count, whenever it is made."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from phonepay.calls import days
from phonepay.calls.models import Call, CallDay
from phonepay.merchant.models import Merchant
from tests.shop import Till, fresh
from tests.web.cast import call_of

pytestmark = pytest.mark.database

EVER = date(2020, 1, 1)


def shown(shop: Merchant, *, livemode: bool = False) -> Counter[str]:
    return days.read(shop, EVER, timezone.now().date() + timedelta(days=1), livemode=livemode)


def stop(till: Till, at: str, *, ago: timedelta = timedelta(0), livemode: bool = False) -> Call:
    """A call that ended unpaid."""
    call = call_of(till, None, step=at)
    Call.objects.filter(pk=call.pk).update(
        stopped=at, started_at=timezone.now() - ago, livemode=livemode, sid=f"CA{uuid4().hex}"
    )
    return call


def count_all(now: datetime | None = None) -> None:
    while days.run_due(now or timezone.now()):
        pass


def test_what_was_paid_is_paid_whatever_the_caller_heard(till: Till) -> None:
    call_of(till, till.pay(till.order()), ended="hung_up")
    stop(till, "card")
    stop(till, "card")
    assert shown(till.shop) == {"paid": 1, "card": 2}


def test_calls_of_test_mode_are_apart(till: Till) -> None:
    stop(till, "card", livemode=True)
    assert (shown(till.shop), shown(till.shop, livemode=True)) == ({}, {"card": 1})


def test_days_that_are_over_are_kept_and_read_in_two_queries(
    till: Till, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for days_ago in range(3, 40):
        stop(till, "amount", ago=timedelta(days=days_ago))
    count_all()
    assert CallDay.objects.count() == 37
    today = timezone.now().date()
    with django_assert_num_queries(2):
        read = days.read(till.shop, today - timedelta(days=60), today - timedelta(days=2), livemode=False)
    assert read == {"amount": 37}


def test_a_result_that_comes_to_be_known_later_is_counted_within_the_hour(till: Till) -> None:
    payment = till.agree(till.order(), now=timezone.now() - timedelta(days=2))
    call = call_of(till, payment)
    Call.objects.filter(pk=call.pk).update(stopped="waiting")
    count_all()
    assert shown(till.shop) == {"waiting": 1}
    type(payment).objects.filter(pk=payment.pk).update(status="succeeded", charge_id="ch_1", order=till.order("9"))
    assert fresh(payment).status == "succeeded"
    count_all(timezone.now() + days.AGAIN_EVERY)
    assert shown(till.shop) == {"paid": 1}


def test_another_time_zone_has_days_of_its_own(till: Till) -> None:
    call = stop(till, "card")
    late = datetime(2026, 11, 3, 23, 30, tzinfo=ZoneInfo("America/New_York"))
    Call.objects.filter(pk=call.pk).update(started_at=late)
    count_all()
    assert CallDay.objects.get().day == date(2026, 11, 3)
    Merchant.objects.update(time_zone="Europe/Madrid")
    till.shop.refresh_from_db()
    read = days.read(till.shop, date(2026, 11, 4), date(2026, 11, 4), livemode=False)
    assert read == {"card": 1}
    count_all()
    assert CallDay.objects.get().day == date(2026, 11, 4)


stories = st.lists(
    st.one_of(st.tuples(st.sampled_from(["card", "amount", ""]), st.integers(0, 1500), st.booleans()), st.none()),
    max_size=10,
)


@hypothesis_settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(story=stories)
def test_what_is_read_is_what_the_calls_are(story: list[tuple[str, int, bool] | None], till: Till) -> None:
    CallDay.objects.all().delete()
    Call.objects.all().delete()
    days.CallDaysKept.objects.all().delete()
    told: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for call in sorted((each for each in story if each), key=lambda each: -each[1]):
        at, hours, livemode = call
        stop(till, at, ago=timedelta(hours=hours), livemode=livemode)
        told[livemode][at] += 1
    for _ in story:
        days.run_due(timezone.now())
        assert {mode: shown(till.shop, livemode=mode) for mode in told} == told
