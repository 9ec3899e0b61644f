"""A measure in one English line, for the terminal; the panel has its own words, in the reader's language."""

from __future__ import annotations

from phonepay.protection.callers import HIDDEN
from phonepay.protection.models import Measure
from phonepay.protection.steps import Step, Why

_LINE = {
    Step.GENERIC: "declines are told without their reason",
    Step.ORDER: "callers whom the shop does not know need an order of its list, and have one card a call",
    Step.REFUSED: "whoever had a card declined today is turned away",
    Step.PERSON: "callers whom the shop does not know get a person, or are turned away",
    Step.PAUSED: "no cards are taken",
}
_CALL_AGAIN = "callers whom the shop does not know are asked to call again in five minutes, and have one card a call"

_WHY = {
    Why.DECLINES: "{} cards declined",
    Why.CARDS: "{} different cards declined in a day",
    Why.CAPTURES: "{} times a card was asked for in an hour, and none paid",
    Why.NUMBERS: "{} order numbers keyed, and none paid",
    Why.SMALL_SUMS: "{} different cards for small sums in an hour",
    Why.CARD_DECLINES: "declined {} times in a day",
    Why.CARD_CALLERS: "{} callers tried it in a day",
    Why.LINE_DECLINES: "{} cards declined of late, far more than is usual here",
    Why.STILL: "it went on: {} more cards declined",
    Why.EASED: "the step before has ended, and this one looks whether it is over",
}


def told(row: Measure) -> str:
    """Whom it is held against, and what they meet."""
    if row.kind == Measure.Kind.LINE:
        met = _CALL_AGAIN if row.step == Step.ORDER and not row.line.asks_order_number else _LINE[Step(row.step)]
        return f"line {row.line.phone_number or 'of any number'}: {met}"
    if row.kind == Measure.Kind.CARD:
        return "one card: its bank is not asked"
    who = "callers who hide their number" if row.key == HIDDEN else "one caller"
    if row.step >= Step.REFUSED:
        return f"{who}: turned away"
    return f"{who}: {_LINE[Step(row.step)]}"


def why(row: Measure) -> str:
    """The limit that was reached."""
    return _WHY.get(row.why, row.why).format(row.count)


def lifted(row: Measure) -> str:
    """What it means that it was lifted."""
    if row.kind == Measure.Kind.LINE:
        return "the line takes cards as usual, and what happened before counts no more"
    if row.key == HIDDEN:
        return "callers who hide their number can pay again, and what happened before counts no more"
    who = "the bank is asked about this card again" if row.kind == Measure.Kind.CARD else "this caller can pay again"
    return f"{who}, and for 90 days nothing is held against it"
