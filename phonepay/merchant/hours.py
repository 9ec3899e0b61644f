"""The hours in which a person answers: written `mon-fri 09:00-17:00, sat 10:00-13:00`, kept per weekday."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from phonepay.merchant.refusals import FactRefused

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = ("", "always")
MIDNIGHT = "24:00"

Hours = Mapping[str, Sequence[Sequence[str]]]  # weekday "0" (Monday) … "6" → [["09:00", "17:00"], …]

_PART = re.compile(
    r"(?P<first>[a-z]{3})[a-z]*(?:\s*[-–]\s*(?P<last>[a-z]{3})[a-z]*)?\s+"
    r"(?P<opens>\d{1,2}:\d{2})\s*[-–]\s*(?P<closes>\d{1,2}:\d{2})"
)
_EXAMPLE = "Write them as mon-fri 09:00-17:00, sat 10:00-13:00, or always."


def parse_hours(text: str) -> dict[str, list[list[str]]]:
    """Hours as they are kept; {} for always. What ends after midnight goes on the next day.

    Raises FactRefused, with a sentence for the person who wrote them.
    """
    text = text.strip().lower()
    hours: dict[str, list[list[str]]] = {}
    if text in ALWAYS:
        return hours
    for part in text.split(","):
        found = _PART.fullmatch(part.strip())
        if not found or found["first"] not in DAYS or (found["last"] or "mon") not in DAYS:
            raise FactRefused("hours", f"“{part.strip()}” are no hours. {_EXAMPLE}", text=part.strip())
        opens, closes = _time(found["opens"]), _time(found["closes"])
        if opens in (closes, MIDNIGHT):
            raise FactRefused("closed", f"“{part.strip()}” is no time at all. {_EXAMPLE}", text=part.strip())
        for day in _days(found["first"], found["last"]):
            _add(hours, day, opens, closes)
    return {day: sorted(hours[day]) for day in sorted(hours)}


def format_hours(hours: Hours) -> str:
    """As people write them, a part for each day: `mon 09:00-17:00, tue 09:00-17:00`."""
    parts = [f"{DAYS[int(day)]} {opens}-{closes}" for day, spans in sorted(hours.items()) for opens, closes in spans]
    return ", ".join(parts) or "always"


def is_open(hours: Hours, local: datetime) -> bool:
    """Whether `local`, a time on the shop's own clock, lies in the hours. No hours: always."""
    if not hours:
        return True
    clock = local.strftime("%H:%M")
    return any(opens <= clock < closes for opens, closes in hours.get(str(local.weekday()), ()))


def _days(first: str, last: str | None) -> list[int]:
    start = DAYS.index(first)
    length = (DAYS.index(last or first) - start) % len(DAYS) + 1
    return [(start + step) % len(DAYS) for step in range(length)]


def _add(hours: dict[str, list[list[str]]], day: int, opens: str, closes: str) -> None:
    if opens < closes:
        hours.setdefault(str(day), []).append([opens, closes])
        return
    hours.setdefault(str(day), []).append([opens, MIDNIGHT])
    if closes != "00:00":
        hours.setdefault(str((day + 1) % len(DAYS)), []).append(["00:00", closes])


def _time(text: str) -> str:
    text = text.rjust(5, "0")
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d|24:00", text):
        raise FactRefused("hours", f"“{text}” is no time of day. {_EXAMPLE}", text=text)
    return text
