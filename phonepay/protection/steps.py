"""The steps of protection, the gentlest first. A later one holds all that the earlier ones hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Step(IntEnum):
    """What callers meet. For one caller it ends with REFUSED; a line goes on to PERSON and PAUSED."""

    NONE = 0
    GENERIC = 1  # a decline is told without its reason
    ORDER = 2  # an order that is on the list is required, or, on a line without orders, a second call; one card a call
    REFUSED = 3  # that caller; on a line: whoever had a card declined today and is not known
    PERSON = 4  # callers whom the shop does not know get a person, or are refused where there is none
    PAUSED = 5  # no card is asked for on the line


class Why:
    """The limit that was reached, as it is kept and as the panel words it."""

    DECLINES = "declines"
    CARDS = "cards"
    CAPTURES = "captures"
    NUMBERS = "numbers"
    SMALL_SUMS = "small_sums"
    AT_ONCE = "at_once"
    CARD_DECLINES = "card_declines"
    CARD_CALLERS = "card_callers"
    LINE_DECLINES = "line_declines"
    STILL = "still"  # a step was taken, and it goes on
    EASED = "eased"  # the step before ended; this one looks whether it is over


ALL_WHYS = tuple(value for name, value in vars(Why).items() if name.isupper())


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a history comes to. `count` is of what `why` names; the limit lets go at `until`, None without a step."""

    step: Step = Step.NONE
    why: str = ""
    count: int = 0
    until: datetime | None = None


NOTHING = Verdict()
