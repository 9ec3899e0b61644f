"""How much is too much: the limits of one caller, of callers who hide their number, of one card, and of a line.

A limit is the number at which the step is taken. They are set so that a shop meets them only when something is wrong:
a caller whose card is refused three times, and who calls again and keys it twice more before another pays, is served.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta
from math import ceil

TEN_MINUTES, HOUR, DAY, WEEK = timedelta(minutes=10), timedelta(hours=1), timedelta(days=1), timedelta(days=7)

STRICT, STANDARD, RELAXED = "strict", "standard", "relaxed"
LEVELS = (STRICT, STANDARD, RELAXED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Of one caller, on all lines of a shop. Cards are different ones; a card that paid is not among the declined."""

    generic_hour: int = 3  # declines, until their reasons are told no more
    order_hour: int = 4  # declines, until an order is required
    declines_hour: int = 6
    declines_day: int = 8
    declines_week: int = 10
    cards_day: int = 5  # declined ones
    captures_hour: int = 15  # cards asked for, none of which paid: each costs the shop
    numbers_hour: int = 10  # order numbers keyed in calls that paid nothing
    numbers_day: int = 20
    small_cards_hour: int = 6  # cards, paid or declined, for small sums that the caller chose
    at_once: int = 6  # calls on the line at the same moment


# All callers who hide their number are one: no one of them may lock the others out.
HIDDEN = Limits(
    generic_hour=4,
    order_hour=6,
    declines_hour=10,
    declines_day=20,
    declines_week=60,
    cards_day=16,
    captures_hour=40,
    numbers_hour=40,
    numbers_day=100,
    small_cards_hour=16,
    at_once=20,
)

# So many different cards of a caller that paid within a window allow one more of what is limited there.
PAID_FOR_ONE_MORE = 4

# Of one card, by Stripe's fingerprint: from how many declines on, or from how many callers, the bank is asked no more.
CARD_DECLINES_DAY, CARD_CALLERS_DAY = 6, 4

# A step of a line, in declines beyond those that are usual: `spread` times their chance variation, and some.
LINE_SPREAD, LINE_BEYOND = 4.0, 4.0
LINE_SPREAD_AGAIN, LINE_BEYOND_AGAIN = 2.0, 1.0  # while a step is on already
USUAL = 0.15  # the share of declines on a line that nothing is known of yet: statistics, and no money
LEAST_USUAL, MOST_USUAL = 0.05, 0.4  # declines of all cards tried: what a line's usual share is held between
ORDER_DECLINES_DAY = 3  # of one order by anybody, while a line protects itself: then it is paid with a person
A_CALLERS_SHARE = 3  # declines of one caller that count for the line in one window: it is not one caller's doing
SMALL_SUM_UNITS = 5  # whole units of the currency: a small sum, where the caller chooses it

_SCALE = {STRICT: 0.6, STANDARD: 1.0, RELAXED: 2.0}


def limits_of(level: str, *, hidden: bool) -> Limits:
    """The limits of a line's level; a level that this version does not know is the standard one."""
    return scaled(HIDDEN if hidden else Limits(), _SCALE.get(level, 1.0))


def line_scale(level: str) -> float:
    """What the line's own thresholds are multiplied with."""
    return _SCALE.get(level, 1.0)


def scaled(limits: Limits, by: float) -> Limits:
    """Every limit multiplied and rounded up; never below 2, so that nothing is refused for a single slip."""
    return Limits(**{each.name: max(2, ceil(getattr(limits, each.name) * by)) for each in fields(Limits)})
