"""How things look in a terminal: tables, facts, money, times on the shop's clock, JSON."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from phonepay.lib.money import format_amount

_RIGHT = ">"
_GAP = "  "
# What a terminal takes for a command. Names and notes come from files, and from who typed them in some web shop.
_COMMANDS = {code: "\ufffd" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) != "\n"}
_COMMANDS_IN_JSON = {code: f"\\u{code:04x}" for code in range(0x7F, 0xA0)}


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns as wide as what is in them; a heading that begins with ">" puts its column to the right."""
    names = [heading.removeprefix(_RIGHT) for heading in headings]
    lines = [names, *([_shown(cell) for cell in row] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(names))]
    for line in lines:
        cells = [
            cell.rjust(width) if heading.startswith(_RIGHT) else cell.ljust(width)
            for cell, width, heading in zip(line, widths, headings, strict=True)
        ]
        print(_GAP.join(cells).rstrip())


def print_facts(facts: Iterable[tuple[str, str]]) -> None:
    """Name and value a line, the empty ones left out."""
    shown = [(name, value) for name, value in facts if value]
    width = max((len(name) for name, _ in shown), default=0)
    for name, value in shown:
        print(f"{name.ljust(width)}{_GAP}{_shown(value)}")


def print_json(value: Any) -> None:
    """For programs: amounts in minor units beside their currency, times in UTC."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=_plain).translate(_COMMANDS_IN_JSON))


def money(amount: int, currency: str) -> str:
    """For people, with a real minus: −$42.50."""
    return format_amount(amount, currency).replace("-", "−")


def moment(at: datetime | None, zone: str, now: datetime) -> str:
    """On the shop's clock: `Today 14:32`, `Mon 3 Nov 14:32`, the year if it is another."""
    if at is None:
        return ""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    clock = local.strftime("%H:%M")
    if local.date() == today:
        return f"Today {clock}"
    if local.date() == today - timedelta(days=1):
        return f"Yesterday {clock}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local.strftime('%a')} {local.day} {local.strftime('%b')}{year} {clock}"


def _shown(text: str) -> str:
    return text.translate(_COMMANDS)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
