"""Migrations that the code still running can live with: each step adds, none takes away or asks for more.

While a new version is put in place the old one goes on answering calls for some seconds or minutes, on the new tables.
What must go goes one version later than the last code that knew it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

FORBIDDEN = (
    migrations.RenameField, migrations.RenameModel, migrations.RemoveField, migrations.DeleteModel,
    migrations.AlterModelTable, migrations.RunSQL,
)  # fmt: skip
# Migrations that may, each with its reason: what is removed was unknown to the version before.
EXCUSED: dict[str, str] = {}


def troubles(before: ProjectState, migration: Migration) -> Iterator[str]:
    """What of a migration would break the code that knows the tables as they were `before`."""
    new = {each.name.lower() for each in migration.operations if isinstance(each, migrations.CreateModel)}
    for operation in migration.operations:
        name = getattr(operation, "model_name", getattr(operation, "name", "")) or ""
        if name.lower() not in new:
            yield from _trouble(before, migration.app_label, name, operation)


def _trouble(before: ProjectState, app: str, model: str, operation: Operation) -> Iterator[str]:
    if isinstance(operation, FORBIDDEN):
        yield f"{type(operation).__name__} of {model}: the running code still uses it"
    if isinstance(operation, migrations.AddField):
        field = operation.field
        made_by_it = isinstance(field, models.GeneratedField)  # the database fills it itself
        filled = field.null or field.has_db_default() or field.many_to_many or made_by_it
        if not filled:
            yield f"{model}.{operation.name} is added without a default in the database: the running code leaves it out"
    if isinstance(operation, migrations.AlterField):
        was = before.models[app, model.lower()].fields[operation.name]
        if was.null and not operation.field.null:
            yield f"{model}.{operation.name} must not be empty any more: the running code may leave it so"
        shorter = (operation.field.max_length or 0) < (was.max_length or 0)
        if isinstance(was, models.CharField) and shorter:
            yield f"{model}.{operation.name} gets shorter than what the running code writes"


def ours() -> list[Migration]:
    rooms = {config.label for config in apps.get_app_configs() if config.name.startswith("phonepay.")}
    disk = MigrationLoader(None).disk_migrations
    return [each for (app, _), each in sorted(disk.items()) if app in rooms]


def state_before(migration: Migration) -> ProjectState:
    return MigrationLoader(None).project_state((migration.app_label, migration.name), at_end=False)


@pytest.mark.parametrize("migration", [each for each in ours() if not each.initial], ids=str)
def test_the_code_still_running_lives_with_it(migration: Migration) -> None:
    if f"{migration.app_label}.{migration.name}" not in EXCUSED:
        assert list(troubles(state_before(migration), migration)) == []


def a_migration(operation: Operation) -> Migration:
    migration = type("Next", (Migration,), {"operations": []})("9999_next", "orders")
    migration.operations.append(operation)
    return migration


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("order", "note"),
        migrations.RenameField("order", "note", "remark"),
        migrations.DeleteModel("order"),
        migrations.RunSQL("DROP TABLE orders_order"),
        migrations.AddField("order", "weight", models.IntegerField(default=0)),
        migrations.AlterField("order", "keyed", models.CharField(max_length=12)),
        migrations.AlterField("order", "note", models.CharField(max_length=50, blank=True)),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_what_would_break_it_is_found(operation: Operation) -> None:
    before = MigrationLoader(None).project_state()
    assert len(list(troubles(before, a_migration(operation)))) == 1


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("order", "weight", models.IntegerField(null=True)),
        migrations.AddField("order", "weight", models.IntegerField(default=0, db_default=0)),
        migrations.AlterField("order", "note", models.CharField(max_length=900, blank=True)),
        migrations.CreateModel("Parcel", [("id", models.BigAutoField(primary_key=True))]),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_what_only_adds_is_let_through(operation: Operation) -> None:
    before = MigrationLoader(None).project_state()
    assert list(troubles(before, a_migration(operation))) == []
