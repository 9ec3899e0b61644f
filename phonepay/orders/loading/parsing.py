"""One row of the file as an order's facts, or why it cannot be one. No database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from phonepay.lib.cards import looks_like_card_number
from phonepay.lib.phone import normalize
from phonepay.lib.written_amounts import POINT, AmountRefused, read_amount
from phonepay.orders.keypad import MAX_KEYS, MAX_LENGTH, NumberRefused, is_lettered, to_keys, without_prefix
from phonepay.orders.loading.table import Plain

MASKED = "••••"
_LONGEST = {"customer_name": 120, "customer_email": 254, "customer_postal": 12, "note": 500}
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Terms:
    """How the rows of one file are read. `columns`: field → column, from 0."""

    columns: dict[str, int]
    currency: str
    mark: str
    region: str
    prefix: str


class Wrong(Exception):
    """The row is not taken. `field` and `value` show where; `reason` is a name of reasons.REASONS."""

    def __init__(self, field: str, value: str, reason: str, facts: dict[str, Any] | None = None) -> None:
        super().__init__(reason)
        self.field, self.value, self.reason, self.facts = field, value, reason, facts or {}


@dataclass(frozen=True, slots=True)
class Parsed:
    """An order as the file has it; `facts` holds what its columns say of the customer, "" where a cell is empty."""

    number: str
    keyed: str
    lettered: bool
    amount: int  # minor units
    facts: dict[str, str]


def parse(cells: Sequence[str], terms: Terms) -> Parsed:
    """Raises Wrong. Nothing of a row that holds a card number is in it, whichever column that stands in."""
    if looks_like_card_number("\n".join(cells)):
        raise Wrong(_card_column(cells, terms), MASKED, "card")
    texts = {name: _at(cells, place) for name, place in terms.columns.items()}
    number = texts.pop("number", "")
    keyed = _keyed(number, terms.prefix)
    amount = _amount(texts.pop("amount", ""), terms)
    facts = {name: _fact(name, text, terms.region) for name, text in texts.items()}
    return Parsed(number, keyed, is_lettered(number, prefix=terms.prefix), amount, facts)


def without_cards(cells: Sequence[str]) -> list[str]:
    """For showing: what may be a card number is masked."""
    return [MASKED if looks_like_card_number(cell) else cell[:_SHOWN] for cell in cells]


def _at(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _card_column(cells: Sequence[str], terms: Terms) -> str:
    for name, place in terms.columns.items():
        if looks_like_card_number(_at(cells, place)):
            return name
    return ""


def _keyed(number: str, prefix: str) -> str:
    """keypad.keyed_form, with a name for each reason."""
    if not number:
        raise Wrong("number", "", "number_missing")
    if len(number) > MAX_LENGTH:
        raise Wrong("number", number[:_SHOWN], "number_long")
    try:
        keys = to_keys(number)
    except NumberRefused as error:
        raise Wrong("number", number, "number_characters") from error
    if not keys:
        raise Wrong("number", number, "number_characters")
    if len(keys) > MAX_KEYS:
        raise Wrong("number", number, "number_keys")
    if looks_like_card_number(keys):
        raise Wrong("number", MASKED, "number_card")
    return without_prefix(keys, prefix=prefix)


def _amount(text: str, terms: Terms) -> int:
    try:
        return read_amount(text, terms.currency, POINT if isinstance(text, Plain) else terms.mark)
    except AmountRefused as refused:
        raise Wrong("amount", text[:_SHOWN], f"amount_{refused.reason}") from refused


def _fact(name: str, text: str, region: str) -> str:
    if name == "customer_phone" and text:
        number = normalize(text, region)
        if number is None:
            raise Wrong(name, text[:_SHOWN], "phone")
        return number
    if (most := _LONGEST.get(name)) and len(text) > most:
        raise Wrong(name, text[:_SHOWN], "long", {"most": most})
    if name == "customer_email" and text:
        try:
            validate_email(text)
        except ValidationError as error:
            raise Wrong(name, text[:_SHOWN], "email") from error
    return text
