"""Below Stripe's rate limit: a quiet pace for bulk reading, and patience with a full house."""

from datetime import timedelta

import pytest

from phonepay.payments.gateway import Refused, Unanswered, get_gateway
from phonepay.payments.pacing import LONGEST_WAIT, Pace, pause_after
from tests.shop import Till

FULL = Refused("too many", status=429, code="rate_limit", retry_after=7)


class Clock:
    """Time that passes by waiting alone."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


def pace(clock: Clock) -> Pace:
    return Pace(10.0, 5, clock=clock, wait=clock.wait)


def test_the_first_few_need_not_wait() -> None:
    clock = Clock()
    bulk = pace(clock)
    for _ in range(5):
        bulk.take()
    assert clock.now == 100.0


def test_no_more_get_through_than_the_pace_allows() -> None:
    clock = Clock()
    bulk = pace(clock)
    for _ in range(105):
        bulk.take()
    assert round(clock.now - 100.0, 6) == 10.0


def test_after_a_quiet_time_a_few_go_at_once_and_not_all_that_were_saved_up() -> None:
    clock = Clock()
    bulk = pace(clock)
    clock.now += 3600
    for _ in range(15):
        bulk.take()
    assert round(clock.now - 3700.0, 6) == 1.0


def test_stripe_is_left_alone_for_as_long_as_it_asks() -> None:
    assert pause_after(FULL, tries=1) == timedelta(seconds=7)


def test_without_a_word_the_pauses_grow_to_ten_minutes() -> None:
    pauses = [pause_after(Unanswered("time-out"), tries).total_seconds() for tries in (1, 2, 3, 20)]
    assert pauses == [2, 4, 8, LONGEST_WAIT.total_seconds()]


def test_what_a_full_house_asks_for_is_read_from_its_answer(till: Till) -> None:
    till.faults.rate_limit("GET", "/v1/refunds", times=3, retry_after=9)
    with pytest.raises(Refused) as refused:
        get_gateway().refunds_of(charge_id="ch_1")
    assert (refused.value.status, refused.value.retry_after) == (429, 9)
