"""The statement behind the red count: put together once a process, and asked with the time of each request.

Django takes several times as long to put it together as a database to answer it, and every page asks it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, cast

from django.db import connection
from django.db.models import DateTimeField, Expression, IntegerField, QuerySet, Subquery

from phonepay.merchant.models import Merchant
from phonepay.web.panel.home.need import Asked

Rows = Callable[[Asked], QuerySet[Any]]


def counted(asked: Asked, kinds: tuple[Rows, ...], most: int) -> tuple[int, ...]:
    """How many rows there are of each kind, none counted beyond `most`."""
    sql, given = _statement(connection.alias, asked.shop.pk, asked.live, kinds, most)
    field = DateTimeField()
    params = [
        field.get_db_prep_value(asked.now - each.span, connection) if isinstance(each, _Before) else each
        for each in given
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cast(tuple[int, ...], cursor.fetchone() or (0,) * len(kinds))


@lru_cache(maxsize=8)
def _statement(alias: str, shop: int, live: bool, kinds: tuple[Rows, ...], most: int) -> tuple[str, tuple[Any, ...]]:
    later = cast(datetime, _Later())
    # Of the shop its key alone is used: nothing of it is kept between requests.
    asked = Asked(Merchant(pk=shop), later, live)
    columns = [_Count(rows(asked).order_by().values("pk")[:most]) for rows in kinds]
    query = Merchant.objects.order_by().filter(pk=shop).values_list(*columns).query
    return query.sql_with_params()


class _Later:
    """Stands for the time of the request while the statement is put together."""

    def __sub__(self, span: timedelta) -> _Before:
        return _Before(span)


class _Before(Expression):
    """So long before the request: among the parameters it stands for itself until the time is known."""

    output_field = DateTimeField()

    def __init__(self, span: timedelta) -> None:
        super().__init__()
        self.span = span

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return "%s", (self,)


class _Count(Subquery):
    """How many rows a sliced query finds."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()
