"""Published attacks by telephone, beside a normal day: how many cards reach a bank, how many customers are turned away.

Each prints its figures at the end of the run, and docs/security.md quotes them. Whoever attacks knows an order that is
payable, keys three cards a call or one, and calls again at once when refused. Six of ten customers have an order with
their telephone number, and nobody of the shop takes calls. Who is asked to call again does so, three of four.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from phonepay.protection.models import Measure, Watch
from phonepay.protection.steps import Step
from tests.figures import quoted
from tests.protection.days import KNOWN_ORDER, Report, attack, normal_day, replay
from tests.protection.world import World

pytestmark = pytest.mark.long

PEOPLE = 220
Replay = Callable[[str, World, list[Any], list[Any]], Report]


@pytest.fixture
def shop(world: Callable[..., World]) -> Callable[..., World]:
    """A shop of some weeks: it is known that ten of a hundred cards are declined here."""

    def make(**facts: Any) -> World:
        made = world(**facts)
        Watch.objects.create(line=made.line, usual=0.1, usual_at=made.now + timedelta(days=365), looked_at=made.now)
        made.order(KNOWN_ORDER)
        return made

    return make


@pytest.fixture
def told(record_property: Callable[[str, object], None]) -> Replay:
    """Replay it, and print at the end of the run what it came to."""

    def tell(name: str, world: World, day: list[Any], attacked: list[Any]) -> Report:
        report = replay(world, day, attacked)
        record_property("told", f"{name}: {report}")
        return report

    return tell


def test_one_caller_with_ten_thousand_cards(shop: Callable[..., World], told: Replay) -> None:
    world = shop()
    one = attack(world, cards=10_000, phone=lambda _: "+12065550100", every=timedelta(seconds=20))
    report = told("one caller", world, normal_day(world, count=PEOPLE), one)
    quoted("one-caller-attempts", report.attempts)
    quoted("one-caller-let-through", report.let_through)
    quoted("one-caller-customers", report.normal)
    quoted("one-caller-turned-away", report.turned_away)
    quoted("one-caller-called-twice", report.in_a_second_call)
    assert report.attempts >= 10_000
    assert report.let_through <= 10
    assert (report.turned_away, report.to_a_person) == (0, 0)
    assert not Measure.objects.filter(kind="line", step__gte=Step.ORDER).exists()


def test_callers_that_change_their_number_each_time(shop: Callable[..., World], told: Replay) -> None:
    world = shop()
    many = attack(world, cards=1500, phone=lambda number: f"+1206556{number:04d}", every=timedelta(seconds=60))
    report = told("rotating callers", world, normal_day(world, count=PEOPLE), many)
    quoted("rotating-callers-attempts", report.attempts)
    quoted("rotating-callers-let-through", report.let_through)
    quoted("rotating-callers-customers", report.normal)
    quoted("rotating-callers-turned-away", report.turned_away)
    quoted("rotating-callers-called-twice", report.in_a_second_call)
    assert report.let_through <= 60
    assert report.turned_away <= 10


def test_callers_that_change_their_number_where_no_order_is_asked_for(shop: Callable[..., World], told: Replay) -> None:
    world = shop(behavior="caller")
    many = attack(world, cards=1500, phone=lambda number: f"+1206556{number:04d}", every=timedelta(seconds=60))
    report = told("rotating without orders", world, normal_day(world, count=PEOPLE), many)
    quoted("rotating-without-orders-attempts", report.attempts)
    quoted("rotating-without-orders-let-through", report.let_through)
    quoted("rotating-without-orders-customers", report.normal)
    quoted("rotating-without-orders-turned-away", report.turned_away)
    quoted("rotating-without-orders-called-twice", report.in_a_second_call)
    assert report.let_through <= 30
    assert report.turned_away <= PEOPLE * 0.1


def test_callers_that_call_twice_from_each_number_where_no_order_is_asked_for(
    shop: Callable[..., World], told: Replay
) -> None:
    world = shop(behavior="caller")
    many = attack(
        world,
        cards=1500,
        phone=lambda number: f"+1206556{number:04d}",
        every=timedelta(seconds=60),
        calls_again=timedelta(minutes=6),
    )
    report = told("rotating without orders, calling twice", world, normal_day(world, count=PEOPLE), many)
    quoted("calling-twice-attempts", report.attempts)
    quoted("calling-twice-let-through", report.let_through)
    quoted("calling-twice-customers", report.normal)
    quoted("calling-twice-turned-away", report.turned_away)
    quoted("calling-twice-called-twice", report.in_a_second_call)
    assert report.let_through <= 60
    assert report.turned_away <= PEOPLE * 0.4  # whom the shop does not know


def test_callers_that_hide_their_number(shop: Callable[..., World], told: Replay) -> None:
    world = shop()
    hidden = attack(world, cards=1500, phone=lambda _: "", every=timedelta(seconds=60))
    report = told("hidden callers", world, normal_day(world, count=PEOPLE), hidden)
    quoted("hidden-callers-attempts", report.attempts)
    quoted("hidden-callers-let-through", report.let_through)
    quoted("hidden-callers-customers", report.normal)
    quoted("hidden-callers-turned-away", report.turned_away)
    quoted("hidden-callers-called-twice", report.in_a_second_call)
    assert report.let_through <= 25
    assert report.turned_away <= PEOPLE * 0.06  # those who hide theirs too


def test_one_try_an_hour_each_from_another_number(shop: Callable[..., World], told: Replay) -> None:
    world = shop()
    days = [planned for day in range(7) for planned in normal_day(world, count=30, day=day)]
    slow = attack(world, cards=24 * 7, phone=lambda number: f"+1206557{number:04d}", every=timedelta(hours=1), a_call=1)
    report = told("slow callers", world, days, slow)
    quoted("slow-callers-attempts", report.attempts)
    quoted("slow-callers-let-through", report.let_through)
    quoted("slow-callers-customers", report.normal)
    quoted("slow-callers-turned-away", report.turned_away)
    quoted("slow-callers-called-twice", report.in_a_second_call)
    assert report.let_through <= 60
    assert report.turned_away <= 5
