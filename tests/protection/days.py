"""A normal day of a shop, and the days of those who try out stolen cards, as calls with their times."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.protection.world import GOOD, Visit, World, stolen

Planned = tuple[datetime, Callable[[], Visit]]
DECLINES, NO_FUNDS = "4000000000000002", "4000000000009995"
OPENS = timedelta(hours=1)  # after the world's first moment
HOURS_OPEN = 9
CALL_AGAIN = 0.75  # of those who are asked to
BUSY = (3, 4)  # the hours in which most people call
KNOWN_ORDER = "7777"  # what whoever tries out cards has found out: an order that is payable


@dataclass
class Caller:
    phone: str
    cards: list[str]
    wrong_first: str = ""
    again: list[str] | None = None  # calls once more, twenty minutes later
    patience: timedelta | None = None  # calls again after so long, where asked to


def callers_of_a_day(chance: random.Random, count: int, day: int) -> Iterator[Caller]:
    """Who calls: of a hundred, ninety-two pay with their first card, five with their second, three have more declined;
    four hide their number, three mistype their order, some share a telephone. A fourth never calls again, though asked
    to."""
    family = [f"+1303555{day:02d}{number:02d}" for number in range(8)]
    for number in range(count):
        phone = f"+1415{day:02d}5{number:04d}"
        if chance.random() < 0.06:
            phone = chance.choice(family)
        elif chance.random() < 0.04:
            phone = ""
        # Everybody has a card of their own.
        bad, bad_too = stolen(5_000_000 + day * 10_000 + number * 2), stolen(5_000_001 + day * 10_000 + number * 2)
        luck = chance.random()
        wrong = str(chance.randrange(90_000, 99_999)) if chance.random() < 0.03 else ""
        if luck < 0.92:
            yield Caller(phone, [GOOD], wrong)
        elif luck < 0.97:
            yield Caller(phone, [bad, GOOD], wrong)
        elif luck < 0.99:
            yield Caller(phone, [bad, bad_too])
        else:
            yield Caller(phone, [bad, bad, bad_too], again=[bad_too, GOOD])


def normal_day(world: World, *, count: int, day: int = 0, known: float = 0.6, seed: int = 1) -> list[Planned]:
    """`count` people, most of them in the busy hours; of so many the shop has the telephone number on their order."""
    chance = random.Random(f"{seed} {day}")
    patience = random.Random(f"patience {seed} {day}")
    begin = world.now + OPENS + timedelta(days=day)
    planned: list[Planned] = []
    for number, caller in enumerate(callers_of_a_day(chance, count, day)):
        if patience.random() < CALL_AGAIN:
            caller.patience = timedelta(minutes=patience.uniform(5, 30))
        order = f"{day + 1}{number:04d}"
        world.order(order, phone=caller.phone if chance.random() < known else "")
        hour = chance.choice(BUSY) if chance.random() < 0.5 else chance.randrange(HOURS_OPEN)
        at = begin + timedelta(hours=hour, seconds=chance.randrange(3600))
        planned.append((at, _visit(caller, caller.cards, order)))
        if caller.again is not None:
            planned.append((at + timedelta(minutes=20), _visit(caller, caller.again, order)))
    return planned


def _visit(caller: Caller, cards: list[str], order: str) -> Callable[[], Visit]:
    return lambda: Visit(caller.phone, cards, order=order, wrong_first=caller.wrong_first, calls_again=caller.patience)


def attack(
    world: World,
    *,
    cards: int,
    phone: Callable[[int], str],
    every: timedelta,
    a_call: int = 3,
    calls_again: timedelta | None = None,
) -> list[Planned]:
    """So many stolen cards, `a_call` in each call; `phone` of a call's number. Who calls knows a payable order."""
    begin = world.now + OPENS
    calls = range((cards + a_call - 1) // a_call)
    return [(begin + every * number, _trying(phone(number), number * a_call, a_call, calls_again)) for number in calls]


def _trying(phone: str, first: int, count: int, calls_again: timedelta | None) -> Callable[[], Visit]:
    cards = [stolen(first + each) for each in range(count)]
    return lambda: Visit(phone, cards, order=KNOWN_ORDER, calls_again=calls_again)


@dataclass(frozen=True)
class Report:
    """What a replay came to. `let_through` are cards that a bank was asked about, `captures` those that were asked for;
    of the normal callers, how many were turned away, how many paid in a second call, having been asked to call again,
    and how many got a person instead of the card."""

    attempts: int
    captures: int
    let_through: int
    normal: int
    turned_away: int
    in_a_second_call: int
    to_a_person: int

    def __str__(self) -> str:
        return (
            f"{self.attempts} cards tried: {self.captures} were asked for, {self.let_through} reached a bank; "
            f"{self.normal} normal callers: {self.turned_away} turned away, "
            f"{self.in_a_second_call} let in when they called again, {self.to_a_person} put through to a person"
        )


def replay(world: World, day: list[Planned], attacked: list[Planned]) -> Report:
    """Both at once, in the order of their times."""
    bad: list[Visit] = []
    good: list[Visit] = []

    def noted(make: Callable[[], Visit], into: list[Visit]) -> Callable[[], Visit]:
        def visit() -> Visit:
            into.append(make())
            return into[-1]

        return visit

    mixed = [(at, noted(make, good)) for at, make in day] + [(at, noted(make, bad)) for at, make in attacked]
    world.play(mixed)
    return Report(
        attempts=sum(len(each.cards) for each in bad),
        captures=sum(call.asked for each in bad for call in each.calls),
        let_through=sum(call.sent for each in bad for call in each.calls),
        normal=len(good),
        turned_away=sum(each.calls[-1].refused for each in good),
        in_a_second_call=sum(len(each.calls) > 1 and not each.calls[-1].refused for each in good),
        to_a_person=sum(each.calls[-1].to_a_person for each in good),
    )
