"""The first call is watched: each thing that happens is seen, what went wrong is said, and one click gives it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from phonepay.calls.models import Call
from phonepay.payments.models import Payment
from phonepay.setup import first_call
from phonepay.setup.first_call import DONE, NOW, TEST, TO_COME, Watched
from tests.payments.conftest import stripe_standin, till
from tests.setup.conftest import OLIVIA
from tests.shop import DECLINED, Till, fresh
from tests.web.cast import call_of

__all__ = ["stripe_standin", "till"]

SINCE = timezone.now() - timedelta(hours=1)


@pytest.fixture(autouse=True)
def nothing_set(db: None) -> None:
    """Here the till's own keys count."""


def seen(live: bool = False) -> Watched:
    return first_call.watch(since=SINCE, live=live)


def states(watched: Watched) -> list[str]:
    return [stage.state for stage in watched.stages]


def test_before_the_call_it_is_waited_for() -> None:
    assert states(seen()) == [NOW, *[TO_COME] * 5] and not seen().over


def test_a_call_that_comes_in_proves_the_address(till: Till) -> None:
    call = call_of(till, None)
    Call.objects.filter(pk=call.pk).update(ended_at=None)
    assert states(seen())[:2] == [DONE, NOW] and "proven" in seen().stages[0].told and not seen().trouble


def test_a_paid_call_is_done_but_for_the_refund(till: Till) -> None:
    payment = till.pay(till.order(), phone="+12025550101")
    Call.objects.filter(pk=call_of(till, payment).pk).update(told="paid")
    assert states(seen()) == [*[DONE] * 5, NOW]
    assert seen().paid and not seen().refunded and seen().over


def test_one_click_gives_it_back_and_a_second_nothing_more(till: Till) -> None:
    payment = till.pay(till.order())
    Call.objects.filter(pk=call_of(till, payment).pk).update(told="paid")
    for _ in range(2):
        first_call.refund_first(payment=fresh(payment), by=OLIVIA, now=timezone.now())
    assert states(seen()) == [DONE] * 6 and seen().over
    assert len(till.account.refunds) == 1


def test_a_declined_card_is_said_with_what_to_do(till: Till) -> None:
    payment = till.pay(till.order(), number=DECLINED)
    call_of(till, payment)
    assert "4242" in seen().trouble


def test_a_failed_charge_says_what_stripe_said(till: Till) -> None:
    payment = till.pay(till.order())
    call_of(till, payment)
    Payment.objects.filter(pk=payment.pk).update(status="failed", failure="No such PaymentMethod.", claim=None)
    assert "No such PaymentMethod." in seen().trouble and "connector" in seen().trouble


def test_a_card_that_twilio_could_not_take_says_why_by_name(till: Till) -> None:
    call = call_of(till, None)
    Call.objects.filter(pk=call.pk).update(turns=[{"asked": {"to": "pay", "PayErrorCode": "64004"}}])
    assert "no pay connector of that name (error 64004)" in seen().trouble


def test_who_hung_up_may_call_again(till: Till) -> None:
    call_of(till, None)
    assert "Call again" in seen().trouble and not seen().over


def test_the_newest_call_is_the_one_that_is_watched(till: Till) -> None:
    old = call_of(till, None)
    Call.objects.filter(pk=old.pk).update(started_at=timezone.now() - timedelta(minutes=5))
    new = call_of(till, None)
    watched = seen()
    assert watched.call is not None and watched.call.pk == new.pk


@pytest.mark.parametrize(("livemode", "live"), [(True, False), (False, True)])
def test_calls_of_the_other_mode_do_not_count(till: Till, livemode: bool, live: bool) -> None:
    call = call_of(till, None)
    Call.objects.filter(pk=call.pk).update(livemode=livemode)
    assert seen(live).call is None


def test_calls_from_before_the_watch_do_not_count(till: Till) -> None:
    Call.objects.filter(pk=call_of(till, None).pk).update(started_at=SINCE - timedelta(seconds=1))
    assert seen().call is None


def test_a_watch_goes_on_until_it_is_begun_anew(db: None) -> None:
    first = timezone.now()
    later: Any = first + timedelta(minutes=3)
    assert first_call.begin_watch(TEST, now=first) == first
    assert first_call.begin_watch(TEST, now=later) == first
    assert first_call.begin_watch(TEST, now=later, anew=True) == later
