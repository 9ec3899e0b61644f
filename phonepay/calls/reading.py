"""The one SELECT of a turn, and the one with which a call begins: made ready once instead of at each request.

Django compiles a query anew whenever it runs, and looks up how to read each of its columns. For these, with a hundred
columns of several tables, that took a third of a turn's processor time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connections, models
from django.db.utils import DEFAULT_DB_ALIAS
from django.utils import timezone

from phonepay.calls.models import Call
from phonepay.merchant.models import Line, Merchant
from phonepay.payments.models import Payment
from phonepay.protection.models import Measure
from phonepay.protection.steps import Step

# The call's own snapshot has them: a turn never asks the line.
_LEFT_OUT = frozenset({"words", "voices", "person_hours"})

_Reading = tuple[int, list[Callable[..., Any]], Any]


@dataclass(frozen=True, slots=True)
class Joined:
    """A table that is read whole; `name` is how it is called where it is joined more than once."""

    model: type[models.Model]
    name: str = ""
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Statement:
    """The columns, the parts of a row that they are, how those are read that need it: the same for all connections."""

    columns: str
    parts: tuple[Part, ...]
    readings: tuple[_Reading, ...]

    def read(self, row: Sequence[Any]) -> list[Any]:
        """The objects of a row, None for what was joined and is not there; then whatever columns follow."""
        connection = connections[DEFAULT_DB_ALIAS]
        values = list(row)
        for place, converters, column in self.readings:
            for convert in converters:
                values[place] = convert(values[place], column, connection)
        return [part.read(values) for part in self.parts] + values[self.parts[-1].end :]


class Part:
    """The columns of one model in the row, from `start` on."""

    def __init__(self, joined: Joined, start: int) -> None:
        self.model = joined.model
        self.fields = [field for field in joined.model._meta.concrete_fields if field.name not in joined.left_out]
        self._names = [field.attname for field in self.fields]
        self._start, self.end = start, start + len(self.fields)
        self._key = start + self._names.index(str(joined.model._meta.pk.attname))

    def read(self, row: Sequence[Any]) -> Any:
        if row[self._key] is None:
            return None
        return self.model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._start : self.end])


def statement_of(*tables: Joined) -> Statement:
    """Ready to be read, in this order."""
    connection = connections[DEFAULT_DB_ALIAS]
    quoted = connection.ops.quote_name
    parts: list[Part] = []
    columns: list[str] = []
    readings: list[_Reading] = []
    for joined in tables:
        part = Part(joined, start=len(columns))
        table = joined.name or joined.model._meta.db_table
        for field in part.fields:
            column = field.get_col(table)
            converters = connection.ops.get_db_converters(column) + column.get_db_converters(connection)
            if converters:
                readings.append((len(columns), converters, column))
            columns.append(f"{quoted(table)}.{quoted(str(field.column))}")
        parts.append(part)
    return Statement(", ".join(columns), tuple(parts), tuple(readings))


def moment(at: datetime) -> Any:
    """A time as this database takes it."""
    return connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value(at)


def quoted_tables(*tables: type[models.Model]) -> tuple[str, ...]:
    """Their names, quoted for this database."""
    return tuple(connections[DEFAULT_DB_ALIAS].ops.quote_name(model._meta.db_table) for model in tables)


def find(sid: str) -> Call | None:
    """The call with this CallSid, its line, merchant and payment, and what is held against the caller and on the line,
    read by one statement; None without one."""
    connection = connections[DEFAULT_DB_ALIAS]
    sql, statement = _of_a_turn(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, [moment(timezone.now()), sid])
        found = cursor.fetchone()
    if found is None:
        return None
    call: Call
    call, line, merchant, payment, callers_guard, its_guard, cards_turned_away = statement.read(found)
    line.merchant = call.merchant = merchant
    call.line, call.payment = line, payment
    call.callers_guard, call.its_guard, call.cards_turned_away = callers_guard, its_guard, bool(cards_turned_away)
    if payment is not None:
        payment.line, payment.merchant = line, merchant
    return call


@cache
def _of_a_turn(vendor: str) -> tuple[str, Statement]:
    del vendor  # the cache's: another database quotes and reads otherwise
    statement = statement_of(
        Joined(Call),
        Joined(Line, left_out=_LEFT_OUT),
        Joined(Merchant),
        Joined(Payment),
        Joined(Measure, "callers_guard"),
        Joined(Measure, "its_guard"),
    )
    call, line, merchant, payment, guard = quoted_tables(Call, Line, Merchant, Payment, Measure)
    key = connections[DEFAULT_DB_ALIAS].ops.quote_name("key")
    # Table and column names are the models' own; what a caller sends is a parameter.
    sql = (
        f"SELECT {statement.columns},"  # noqa: S608  # nosec B608
        f" EXISTS(SELECT 1 FROM {guard} held WHERE held.merchant_id = {call}.merchant_id AND held.kind = 'card'"
        f" AND held.step >= {Step.REFUSED:d} AND held.until > %s)"
        f" FROM {call}"
        f" JOIN {line} ON {line}.id = {call}.line_id"
        f" JOIN {merchant} ON {merchant}.id = {call}.merchant_id"
        f" LEFT JOIN {payment} ON {payment}.id = {call}.payment_id"
        f" LEFT JOIN {guard} callers_guard ON callers_guard.merchant_id = {call}.merchant_id"
        f" AND callers_guard.kind = 'caller' AND callers_guard.{key} = {call}.caller"
        f" LEFT JOIN {guard} its_guard ON its_guard.line_id = {call}.line_id AND its_guard.kind = 'line'"
        f" WHERE {call}.sid = %s"
    )
    return sql, statement
