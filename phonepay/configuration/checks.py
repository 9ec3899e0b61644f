"""What is told about the configuration before anything runs: by `check`, `migrate` and every start."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.db import connections

from phonepay.configuration.sqlite import is_wal_safe


@register
def unknown_names(**_: Any) -> list[CheckMessage]:
    """Names of the environment that begin like ours and are read by nobody."""
    return [
        checks.Warning(
            f"{name} is set, but no such name is read.",
            hint="Take it out, or see the table of names for the one that was meant.",
            id="phonepay.W001",
        )
        for name in settings.PHONEPAY_UNKNOWN_NAMES
    ]


@register
def sqlite_can_write_ahead(**_: Any) -> list[CheckMessage]:
    """An old SQLite works, but slower: readers wait for writers."""
    if connections["default"].vendor != "sqlite":
        return []
    version = sqlite3.sqlite_version_info
    if is_wal_safe(version):
        return []
    return [
        checks.Warning(
            f"SQLite {'.'.join(map(str, version))} can corrupt a write-ahead log: the slower rollback journal is used.",
            hint="Install SQLite 3.51.3 or newer, or use PostgreSQL.",
            id="phonepay.W002",
        )
    ]


@register(Tags.database)
def mysql_keeps_every_character(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """A database that was created with three-byte characters loses names, and may lose a comparison."""
    if "default" not in (databases or ()) or connections["default"].vendor != "mysql":
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT @@character_set_database, @@default_storage_engine")
        characters, storage = cursor.fetchone()
    found: list[CheckMessage] = []
    if characters != "utf8mb4":
        found.append(
            checks.Error(
                f"The database's character set is {characters}, which cannot hold every name.",
                hint="ALTER DATABASE … CHARACTER SET utf8mb4, before the first migration.",
                id="phonepay.E001",
            )
        )
    if storage.lower() != "innodb":
        found.append(
            checks.Error(
                f"The database's default storage engine is {storage}, which has no transactions.",
                hint="Set default_storage_engine=InnoDB in the server's configuration, before the first migration.",
                id="phonepay.E002",
            )
        )
    return found
