"""A measure in one English line, for the terminal; the panel has its own words, in the reader's language."""

from __future__ import annotations

from phonepay.protection.callers import HIDDEN
from phonepay.protection.models import Measure
from phonepay.protection.steps import Step

_LINE = {
    Step.GENERIC: "declines are told without their reason",
    Step.ORDER: "callers whom the shop does not know need an order of its list, and have one card a call",
    Step.REFUSED: "whoever had a card declined today is turned away",
    Step.PERSON: "callers whom the shop does not know get a person, or are turned away",
    Step.PAUSED: "no cards are taken",
}


def told(row: Measure) -> str:
    """Whom it is held against, and what they meet."""
    if row.kind == Measure.Kind.LINE:
        return f"line {row.line.phone_number or 'of any number'}: {_LINE[Step(row.step)]}"
    if row.kind == Measure.Kind.CARD:
        return "one card: its bank is not asked"
    who = "callers who hide their number" if row.key == HIDDEN else "one caller"
    if row.step >= Step.REFUSED:
        return f"{who}: turned away"
    return f"{who}: {_LINE[Step(row.step)]}"
