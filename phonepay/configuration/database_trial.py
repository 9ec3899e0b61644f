"""Trying a database's address before it is kept: does it answer, is it new enough, may we make tables, whose is it?

A connection of its own, whatever this process is connected to; nothing stays in the database.
"""

from __future__ import annotations

import secrets
import sqlite3
from dataclasses import dataclass
from typing import Any, Literal

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError, NotSupportedError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from django.utils.translation import gettext_noop

from phonepay.configuration import encryption
from phonepay.configuration.addresses import DatabaseAddress, django_database, parse_database_url
from phonepay.lib.refusal import Refusal

STATEMENT_SECONDS = 10
_OURS = "merchant_line"
_KEYS = "merchant_credential"


class DatabaseRefused(Refusal):
    """It cannot be used. Reasons: form, unreachable, old, characters, storage, tables, foreign, other_keys."""


@dataclass(frozen=True)
class Found:
    """`state`: empty, or ours (an installation of Phone Pay, `lines` of it, is there already)."""

    product: str  # PostgreSQL, MariaDB, MySQL, SQLite
    version: str
    state: Literal["empty", "ours"]
    lines: int = 0


def try_database(url: str) -> Found:
    """Look at the database of this address. Raises DatabaseRefused with what is wrong and what to do."""
    try:
        address = parse_database_url(url)
    except ValueError as error:
        raise _refused("form", gettext_noop("The address %(why)s."), why=str(error)) from None
    connection = connect(address)
    try:
        _must_be_new_enough(connection)
        _must_keep_every_character(connection)
        _must_make_tables(connection)
        return _whose(connection)
    finally:
        connection.close()


def connect(address: DatabaseAddress) -> BaseDatabaseWrapper:
    """A connection of its own. Raises DatabaseRefused where nobody answers, or not us."""
    if address.engine == "mysql":
        import pymysql  # the driver is imported only where it is used

        pymysql.install_as_MySQLdb()
    facts = django_database(
        address, statement_seconds=STATEMENT_SECONDS, connections=1, sqlite_version=sqlite3.sqlite_version_info
    )
    facts["OPTIONS"] = {name: value for name, value in facts["OPTIONS"].items() if name != "pool"}
    connection: BaseDatabaseWrapper = ConnectionHandler({"default": facts})["default"]
    try:
        connection.ensure_connection()
    except (DatabaseError, InterfaceError, NotSupportedError) as error:
        connection.close()
        facts = {"said": _said(error), "host": address.host or "localhost", "database": address.name}
        raise _refused("unreachable", _why(facts["said"]), **facts) from error
    except (ImproperlyConfigured, OSError, ValueError) as error:
        raise _refused(
            "unreachable", gettext_noop("The database cannot be asked: %(said)s."), said=_said(error)
        ) from error
    return connection


def _refused(reason: str, words: str, **facts: object) -> DatabaseRefused:
    """`words` is the sentence as it is translated, filled in from the facts."""
    return DatabaseRefused(reason, words % facts, words=words, **facts)


def _why(said: str) -> str:
    if any(words in said for words in ("password", "Access denied", "authentication", "role")):
        return gettext_noop("The database on %(host)s does not let us in (%(said)s). Compare user and password.")
    if any(words in said for words in ("does not exist", "Unknown database")):
        return gettext_noop(
            "There is no database %(database)s on %(host)s (%(said)s). Create it first, empty, for this user."
        )
    return gettext_noop(
        "The database on %(host)s does not answer (%(said)s). Compare host and port, and see whether it runs."
    )


def _said(error: Exception) -> str:
    """The server's own words, on one line; no server repeats a password."""
    return " ".join(str(error).split())[:300]


def _must_be_new_enough(connection: BaseDatabaseWrapper) -> None:
    try:
        connection.check_database_version_supported()
    except NotSupportedError as error:
        raise _refused("old", gettext_noop("It is too old: %(said)s."), said=_said(error)) from error


def _must_keep_every_character(connection: BaseDatabaseWrapper) -> None:
    """Source: mariadb.com/kb/en/unicode (utf8mb3 has three bytes a character), postgresql.org/docs (multibyte)."""
    if connection.vendor == "mysql":
        characters, storage = _row(connection, "SELECT @@character_set_database, @@default_storage_engine")
        if characters != "utf8mb4":
            sentence = gettext_noop(
                "Its character set is %(characters)s, which cannot hold every name. "
                "Run ALTER DATABASE … CHARACTER SET utf8mb4 first."
            )
            raise _refused("characters", sentence, characters=characters)
        if str(storage).lower() != "innodb":
            sentence = gettext_noop(
                "Its tables would be kept by %(storage)s, which has no transactions. Make InnoDB the default."
            )
            raise _refused("storage", sentence, storage=storage)
    elif connection.vendor == "postgresql":
        (characters,) = _row(connection, "SELECT pg_encoding_to_char(encoding) FROM pg_database "
                                         "WHERE datname = current_database()")  # fmt: skip
        if characters != "UTF8":
            sentence = gettext_noop(
                "Its encoding is %(characters)s, which cannot hold every name. Create it with ENCODING 'UTF8'."
            )
            raise _refused("characters", sentence, characters=characters)


def _must_make_tables(connection: BaseDatabaseWrapper) -> None:
    name = connection.ops.quote_name(f"phonepay_trial_{secrets.token_hex(4)}")
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {name} (number integer)")
            cursor.execute(f"DROP TABLE {name}")
    except (DatabaseError, InterfaceError) as error:
        sentence = gettext_noop("The user may not make tables in it (%(said)s). Give the database to this user.")
        raise _refused("tables", sentence, said=_said(error)) from error


def _whose(connection: BaseDatabaseWrapper) -> Found:
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    product, version = _product(connection)
    if not tables:
        return Found(product, version, "empty")
    if _OURS not in tables:
        sentence = gettext_noop(
            "There are tables of another program in it, %(table)s for one. Create a database for Phone Pay alone."
        )
        raise _refused("foreign", sentence, table=min(tables))
    if _KEYS in tables and not _can_read_keys(connection):
        sentence = gettext_noop(
            "It is another Phone Pay's: its keys were encrypted with an encryption key that this machine does not "
            "have. Give this machine that key first, or use an empty database."
        )
        raise _refused("other_keys", sentence)
    (lines,) = _row(connection, f"SELECT COUNT(*) FROM {_OURS}")  # noqa: S608 # nosec B608 - a name of ours
    return Found(product, version, "ours", int(lines))


def _can_read_keys(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT value FROM {_KEYS}")  # noqa: S608 # nosec B608 - a name of ours
        tokens = [str(value).encode() for (value,) in cursor.fetchall()]
    try:
        for token in tokens:
            encryption.decrypt(token)
    except encryption.Unreadable:
        return False
    return True


def _product(connection: BaseDatabaseWrapper) -> tuple[str, str]:
    version = ".".join(str(part) for part in connection.get_database_version())
    maria = connection.vendor == "mysql" and getattr(connection, "mysql_is_mariadb", False)
    return "MariaDB" if maria else str(connection.display_name), version


def _row(connection: BaseDatabaseWrapper, statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()
