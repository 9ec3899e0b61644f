"""The hours in which a person answers, as a table of days: two times for each, and a second pair for a break."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import QueryDict
from django.utils.translation import gettext as _

from phonepay.merchant.hours import DAYS, MIDNIGHT, Hours
from phonepay.merchant.models import Line
from phonepay.merchant.refusals import FactRefused
from phonepay.web.panel.formats import weekday
from phonepay.web.panel.settings.fields import Field

PAIRS = 2
_A_MONDAY = date(2024, 1, 1)
_NOT_BOTH = "Each day needs two times, as in 09:00 and 17:00, or none."


@dataclass(frozen=True, kw_only=True)
class OpeningHours(Field):
    """Written as {"always": …, "days": for each weekday its pairs [opens, closes]}, on the shop's own clock."""

    kind = "hours"

    def written(self, line: Line) -> dict[str, object]:
        hours: Hours = line.person_hours
        days = []
        for day in range(len(DAYS)):
            spans = [[opens, _shown(closes)] for opens, closes in hours.get(str(day), ())]
            days.append(spans + [["", ""]] * (PAIRS - len(spans)))
        return {"always": not hours, "days": days}

    def posted(self, data: QueryDict) -> dict[str, object]:
        days = []
        for day in range(len(DAYS)):
            opens, closes = data.getlist(f"opens_{day}"), data.getlist(f"closes_{day}")
            days.append([list(pair) for pair in zip(opens, closes, strict=False)])
        return {"always": data.get("person_always") != "no", "days": days}

    def change(self, posted: Mapping[str, object], line: Line) -> str:
        """As people write hours: `mon 09:00-12:00, mon 13:00-17:00`."""
        if posted["always"]:
            return "always"
        parts = []
        for day, spans in zip(DAYS, _days(posted), strict=True):
            for opens, closes in spans:
                if bool(opens) != bool(closes):
                    raise FactRefused("hours", _NOT_BOTH, text=day)
                if opens:
                    parts.append(f"{day} {opens}-{MIDNIGHT if closes == '00:00' else closes}")
        if not parts:
            raise FactRefused("no_hours", _NOT_BOTH)
        return ", ".join(parts)

    def told(self, line: Line) -> str:
        return hours_told(line.person_hours)


def day_names() -> list[str]:
    """Monday first, in the reader's language."""
    return [weekday(_A_MONDAY + timedelta(days=day)) for day in range(len(DAYS))]


def hours_told(hours: Hours) -> str:
    """`Mon–Fri 09:00–17:00, Sat 10:00–13:00`: days in a row with the same hours stand together."""
    if not hours:
        return _("Always")
    names, parts, start = day_names(), [], 0
    while start < len(DAYS):
        spans = hours.get(str(start), ())
        end = start
        while end + 1 < len(DAYS) and hours.get(str(end + 1), ()) == spans:
            end += 1
        if spans:
            days = names[start] if start == end else f"{names[start]}–{names[end]}"
            times = " · ".join(f"{opens}–{closes}" for opens, closes in spans)
            parts.append(f"{days} {times}")
        start = end + 1
    return ", ".join(parts)


def _days(posted: Mapping[str, object]) -> Sequence[Sequence[Sequence[str]]]:
    days = posted["days"]
    return days if isinstance(days, list) else []


def _shown(closes: str) -> str:
    """A browser's clock has no 24:00."""
    return "00:00" if closes == MIDNIGHT else closes
