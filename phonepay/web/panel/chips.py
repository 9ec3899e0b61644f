"""Filters that live in the address alone, and are always in view: as chips with a ×, and as menus that add one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phonepay.web.panel import formats

PERIODS: dict[str, str | Promise] = {
    "today": gettext_lazy("Today"),
    "yesterday": gettext_lazy("Yesterday"),
    "7": gettext_lazy("7 days"),
    "30": gettext_lazy("30 days"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on. `without` is the address that takes it off."""

    word: str
    without: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter that could be on."""

    word: str | Promise
    url: str
    on: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """Choices under a word."""

    word: str | Promise
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the shop, both included; None is open. `word` is how the chip says it."""

    start: date | None
    end: date | None
    word: str

    def moments(self, zone: str) -> tuple[datetime | None, datetime | None]:
        """From the first midnight on, and before the midnight after the last day, on the shop's clock."""
        clock = ZoneInfo(zone)
        start = datetime.combine(self.start, time(), clock) if self.start else None
        end = datetime.combine(self.end + timedelta(days=1), time(), clock) if self.end else None
        return start, end


def read_period(query: QueryDict, now: datetime, zone: str) -> Period | None:
    """`?period=7`, or `?from=2026-11-03&to=2026-11-05`; None where neither can be read."""
    today = now.astimezone(ZoneInfo(zone)).date()
    name = query.get("period", "")
    if name == "today":
        return Period(today, today, str(PERIODS[name]))
    if name == "yesterday":
        day = today - timedelta(days=1)
        return Period(day, day, str(PERIODS[name]))
    if name in PERIODS:
        return Period(today - timedelta(days=int(name) - 1), today, str(PERIODS[name]))
    start, end = _date(query.get("from", "")), _date(query.get("to", ""))
    if start is None and end is None:
        return None
    return Period(start, end, _words(start, end))


def _words(start: date | None, end: date | None) -> str:
    if start == end and start is not None:
        return formats.day(start)
    if start is None and end is not None:
        return _("Up to %(day)s") % {"day": formats.day_within(end)}
    if end is None and start is not None:
        return _("From %(day)s") % {"day": formats.day_within(start)}
    assert start is not None and end is not None  # noqa: S101, PT018 - both None is no period
    return f"{formats.day(start)} – {formats.day(end)}"


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def changed(query: QueryDict, **changes: str | None) -> str:
    """The address with some filters changed, from the first page on."""
    copy = query.copy()
    for name, value in {**changes, "after": None}.items():
        if value is None:
            copy.pop(name, None)
        else:
            copy[name] = value
    encoded = copy.urlencode()
    return f"?{encoded}" if encoded else "?"


def menu(query: QueryDict, name: str, word: str | Promise, values: Mapping[str, str | Promise]) -> Menu:
    """The choices of one filter."""
    present = query.get(name, "")
    also = {"from": None, "to": None} if name == "period" else {}
    choices = [
        Choice(each, changed(query, **{name: None if value == present else value}, **also), value == present)
        for value, each in values.items()
    ]
    return Menu(word, tuple(choices))
