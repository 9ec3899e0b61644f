"""The four behaviors as cards: what callers hear first, what it costs them, which one is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phonepay.calls.hearing import GREETING, first_words
from phonepay.ivr.replies import Speech
from phonepay.lib.speech import seconds
from phonepay.merchant.models import Line
from phonepay.web.panel import formats

TITLES: dict[str, str | Promise] = {
    Line.Behavior.FIXED_WITH_ORDER: gettext_lazy("Fixed amount, with order number"),
    Line.Behavior.FIXED: gettext_lazy("Fixed amount"),
    Line.Behavior.CALLER_WITH_ORDER: gettext_lazy("Caller's amount, with order number"),
    Line.Behavior.CALLER: gettext_lazy("Caller's amount"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One behavior. `amount` is what a caller pays, for reading; `typed` stands in the field while the card is open."""

    behavior: str
    title: str | Promise
    about: str
    amount: str
    greeting: tuple[Speech, ...]
    question: tuple[Speech, ...]
    seconds: int
    chosen: bool
    fixed: bool
    open: bool = False
    typed: str = ""
    refusal: str = ""

    @property
    def locale(self) -> str:
        return (self.greeting + self.question)[0].locale


def cards(
    line: Line, *, now: datetime, opened: str = "", typed: str | None = None, refusal: str = ""
) -> Iterator[Card]:
    """The cards in the order of panel and command; `opened` is the one that is about to be switched to."""
    for behavior in Line.Behavior.values:
        heard = first_words(line, behavior=behavior, fixed_amount=line.fixed_amount, now=now)
        is_open = opened == behavior
        written = plain_amount(line.fixed_amount, line) if typed is None else typed
        yield Card(
            behavior=behavior,
            title=TITLES[behavior],
            about=_about(line, behavior),
            amount=_amount(line, behavior),
            greeting=tuple(each for each in heard if each.key in GREETING),
            question=tuple(each for each in heard if each.key not in GREETING),
            seconds=round(sum(seconds(each.text, each.locale) for each in heard)),
            chosen=line.behavior == behavior,
            fixed=behavior.startswith("fixed"),
            open=is_open,
            typed=written if is_open else "",
            refusal=refusal if is_open else "",
        )


def plain_amount(amount: int | None, line: Line) -> str:
    """Minor units as they are typed: digits and a point."""
    return formats.typed_amount(amount, line.currency) if amount is not None else ""


def _money(amount: int, line: Line) -> str:
    return formats.money(amount, line.currency, line.merchant.region)


def _amount(line: Line, behavior: str) -> str:
    if behavior.startswith("fixed"):
        return _money(line.fixed_amount, line) if line.fixed_amount else ""
    return _("%(floor)s to %(ceiling)s") % {
        "floor": _money(line.floor, line),
        "ceiling": _money(line.ceiling, line),
    }


def _about(line: Line, behavior: str) -> str:
    """What it means for who calls, in a sentence or two."""
    if behavior == Line.Behavior.FIXED:
        return _("Everybody pays the same. Nothing is asked for.")
    if behavior == Line.Behavior.CALLER:
        return _("The caller keys what they want to pay. No number is asked for.")
    if not line.accepts_unknown_orders:
        return _("Each order on your list has its own amount. Other numbers are refused.")
    if behavior == Line.Behavior.FIXED_WITH_ORDER:
        return _("Each order on your list has its own amount. Any other number costs the fixed amount.")
    return _("Each order on your list has its own amount. For any other number the caller keys one.")
