"""Moving every row into another, empty database: from the embedded one to a server, or back.

The tables are made by the migrations first. All rows go in one transaction of the new database; the old one is only
read. Whoever calls sees to it that nobody writes there meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from phonepay.configuration.addresses import DatabaseAddress
from phonepay.configuration.database_trial import connect

_AT_ONCE = 500
# No migration makes such: where there are some, somebody has used this database.
_NEVER_OF_MIGRATIONS = ("people.User", "merchant.Merchant", "events.Event")


class NotEmpty(Exception):
    """There are rows in the new database: nothing was moved."""


def move_rows(old: DatabaseAddress, *, say: Callable[[str], None] = lambda _: None) -> int:
    """Copy every row of every table of ours from `old` into this process's database; how many those were.

    Raises NotEmpty; DatabaseRefused where the old one does not answer, DatabaseError, each with nothing moved.
    """
    connection = connect(old)
    try:
        return _move(connection, say)
    finally:
        connection.close()


def _move(old: BaseDatabaseWrapper, say: Callable[[str], None]) -> int:
    new = connections[DEFAULT_DB_ALIAS]
    tables = list(_tables())
    count = 0
    with transaction.atomic(), new.constraint_checks_disabled():
        for label in _NEVER_OF_MIGRATIONS:
            if apps.get_model(label)._base_manager.exists():
                raise NotEmpty(f"{label} has rows already")
        # What the migrations made here has other numbers and keys than what rows of the old one point to.
        for model in reversed(tables):
            models.QuerySet(model)._raw_delete(DEFAULT_DB_ALIAS)
        for model in tables:
            moved = sum(_insert(model, rows) for rows in _pieces(model, old))
            count += moved
            if moved:
                say(f"{model._meta.verbose_name_plural}: {moved}")
        _set_counters(tables)
    return count


def _tables() -> Iterator[type[models.Model]]:
    """Each table once, those of many-to-many relations too; all but the migrations' own."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            yield model


def _pieces(model: type[models.Model], old: BaseDatabaseWrapper) -> Iterator[list[models.Model]]:
    query = model._base_manager.order_by("pk").query
    names = [field.attname for field in model._meta.concrete_fields]
    found = query.get_compiler(connection=old).results_iter(chunked_fetch=True, chunk_size=_AT_ONCE)
    rows = (model.from_db(DEFAULT_DB_ALIAS, names, row) for row in found)
    while piece := list(islice(rows, _AT_ONCE)):
        yield piece


def _insert(model: type[models.Model], rows: list[models.Model]) -> int:
    """As they are: no default, no time of now, no check of append-only rows comes between."""
    fields: Any = [field for field in model._meta.local_concrete_fields if not field.generated]
    query = models.sql.InsertQuery(model)
    query.insert_values(fields, rows, raw=True)
    query.get_compiler(using=DEFAULT_DB_ALIAS).execute_sql()
    return len(rows)


def _set_counters(tables: list[type[models.Model]]) -> None:
    new = connections[DEFAULT_DB_ALIAS]
    with new.cursor() as cursor:
        for statement in new.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
