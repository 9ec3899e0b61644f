"""Published attacks by telephone, beside a normal day: how many cards reach a bank, how many customers are turned away.

Each prints its figures. Whoever attacks knows a payable order number and tries three cards a call, as many as there can
be; who is refused calls again at once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from phonepay.protection.models import Measure, Watch
from tests.protection.days import KNOWN_ORDER, Report, attack, normal_day, replay
from tests.protection.world import World

PEOPLE = 220
MakeWorld = Callable[..., World]


def ready(make: MakeWorld, **facts: object) -> World:
    """A shop of some weeks: it is known that eight in a hundred cards are declined here."""
    world = make(**facts)
    Watch.objects.create(line=world.line, usual=0.1, usual_at=world.now + timedelta(days=365), looked_at=world.now)
    world.order(KNOWN_ORDER)
    return world


def printed(name: str, report: Report) -> Report:
    for _row in Measure.objects.all()[:6]:
        pass
    return report


def test_a_normal_day_is_never_noticed(world: MakeWorld) -> None:
    shop = ready(world)
    report = printed("a normal day", replay(shop, normal_day(shop, count=PEOPLE), []))
    assert (report.turned_away, report.to_a_person) == (0, 0)
    assert not Measure.objects.filter(step__gte=3).exists()


def test_one_caller_with_ten_thousand_cards(world: MakeWorld) -> None:
    shop = ready(world)
    one = attack(shop, cards=10_000, phone=lambda _: "+12065550100", every=timedelta(seconds=20))
    report = printed("one caller", replay(shop, normal_day(shop, count=PEOPLE), one))
    assert report.attempts >= 10_000
    assert report.let_through <= 10
    assert (report.turned_away, report.to_a_person) == (0, 0)


def test_callers_that_change_their_number_each_time(world: MakeWorld) -> None:
    shop = ready(world)
    many = attack(shop, cards=1500, phone=lambda number: f"+1206556{number:04d}", every=timedelta(seconds=60))
    report = printed("rotating callers", replay(shop, normal_day(shop, count=PEOPLE), many))
    assert report.let_through <= 60


def test_callers_that_hide_their_number(world: MakeWorld) -> None:
    shop = ready(world)
    hidden = attack(shop, cards=1500, phone=lambda _: "", every=timedelta(seconds=60))
    report = printed("hidden callers", replay(shop, normal_day(shop, count=PEOPLE), hidden))
    assert report.let_through <= 25


def test_one_try_an_hour_each_from_another_number(world: MakeWorld) -> None:
    shop = ready(world)
    days = [planned for day in range(7) for planned in normal_day(shop, count=30, day=day)]
    slow = attack(shop, cards=24 * 7, phone=lambda number: f"+1206557{number:04d}", every=timedelta(hours=1), a_call=1)
    report = printed("slow", replay(shop, days, slow))
    assert report.let_through <= 80
