"""Reading a whole database at one moment, and putting one back, with each engine's own means.

A database is put back together with the hold, so that nobody can read the one without the other: on SQLite and
PostgreSQL in one transaction; MariaDB has none for tables, which is why nobody may be connected meanwhile.
"""

import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

from phonepay.cli.refusal import CommandRefused

_PROGRAMS = {"pg_dump": "postgresql-client", "psql": "postgresql-client", "mariadb-dump": "mariadb-client",
             "mariadb": "mariadb-client"}  # fmt: skip
_LOOKS, _LOOK_SECONDS = 20, 0.1
_OLDER_NAMES = {"mariadb-dump": "mysqldump", "mariadb": "mysql"}


def dump(into: Path) -> None:
    """Write the whole database, as it is at one moment, to the new file `into`. Writers go on meanwhile."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(into)])
        return
    with into.open("xb") as file:
        if connection.vendor == "postgresql":
            _run([*_program("pg_dump"), "--no-owner", "--no-privileges"], into=file)
        else:
            words = ["--single-transaction", "--skip-lock-tables", "--hex-blob", "--no-tablespaces"]
            _run([*_program("mariadb-dump"), *words, _name()], into=file)


def put_back(dumped: Path, *, missing_since: datetime, now: datetime) -> None:
    """Replace all that is in the database by a dump, with the hold on."""
    hold = (missing_since, now)
    if connection.vendor == "sqlite":
        _put_back_file(dumped, hold)
    elif connection.vendor == "postgresql":
        _put_back_postgresql(dumped, hold)
    else:
        _put_back_mariadb(dumped, hold)


def others_connected() -> int:
    """How many others are connected to this database; 0 where it cannot be known (an embedded one)."""
    asked = {
        # Our own pool may open two or three at once, all of them now.
        "postgresql": "SELECT count(*) FROM pg_stat_activity AS other, pg_stat_activity AS own "
        "WHERE own.pid = pg_backend_pid() AND other.datname = own.datname AND other.backend_type = 'client backend' "
        "AND other.backend_start < own.backend_start - interval '1 second'",
        "mysql": "SELECT count(*) FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()",
    }.get(connection.vendor)
    if asked is None:
        return 0
    _leave()  # else we would count our own
    others = 0
    for _ in range(_LOOKS):
        with connection.cursor() as cursor:
            cursor.execute(asked)
            others = int(cursor.fetchone()[0])
        if not others:
            break
        threading.Event().wait(_LOOK_SECONDS)  # what has just been closed is still counted for a moment
    return others


def _put_back_file(dumped: Path, hold: tuple[datetime, datetime]) -> None:
    with closing(sqlite3.connect(dumped)) as source:
        whole = source.execute("PRAGMA integrity_check").fetchone()[0]
        if whole != "ok":
            raise CommandRefused(f"The database in this backup is damaged: {whole}. Nothing was changed.")
        source.executescript(_hold_sql("payments_hold", hold))
        source.commit()
        connection.close()
        # Within SQLite, not by moving files: whoever has the database open sees the old one or the new one.
        with closing(sqlite3.connect(_name(), timeout=30)) as target:
            source.backup(target)


def _put_back_postgresql(dumped: Path, hold: tuple[datetime, datetime]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = cursor.fetchone()[0]
        there = [connection.ops.quote_name(name) for name in connection.introspection.table_names(cursor)]
    before = dumped.with_suffix(".before.sql")
    before.write_text(f"DROP TABLE IF EXISTS {', '.join(there)} CASCADE;\n" if there else "", "utf-8")
    after = dumped.with_suffix(".after.sql")
    after.write_text(_hold_sql(f'"{schema}".payments_hold', hold), "utf-8")
    _leave()
    files = [word for path in (before, dumped, after) for word in ("--file", str(path))]
    once = ["--single-transaction", "--set", "ON_ERROR_STOP=1", "--no-psqlrc", "--quiet"]
    _run([*_program("psql"), *once, *files])


def _put_back_mariadb(dumped: Path, hold: tuple[datetime, datetime]) -> None:
    with connection.cursor() as cursor:
        there = [connection.ops.quote_name(name) for name in connection.introspection.table_names(cursor)]
    _leave()
    drop = f"SET FOREIGN_KEY_CHECKS=0; DROP TABLE IF EXISTS {', '.join(there)};" if there else ""
    program = [*_program("mariadb"), _name()]
    if drop:
        _run([*program, "--execute", drop])
    with dumped.open("rb") as file:
        _run(program, from_=file)
    _run([*program, "--execute", _hold_sql("payments_hold", hold)])


def _hold_sql(table: str, hold: tuple[datetime, datetime]) -> str:
    """One hold, on; one that was on at the time of the backup goes on, for what it misses is missed still."""
    zone = "+00" if connection.vendor == "postgresql" else ""
    since, now = (f"'{moment:%Y-%m-%d %H:%M:%S.%f}{zone}'" for moment in hold)
    columns = "active, why, missing_since, put_at, put_by, lifted_by"
    # Names and times of our own making, no text from anywhere else.
    return (
        f"UPDATE {table} SET put_at = {now} WHERE active;\n"  # noqa: S608  # nosec B608
        f"INSERT INTO {table} ({columns}) SELECT true, 'restore', {since}, {now}, 'phonepay restore', '' "
        f"FROM (SELECT 1) AS one WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE active);\n"
    )


def _leave() -> None:
    """Our own connections must not lock what is replaced."""
    connection.close()
    if hasattr(connection, "close_pool"):  # PostgreSQL's
        connection.close_pool()


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _program(name: str) -> list[str]:
    found = shutil.which(name) or shutil.which(_OLDER_NAMES.get(name, name))
    if found is None:
        raise CommandRefused(f"{name} is not on this machine. Install it: apt install {_PROGRAMS[name]}.")
    if connection.vendor == "postgresql":
        return [found, "--no-password"]
    options = connection.settings_dict["OPTIONS"]
    given = {
        "host": connection.settings_dict["HOST"],
        "port": connection.settings_dict["PORT"],
        "user": connection.settings_dict["USER"],
        "socket": options.get("unix_socket"),
        "ssl-ca": options.get("ssl_ca"),
        "ssl-cert": options.get("ssl_cert"),
        "ssl-key": options.get("ssl_key"),
        "default-character-set": "utf8mb4",
    }
    return [found, "--no-defaults", *(f"--{option}={value}" for option, value in given.items() if value)]


def _environment() -> dict[str, str]:
    """Passwords go by the environment: a command line is read by every user of the machine."""
    database = connection.settings_dict
    if connection.vendor != "postgresql":
        return os.environ | {"MYSQL_PWD": database["PASSWORD"]}
    given = {
        "PGHOST": database["HOST"],
        "PGPORT": database["PORT"],
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGDATABASE": database["NAME"],
    }
    passed = ("host", "sslmode", "sslrootcert", "sslcert", "sslkey")
    given |= {f"PG{name.upper()}": database["OPTIONS"][name] for name in passed if name in database["OPTIONS"]}
    return os.environ | {name: str(value) for name, value in given.items() if value}


def _run(command: Sequence[str], *, into: Any = None, from_: Any = subprocess.DEVNULL) -> None:
    ended = subprocess.run(
        command, stdin=from_, stdout=into or subprocess.DEVNULL, stderr=subprocess.PIPE, env=_environment(), check=False
    )
    if ended.returncode:
        said = ended.stderr.decode(errors="replace").strip()
        raise CommandRefused(f"{Path(command[0]).name} did not do it: {said}")
