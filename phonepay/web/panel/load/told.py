"""What the page of a load shows at each of its steps, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from phonepay.merchant.models import Merchant
from phonepay.orders.loading.matching import FIELDS
from phonepay.orders.loading.models import Load, LoadRow
from phonepay.orders.loading.operations import width_of
from phonepay.orders.loading.reasons import FAILURES, REASONS
from phonepay.orders.loading.reasons import FIELDS as FIELD_WORDS
from phonepay.orders.loading.table import ENCODINGS

PREVIEWED = 10
ERRORS_SHOWN = 20
_EXAMPLES = 3
_UNATTENDED = timedelta(seconds=30)

DELIMITER_WORDS: dict[str, str | Promise] = {
    ",": _("Comma ,"),
    ";": _("Semicolon ;"),
    "\t": _("Tab"),
    "|": _("Bar |"),
}
MARK_WORDS: dict[str, str | Promise] = {
    "": _("Automatic, by each amount"),
    ".": _("1,234.50"),
    ",": _("1.234,50"),
}
OUTCOMES: dict[str, tuple[str | Promise, str]] = {
    LoadRow.Outcome.NEW: (_("New"), "green"),
    LoadRow.Outcome.CHANGE: (_("Changes"), "blue"),
    LoadRow.Outcome.SAME: (_("The same"), "gray"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a menu."""

    value: str
    word: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """What an order has, and the columns it could be in."""

    name: str
    word: str
    required: bool
    options: list[Option]


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that is not taken: where, what stands there, why."""

    line: int
    column: str
    value: str
    why: str


def failure(load: Load, reason: str = "") -> str:
    """Why it did not go on, as a sentence; "" where nothing is wrong."""
    reason = reason or load.failure
    return gettext(FAILURES[reason]) if reason else ""


def matching(load: Load, shop: Merchant) -> dict[str, Any]:
    codes = sorted({load.currency, *shop.lines.values_list("currency", flat=True)})
    return {
        "fields": [_field(load, name) for name in FIELDS],
        "encodings": [Option(code, word, code == load.encoding) for code, word in ENCODINGS.items()],
        "delimiters": [Option(sign, str(word), sign == load.delimiter) for sign, word in DELIMITER_WORDS.items()],
        "sheets": [Option(str(place), name, place == load.sheet) for place, name in enumerate(load.sheets)],
        "marks": [Option(mark, str(word), mark == load.decimal_mark) for mark, word in MARK_WORDS.items()],
        "currencies": [Option(code, code.upper(), code == load.currency) for code in codes],
        "head": headings(load),
        "body": [_padded(row, width_of(load)) for row in load.sample[load.headed :][:PREVIEWED]],
    }


def _padded(row: list[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]


def headings(load: Load) -> list[str]:
    """Of the columns, as the file has them; else by their place."""
    named = load.sample[0] if load.headed and load.sample else []
    return [
        named[place] if place < len(named) and named[place] else gettext("Column %(place)d") % {"place": place + 1}
        for place in range(width_of(load))
    ]


def _field(load: Load, name: str) -> Field:
    chosen = load.columns.get(name)
    options = [Option("", gettext("Not in this file"), chosen is None)]
    for place, heading in enumerate(headings(load)):
        examples = [row[place] for row in load.sample[load.headed :] if place < len(row) and row[place]][:_EXAMPLES]
        word = f"{heading}: {', '.join(examples)}" if examples else heading
        options.append(Option(str(place), word[:70], chosen == place))
    return Field(name, gettext(FIELD_WORDS[name]), name in ("number", "amount"), options)


def progress(load: Load) -> dict[str, Any]:
    waited = timezone.now() - (load.due_at or timezone.now())
    return {
        "total": max(load.rows_total, load.rows_read),
        "unattended": load.lease_until is None and waited > _UNATTENDED,
    }


def ready(load: Load) -> dict[str, Any]:
    rows = LoadRow.objects.filter(load=load, outcome__in=list(OUTCOMES)).order_by("line")[:PREVIEWED]
    faults = list(_faults(load, ERRORS_SHOWN))
    return {
        "rows": [(row, *OUTCOMES[row.outcome]) for row in rows],
        "faults": faults,
        "faults_more": load.wrong + load.refused - len(faults),
        "both": load.new + load.changing,
    }


def _faults(load: Load, most: int) -> Iterator[Fault]:
    outcomes = (LoadRow.Outcome.WRONG, LoadRow.Outcome.REFUSED)
    # Those in error first: somebody has to do something about them.
    for outcome in outcomes:
        for row in LoadRow.objects.filter(load=load, outcome=outcome).order_by("line")[:most]:
            yield fault(row)
            most -= 1


def all_faults(load: Load, after: int, size: int) -> list[LoadRow]:
    """By line, from after a line on: a chunk of the file of errors."""
    outcomes = (LoadRow.Outcome.WRONG, LoadRow.Outcome.REFUSED)
    return list(LoadRow.objects.filter(load=load, outcome__in=outcomes, line__gt=after).order_by("line")[:size])


def fault(row: LoadRow) -> Fault:
    column = gettext(FIELD_WORDS[row.field]) if row.field else ""
    return Fault(row.line, column, row.value, gettext(REASONS[row.reason]) % row.facts)
