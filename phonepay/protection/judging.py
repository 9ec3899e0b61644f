"""What a history comes to: plain functions of what happened and the time. Windows slide: nothing starts anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

from phonepay.protection.limits import (
    CARD_CALLERS_DAY,
    CARD_DECLINES_DAY,
    DAY,
    HOUR,
    LINE_BEYOND,
    LINE_BEYOND_AGAIN,
    LINE_SPREAD,
    LINE_SPREAD_AGAIN,
    PAID_FOR_ONE_MORE,
    TEN_MINUTES,
    WEEK,
    Limits,
)
from phonepay.protection.steps import NOTHING, Step, Verdict, Why

SHORTEST = timedelta(hours=1)  # a refusal that ends in a minute would only be felt by whoever is honest
WINDOWS = (TEN_MINUTES, HOUR, DAY)


@dataclass(frozen=True, slots=True)
class Tried:
    """A card that came to an end. `card` is Stripe's fingerprint, else what is known of it; `caller` a keyed hash."""

    at: datetime
    card: str
    paid: bool
    small: bool = False  # a small sum that the caller chose
    caller: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """Of one caller in the last week. `captures` are cards asked for in the last hour, `numbers` when each order number
    was keyed in a call that paid nothing, `at_once` the calls on the line now, this one counted."""

    tried: Sequence[Tried] = ()
    captures: Sequence[datetime] = ()
    numbers: Sequence[datetime] = ()
    at_once: int = 1


def judge_caller(history: History, limits: Limits, now: datetime) -> Verdict:
    """The furthest step that any limit asks for; of several, the one that lasts longest.

    Who pays with many cards has more of them declined: a desk that takes customers' cards, an office behind one number.
    """
    declined = [each for each in history.tried if not each.paid and each.at <= now]
    paid = [each for each in history.tried if each.paid and each.at <= now]
    times = [each.at for each in declined]
    hour, day, week = (len(last_seen(paid, window, now)) // PAID_FOR_ONE_MORE for window in (HOUR, DAY, WEEK))
    found = [
        _refused(Why.DECLINES, times, limits.declines_hour + hour, HOUR, now),
        _refused(Why.DECLINES, times, limits.declines_day + day, DAY, now),
        _refused(Why.DECLINES, times, limits.declines_week + week, WEEK, now),
        _refused(Why.CARDS, last_seen(declined, DAY, now), limits.cards_day + day, DAY, now),
        _refused(Why.NUMBERS, history.numbers, limits.numbers_hour + hour, HOUR, now),
        _refused(Why.NUMBERS, history.numbers, limits.numbers_day + day, DAY, now),
        _refused(
            Why.SMALL_SUMS,
            last_seen([each for each in history.tried if each.small], HOUR, now),
            limits.small_cards_hour,
            HOUR,
            now,
        ),
        _step(Step.ORDER, Why.DECLINES, times, limits.order_hour + hour, HOUR, now),
        _step(Step.GENERIC, Why.DECLINES, times, limits.generic_hour + hour, HOUR, now),
    ]
    if not any(each.at > now - HOUR for each in paid):
        found.append(_refused(Why.CAPTURES, history.captures, limits.captures_hour, HOUR, now))
    if history.at_once > limits.at_once:
        # The calls end by themselves: only this one is not let in.
        found.append(Verdict(Step.REFUSED, Why.AT_ONCE, history.at_once, now))
    return max(found, key=lambda each: (each.step, each.until or now))


def judge_card(tried: Iterable[Tried], now: datetime) -> Verdict:
    """Whether the bank is still asked about one card. Its declines by any caller in the last day; one that paid counts
    for nothing, for a family shares a card, and declines before it were slips."""
    of_today = sorted((each for each in tried if now - DAY < each.at <= now), key=lambda each: each.at)
    last_paid = max((place for place, each in enumerate(of_today) if each.paid), default=-1)
    declined = of_today[last_paid + 1 :]
    callers = {each.caller: each.at for each in reversed(declined)}
    return max(
        _refused(Why.CARD_DECLINES, [each.at for each in declined], CARD_DECLINES_DAY, DAY, now),
        _refused(Why.CARD_CALLERS, list(callers.values()), CARD_CALLERS_DAY, DAY, now),
        key=lambda each: (each.step, each.until or now),
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """Cards tried on a line within one window."""

    declined: int
    paid: int


def expected_at_most(counted: Counted, usual: float, *, again: bool = False, scale: float = 1.0) -> float:
    """How many declines may be chance, where `usual` is the line's share of declines among all cards tried.

    `again`: while a step is on, less is needed for the next.
    """
    spread, beyond = (LINE_SPREAD_AGAIN, LINE_BEYOND_AGAIN) if again else (LINE_SPREAD, LINE_BEYOND)
    mean = usual * (counted.declined + counted.paid)
    return mean + scale * (spread * sqrt(mean + 1) + beyond)


def judge_line(windows: Mapping[timedelta, Counted], usual: float, *, again: bool = False, scale: float = 1.0) -> int:
    """How many declines were too many in one of the windows, the shortest such first; 0 where none were."""
    for window in WINDOWS:
        counted = windows.get(window, Counted(0, 0))
        if counted.declined > expected_at_most(counted, usual, again=again, scale=scale):
            return counted.declined
    return 0


def goes_on(since: Counted, usual: float, *, again: bool = True, scale: float = 1.0) -> int:
    """The same for what came since the line took its step."""
    return since.declined if since.declined > expected_at_most(since, usual, again=again, scale=scale) else 0


def last_seen(tried: Iterable[Tried], window: timedelta, now: datetime) -> list[datetime]:
    """When each different card was last tried within the window: so many are different cards."""
    last: dict[str, datetime] = {}
    for each in tried:
        if now - window < each.at <= now:
            last[each.card] = max(each.at, last.get(each.card, each.at))
    return list(last.values())


def _refused(why: str, times: Iterable[datetime], limit: int, window: timedelta, now: datetime) -> Verdict:
    return _step(Step.REFUSED, why, times, limit, window, now)


def _step(step: Step, why: str, times: Iterable[datetime], limit: int, window: timedelta, now: datetime) -> Verdict:
    """Taken where `limit` of these lie within the window; until so many of them have left it that one more may come."""
    within = sorted(at for at in times if now - window < at <= now)
    if len(within) < limit:
        return NOTHING
    lets_go = within[len(within) - limit] + window
    return Verdict(step, why, len(within), max(lets_go, now + SHORTEST))
