"""What a fact was set to, in the words in which Settings offers it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from phonepay.merchant.models import Line
from phonepay.web.panel.settings import amounts, voice
from phonepay.web.panel.settings.behaviors import TITLES
from phonepay.web.panel.settings.fields import Languages, Many, Select
from phonepay.web.panel.settings.opening_hours import day_names

_OFFERED = {
    field.name: field.choices
    for section in (*amounts.SECTIONS, *voice.SECTIONS)
    for field in section.fields
    if isinstance(field, (Select, Many, Languages))
}


def told(name: str, value: Any) -> str:
    """One value of the fact `name`, or one of several; what no page offers is told as it is."""
    if name == "behavior" and value in Line.Behavior.values:
        return str(TITLES[value])
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "–".join(str(each) for each in value)  # from and to, of a person's hours
    offered = _OFFERED.get(name)
    return str(dict(offered()).get(value, value)) if offered else str(value)


def part(name: str, key: str) -> str:
    """What a part of the fact `name` is called: the hours of a person have days."""
    if name == "person_hours" and key in "0123456":
        return str(day_names()[int(key)])
    return key
