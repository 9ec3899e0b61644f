"""Which column is what: by its heading, in English and in Spanish, else by what stands in it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence

from phonepay.lib.phone import normalize
from phonepay.lib.written_amounts import AmountRefused, read_amount
from phonepay.orders.keypad import NumberRefused, keyed_form

FIELDS = ("number", "amount", "customer_name", "customer_phone", "customer_email", "customer_postal", "note")

# Whole headings first, then words that a heading may contain; a heading is one thing, and the first in line takes it.
_WHOLE = {
    "number": "order|order number|order no|order id|order nr|number|no|nr|invoice|invoice number|invoice no|bill|"
    "bill number|booking|booking number|reservation|reference|ref|account|account number|id|"
    "pedido|numero de pedido|n pedido|no pedido|num pedido|numero|num|factura|numero de factura|n factura|reserva|"
    "numero de reserva|referencia|cuenta|folio|orden|numero de orden",
    "amount": "amount|total|sum|price|due|amount due|total due|balance|balance due|to pay|value|"
    "importe|monto|cantidad|precio|suma|a pagar|total a pagar|importe total|saldo|valor|por pagar|deuda",
    "customer_email": "email|e mail|mail|email address|correo|correo electronico|e mail del cliente",
    "customer_phone": "phone|phone number|telephone|mobile|cell|tel|customer phone|"
    "telefono|movil|celular|numero de telefono|telefono del cliente",
    "customer_postal": "postal code|postcode|post code|zip|zip code|zipcode|postal|codigo postal|cp|c p",
    "customer_name": "name|customer|customer name|client|client name|full name|payer|"
    "nombre|cliente|nombre del cliente|nombre completo|titular",
    "note": "note|notes|comment|comments|remark|remarks|memo|description|details|"
    "nota|notas|comentario|comentarios|descripcion|concepto",
}
_WITHIN = {
    "customer_email": "mail|correo",
    "customer_phone": "phone|mobile|telefono|movil|celular",
    "customer_postal": "postal|postcode|zip",
    "amount": "amount|total|importe|monto|balance|saldo|price|precio",
    "number": "order|invoice|pedido|factura|booking|reserva",
    "customer_name": "name|customer|client|nombre|cliente",
    "note": "note|comment|nota|comentario",
}
_MOSTLY = 0.7


def plain(heading: str) -> str:
    """In lower case, without accents and signs."""
    bare = unicodedata.normalize("NFKD", heading.casefold())
    letters = "".join(each for each in bare if not unicodedata.combining(each))
    return re.sub(r"[^a-z0-9]+", " ", letters).strip()


def key_of(header: Sequence[str]) -> str:
    """Names a header, so that the same one is matched as it was matched before."""
    return hashlib.sha256("\n".join(map(plain, header)).encode()).hexdigest()


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names columns: it has a heading that we know, or no digit at all."""
    if not rows:
        return False
    known = {word for words in _WHOLE.values() for word in words.split("|")}
    return any(plain(cell) in known for cell in rows[0]) or not any(char.isdigit() for char in "".join(rows[0]))


def guess(rows: Sequence[Sequence[str]], *, headed: bool, currency: str, region: str) -> dict[str, int]:
    """Field → column, from 0. What nothing tells of is left out."""
    header = [plain(cell) for cell in rows[0]] if headed and rows else []
    found: dict[str, int] = {}
    for field, words in _WHOLE.items():
        _take(found, field, [place for place, heading in enumerate(header) if heading in words.split("|")])
    for field, words in _WITHIN.items():
        pattern = re.compile(rf"\b(?:{words})")
        _take(found, field, [place for place, heading in enumerate(header) if pattern.search(heading)])
    _by_content(found, rows[1:] if headed else rows, currency, region)
    return found


def _take(found: dict[str, int], field: str, places: Sequence[int]) -> None:
    free = [place for place in places if place not in found.values()]
    if field not in found and free:
        found[field] = free[0]


def _by_content(found: dict[str, int], rows: Sequence[Sequence[str]], currency: str, region: str) -> None:
    width = max(map(len, rows), default=0)
    columns = [[row[place] for row in rows if place < len(row) and row[place]] for place in range(width)]

    def where(test: object) -> list[int]:
        return [
            place
            for place, cells in enumerate(columns)
            if cells and sum(map(test, cells)) >= _MOSTLY * len(cells)  # type: ignore[call-overload]  # a predicate
        ]

    _take(found, "customer_email", where(lambda cell: "@" in cell and "." in cell))
    _take(found, "amount", where(lambda cell: _is_amount(cell, currency) and not cell.isdigit()))
    _take(found, "customer_phone", where(lambda cell: _is_phone(cell, region)))
    _take(found, "number", [place for place in where(_is_number) if len(set(columns[place])) == len(columns[place])])
    _take(found, "amount", where(lambda cell: _is_amount(cell, currency)))


def _is_amount(cell: str, currency: str) -> bool:
    try:
        read_amount(cell, currency)
    except AmountRefused as refused:
        return refused.reason == "ambiguous"
    return True


def _is_phone(cell: str, region: str) -> bool:
    return (cell.startswith("+") or sum(map(str.isdigit, cell)) >= 9) and normalize(cell, region) is not None  # noqa: PLR2004 - fewer digits are more often something else


def _is_number(cell: str) -> bool:
    try:
        keyed_form(cell)
    except NumberRefused:
        return False
    return any(map(str.isdigit, cell))
