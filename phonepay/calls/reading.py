"""The one SELECT of a turn: a call with its payment, line and shop, made ready once instead of at each request.

Django compiles a query anew whenever it runs, and looks up how to read each of its columns. For this one, with a
hundred columns of four tables, that took a third of a turn's processor time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django.db import connections, models
from django.db.utils import DEFAULT_DB_ALIAS

from phonepay.calls.models import Call
from phonepay.merchant.models import Line, Merchant
from phonepay.payments.models import Payment

# The call's own snapshot has them: a turn never asks the line.
_LEFT_OUT: dict[type[models.Model], set[str]] = {Line: {"words", "voices", "person_hours"}}

_Reading = tuple[int, list[Callable[..., Any]], Any]


def find(sid: str) -> Call | None:
    """The call with this CallSid, its line, merchant and payment read by one statement; None without one."""
    connection = connections[DEFAULT_DB_ALIAS]
    sql, parts, readings = _statement(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, [sid])
        found = cursor.fetchone()
    if found is None:
        return None
    row = list(found)
    for place, converters, column in readings:
        for convert in converters:
            row[place] = convert(row[place], column, connection)
    call: Call
    call, line, merchant, payment = (part.read(row) for part in parts)
    line.merchant = call.merchant = merchant
    call.line, call.payment = line, payment
    if payment is not None:
        payment.line, payment.merchant = line, merchant
    return call


class _Part:
    """The columns of one model in the row, from `start` on."""

    def __init__(self, model: type[models.Model], start: int) -> None:
        left_out = _LEFT_OUT.get(model, set())
        self.model = model
        self.fields = [field for field in model._meta.concrete_fields if field.name not in left_out]
        self._names = [field.attname for field in self.fields]
        self._start, self._end = start, start + len(self.fields)
        self._key = start + self._names.index(model._meta.pk.attname)

    def read(self, row: Sequence[Any]) -> Any:
        if row[self._key] is None:
            return None
        return self.model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._start : self._end])


@cache
def _statement(vendor: str) -> tuple[str, list[_Part], list[_Reading]]:
    """The text, what its columns are of, and how those are read that need it: the same for all connections."""
    connection = connections[DEFAULT_DB_ALIAS]
    quoted = connection.ops.quote_name
    parts: list[_Part] = []
    columns: list[str] = []
    readings: list[_Reading] = []
    for model in (Call, Line, Merchant, Payment):
        part = _Part(model, start=len(columns))
        table = model._meta.db_table
        for field in part.fields:
            column = field.get_col(table)
            converters = connection.ops.get_db_converters(column) + column.get_db_converters(connection)
            if converters:
                readings.append((len(columns), converters, column))
            columns.append(f"{quoted(table)}.{quoted(str(field.column))}")
        parts.append(part)
    call, line, merchant, payment = (quoted(part.model._meta.db_table) for part in parts)
    # Table and column names are the models' own; what a caller sends is a parameter.
    sql = (
        f"SELECT {', '.join(columns)} FROM {call}"  # noqa: S608  # nosec B608
        f" JOIN {line} ON {line}.id = {call}.line_id"
        f" JOIN {merchant} ON {merchant}.id = {call}.merchant_id"
        f" LEFT JOIN {payment} ON {payment}.id = {call}.payment_id"
        f" WHERE {call}.sid = %s"
    )
    return sql, parts, readings
