"""The limits: when each is met, when it lets go, and what never happens whatever the history."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.protection.judging import (
    SHORTEST,
    WINDOWS,
    Counted,
    History,
    Tried,
    goes_on,
    judge_caller,
    judge_card,
    judge_line,
)
from phonepay.protection.limits import CARD_CALLERS_DAY, CARD_DECLINES_DAY, DAY, HIDDEN, HOUR, LEVELS, Limits, limits_of
from phonepay.protection.steps import Step, Why

NOW = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
LIMITS = Limits()


def ago(**parts: float) -> datetime:
    return NOW - timedelta(**parts)


def declined(*minutes: float, card: str = "") -> list[Tried]:
    """Declines so many minutes ago, each of another card unless one is named."""
    return [Tried(ago(minutes=each), card or f"card {place}", paid=False) for place, each in enumerate(minutes)]


tries = st.lists(
    st.builds(
        Tried,
        at=st.integers(0, 8 * 24 * 60).map(lambda minutes: ago(minutes=minutes)),
        card=st.sampled_from("abcdefgh"),
        paid=st.booleans(),
        small=st.booleans(),
        caller=st.sampled_from("uvwxyz"),
    ),
    max_size=40,
)
times = st.lists(st.integers(0, 2 * 24 * 60).map(lambda minutes: ago(minutes=minutes)), max_size=60)
histories = st.builds(History, tried=tries, captures=times, numbers=times, at_once=st.integers(1, 8))


def test_three_declines_in_an_hour_are_told_without_their_reasons() -> None:
    assert judge_caller(History(declined(1, 2, 3)), LIMITS, NOW).step == Step.GENERIC


def test_two_declines_are_nothing() -> None:
    assert judge_caller(History(declined(1, 2)), LIMITS, NOW).step == Step.NONE


def test_five_different_declined_cards_in_a_day_refuse_the_caller() -> None:
    verdict = judge_caller(History(declined(1, 2, 3, 300, 600)), LIMITS, NOW)
    assert (verdict.step, verdict.why, verdict.count) == (Step.REFUSED, Why.CARDS, 5)


def test_one_card_that_is_declined_five_times_does_not() -> None:
    assert judge_caller(History(declined(1, 2, 3, 4, 5, card="the same")), LIMITS, NOW).step == Step.ORDER


def test_a_card_that_paid_is_not_among_the_declined() -> None:
    assert judge_caller(History(paid(10, every=1)), LIMITS, NOW).step == Step.NONE


def test_an_office_that_pays_with_many_cards_is_let_be() -> None:
    history = History(
        tried=paid(25, every=3),
        captures=[ago(minutes=3 * each) for each in range(25)],
    )
    assert judge_caller(history, LIMITS, NOW).step == Step.NONE


def paid(count: int, *, every: float, card: str = "") -> list[Tried]:
    """So many payments, the last one now, each with another card unless one is named."""
    return [Tried(ago(minutes=every * each), card or f"good {each}", paid=True) for each in range(count)]


def test_a_desk_that_takes_the_cards_of_many_customers_is_let_be() -> None:
    a_day = [Tried(ago(minutes=60 * each), f"bad {each}", paid=False) for each in range(7)]
    assert judge_caller(History(a_day + paid(40, every=10)), LIMITS, NOW).step < Step.REFUSED
    a_week = [Tried(ago(hours=8 * each), f"bad {each}", paid=False) for each in range(20)]
    assert judge_caller(History(a_week + paid(160, every=60)), LIMITS, NOW).step < Step.REFUSED


def test_an_hour_of_many_payments_tells_its_declines_with_their_reasons() -> None:
    assert judge_caller(History(declined(5, 15, 25) + paid(12, every=4)), LIMITS, NOW).step == Step.NONE


def test_one_card_that_pays_again_and_again_buys_no_tries_for_others() -> None:
    history = History(declined(1, 2, 3, 300, 600) + paid(40, every=10, card="own"))
    assert judge_caller(history, LIMITS, NOW).why == Why.CARDS


def test_whoever_has_a_list_of_which_half_live_is_still_refused() -> None:
    half = [Tried(ago(minutes=each), f"card {each}", paid=bool(each % 2)) for each in range(20)]
    assert judge_caller(History(half), LIMITS, NOW).step == Step.REFUSED


def test_cards_that_are_asked_for_and_never_paid_refuse_the_caller() -> None:
    asked = [ago(minutes=each) for each in range(15)]
    assert judge_caller(History(captures=asked), LIMITS, NOW).why == Why.CAPTURES
    assert judge_caller(History(paid(1, every=5), captures=asked), LIMITS, NOW).step == Step.NONE


def test_order_numbers_that_are_tried_refuse_the_caller() -> None:
    assert judge_caller(History(numbers=[ago(minutes=each) for each in range(10)]), LIMITS, NOW).why == Why.NUMBERS
    assert judge_caller(History(numbers=[ago(minutes=each) for each in range(9)]), LIMITS, NOW).step == Step.NONE


def test_many_cards_for_small_sums_refuse_the_caller_though_all_of_them_paid() -> None:
    small = [Tried(ago(minutes=each), f"card {each}", paid=True, small=True) for each in range(6)]
    assert judge_caller(History(small), LIMITS, NOW).why == Why.SMALL_SUMS
    assert judge_caller(History([replace(each, card="one") for each in small]), LIMITS, NOW).step == Step.NONE


def test_too_many_calls_at_once_are_not_let_in() -> None:
    assert judge_caller(History(at_once=7), LIMITS, NOW).why == Why.AT_ONCE
    assert judge_caller(History(at_once=6), LIMITS, NOW).step == Step.NONE


def test_a_refusal_ends_when_its_window_has_let_go() -> None:
    history = History(declined(0, 60, 120, 180, 240))
    until = judge_caller(history, LIMITS, NOW).until
    assert until == ago(minutes=240) + DAY
    assert until is not None
    assert judge_caller(history, LIMITS, until).step < Step.REFUSED


@given(histories)
def test_fewer_declines_than_the_smallest_limit_never_refuse(history: History) -> None:
    calm = History(
        tried=[each for each in history.tried if not each.paid and not each.small][: LIMITS.cards_day - 1],
        captures=history.captures[: LIMITS.captures_hour - 1],
        numbers=history.numbers[: LIMITS.numbers_hour - 1],
    )
    assert judge_caller(calm, LIMITS, NOW).step < Step.REFUSED


@given(histories, tries)
def test_more_declines_never_lead_to_less(history: History, more: list[Tried]) -> None:
    worse = replace(history, tried=[*history.tried, *(replace(each, paid=False) for each in more)])
    assert judge_caller(worse, LIMITS, NOW).step >= judge_caller(history, LIMITS, NOW).step


@given(histories)
def test_the_order_of_what_happened_does_not_matter(history: History) -> None:
    turned = History(history.tried[::-1], history.captures[::-1], history.numbers[::-1], history.at_once)
    assert judge_caller(turned, LIMITS, NOW) == judge_caller(history, LIMITS, NOW)


@given(histories)
def test_each_step_has_an_end_and_then_lets_go_if_nothing_more_happens(history: History) -> None:
    history = replace(history, at_once=1)
    verdict = judge_caller(history, LIMITS, NOW)
    if verdict.step:
        assert verdict.until is not None
        assert NOW + SHORTEST <= verdict.until <= NOW + timedelta(days=7)
        later = judge_caller(history, LIMITS, NOW + timedelta(days=8))
        assert later.step == Step.NONE


@given(histories)
def test_hidden_callers_are_never_refused_sooner_than_one_who_shows_a_number(history: History) -> None:
    assert judge_caller(history, HIDDEN, NOW).step <= judge_caller(history, LIMITS, NOW).step


@given(histories)
def test_a_relaxed_line_never_does_more_and_a_strict_one_never_less(history: History) -> None:
    strict, standard, relaxed = (judge_caller(history, limits_of(level, hidden=False), NOW).step for level in LEVELS)
    assert strict >= standard >= relaxed


def test_a_card_that_is_declined_again_and_again_is_turned_away() -> None:
    tried = [replace(each, caller="one") for each in declined(*range(CARD_DECLINES_DAY), card="the same")]
    assert judge_card(tried, NOW).why == Why.CARD_DECLINES
    assert judge_card(tried[1:], NOW).step == Step.NONE


def test_a_card_that_many_callers_try_is_turned_away() -> None:
    tried = [replace(each, caller=f"caller {place}") for place, each in enumerate(declined(*range(CARD_CALLERS_DAY)))]
    assert judge_card(tried, NOW).why == Why.CARD_CALLERS


def test_slips_before_a_card_paid_count_no_more() -> None:
    slips = [replace(each, caller="one") for each in declined(*range(10, 20), card="the same")]
    assert judge_card([*slips, Tried(ago(minutes=5), "the same", paid=True)], NOW).step == Step.NONE


def test_a_quiet_line_takes_a_dozen_declines_in_a_row_for_an_attack() -> None:
    assert not judge_line({HOUR: Counted(10, 0)}, 0.15)
    assert judge_line({HOUR: Counted(13, 0)}, 0.15)


@given(st.integers(0, 3000), st.floats(0.05, 0.4))
def test_what_is_usual_is_never_an_attack(cards: int, usual: float) -> None:
    counted = Counted(round(cards * usual), cards - round(cards * usual))
    assert not judge_line(dict.fromkeys(WINDOWS, counted), usual)


@given(st.integers(0, 500), st.integers(0, 500), st.floats(0.05, 0.4))
def test_more_declines_on_a_line_never_lead_to_less(declines: int, paid: int, usual: float) -> None:
    if judge_line({DAY: Counted(declines, paid)}, usual):
        assert judge_line({DAY: Counted(declines + 1, paid)}, usual)


@given(st.integers(0, 200), st.integers(0, 500), st.floats(0.05, 0.4))
def test_the_next_step_needs_less_than_the_first(declines: int, paid: int, usual: float) -> None:
    if judge_line({DAY: Counted(declines, paid)}, usual):
        assert goes_on(Counted(declines, paid), usual)


def test_to_turn_customers_away_whom_the_shop_knows_takes_as_much_as_the_first_step() -> None:
    busy = Counted(declined=6, paid=8)
    assert goes_on(busy, 0.1) == 6
    assert not goes_on(busy, 0.1, again=False)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("hidden", [True, False])
def test_no_level_refuses_anybody_for_a_single_slip(level: str, hidden: bool) -> None:
    limits = limits_of(level, hidden=hidden)
    assert judge_caller(History(declined(1), numbers=[ago(minutes=1)]), limits, NOW).step == Step.NONE
