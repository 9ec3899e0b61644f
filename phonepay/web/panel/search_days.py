"""A day as people write it, and as the panel writes it to them."""

from __future__ import annotations

import contextlib
import re
from datetime import date, timedelta

from babel import Locale
from django.utils import timezone
from django.utils.translation import get_language, gettext

_FIGURES = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
_WEEKDAY = re.compile(r"^[^\W\d]+[.,]?\s+(?=[0-9])")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\.?\s+(?:de\s+)?([^\W\d]+)\.?,?(?:\s+(?:de\s+)?([0-9]{4}))?")
_MONTH_FIRST = re.compile(r"([^\W\d]+)\.?\s+([0-9]{1,2}),?(?:\s+([0-9]{4}))?")


def read_day(words: str, *, month_first: bool) -> date | None:
    """2026-11-03; 3/11/2026, or 11/3/2026 with `month_first`; 3.11.2026; 3 Nov, Mon 3 Nov or Nov 3, the year or none;
    today and yesterday. Months in the reader's language and in English; without a year it is the latest such day.
    """
    words = words.strip().lower()
    today = timezone.localtime().date()
    near = {gettext("Today").lower(): today, gettext("Yesterday").lower(): today - timedelta(days=1)}
    if words in near:
        return near[words]
    with contextlib.suppress(ValueError):
        if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", words):
            return date.fromisoformat(words)
        if figures := _FIGURES.fullmatch(words):
            one, two, year = (int(each) for each in figures.groups())
            american = month_first and "/" in words
            return date(year, one, two) if american else date(year, two, one)
        return _named(words, today)
    return None


def _named(words: str, today: date) -> date | None:
    """With the month's name. ValueError for a day that no month has."""
    if found := _MONTH_FIRST.fullmatch(words):
        name, day, year = found.groups()
    elif found := _DAY_FIRST.fullmatch(_WEEKDAY.sub("", words)):
        day, name, year = found.groups()
    else:
        return None
    month = _month(name)
    if month is None:
        return None
    if year:
        return date(int(year), month, int(day))
    written = date(today.year, month, int(day))
    return written if written <= today else written.replace(year=today.year - 1)


def _month(name: str) -> int | None:
    """By its whole name or by three letters of it and more."""
    for language in ((get_language() or "en").split("-")[0], "en"):
        for number, month in Locale.parse(language).months["format"]["wide"].items():
            if len(name) >= 3 and month.lower().startswith(name.removesuffix(".")):  # noqa: PLR2004 - "sept", "nov"
                return int(number)
    return None
