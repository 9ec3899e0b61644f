"""A database's address, as one writes it in the environment, into Django's own words."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.utils.translation import gettext_noop

from phonepay.configuration.sqlite import Version, journal_mode

ENGINES = {
    "sqlite": "sqlite",
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
}

# Passed on to the driver as they are: encryption, and where a socket lies.
PASSED_ON = {
    "postgresql": {"host", "sslmode", "sslrootcert", "sslcert", "sslkey", "application_name"},
    "mysql": {"unix_socket", "ssl_ca", "ssl_cert", "ssl_key", "ssl_verify_cert", "ssl_verify_identity"},
}

CONNECT_SECONDS = 5
LOCK_SECONDS = 5
SILENT_SECONDS = 2  # after a statement's own bound, for a server that says nothing any more

# A turn of a call holds its transaction for milliseconds; what forgets one must not hold the call's lock.
IDLE_IN_TRANSACTION_SECONDS = 30

STRICT_SQL_MODE = "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION"


@dataclass(frozen=True)
class DatabaseAddress:
    """Where the database is. `engine` is sqlite, postgresql or mysql (which MariaDB is too)."""

    engine: str
    name: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: int | None = None
    options: tuple[tuple[str, str], ...] = ()

    @property
    def embedded(self) -> bool:
        """Whether the database is a file of ours, which `serve` migrates and whose keys lie beside it."""
        return self.engine == "sqlite"

    def __repr__(self) -> str:
        return f"DatabaseAddress({self.engine}, {self.name!r}, host={self.host!r}, port={self.port})"


def parse_database_url(text: str) -> DatabaseAddress:
    """Read `sqlite:////folder/file`, `postgresql://user:password@host:port/name`, `mysql://…`, `mariadb://…`.

    Raises ValueError with what is wrong and what to do.
    """
    try:
        url = urlsplit(text)
    except ValueError:
        raise ValueError(gettext_noop("is no address: write it as postgresql://user:password@host/name")) from None
    if url.fragment:
        raise ValueError(
            gettext_noop("holds a #: write it as %23 (and @ as %40, / as %2F) within a name or a password")
        )
    engine = ENGINES.get(url.scheme)
    if engine is None:
        raise ValueError(
            gettext_noop(
                "names no database that is known: write sqlite:////folder/file.sqlite3, "
                "postgresql://user:password@host/name, mysql://… or mariadb://…"
            )
        )
    if engine == "sqlite":
        return _embedded(url)
    name = unquote(url.path.lstrip("/"))
    if not name or "/" in name:
        raise ValueError(gettext_noop("must end with the name of one database: …@host/phonepay"))
    options = tuple(parse_qsl(url.query))
    foreign = sorted({key for key, _ in options} - PASSED_ON[engine])
    if foreign:
        raise ValueError(
            f"has the option {foreign[0]}, which is not passed on: take it out, or use one of "
            f"{', '.join(sorted(PASSED_ON[engine]))}"
        )
    try:
        port = url.port
    except ValueError:
        raise ValueError(gettext_noop("has a port that is no number from 0 to 65535: write it as host:5432")) from None
    return DatabaseAddress(
        engine,
        name,
        unquote(url.username or ""),
        unquote(url.password or ""),
        unquote(url.hostname or ""),
        port,
        options,
    )


def _embedded(url: SplitResult) -> DatabaseAddress:
    path = Path(unquote(url.path.removeprefix("/")))
    if url.netloc or url.query or not path.is_absolute():
        raise ValueError(
            gettext_noop("must name a file by its whole path, after four slashes: sqlite:////folder/file.sqlite3")
        )
    if path.is_dir():
        raise ValueError(gettext_noop("names a folder: name a file in it, as in sqlite:////folder/file.sqlite3"))
    return DatabaseAddress("sqlite", str(path))


def django_database(
    address: DatabaseAddress, *, statement_seconds: int, connections: int, sqlite_version: Version
) -> dict[str, Any]:
    """One entry of Django's DATABASES.

    `statement_seconds` bounds every statement (0: no bound), `connections` the pool of one process.
    """
    if address.engine == "sqlite":
        return _sqlite(address, sqlite_version)
    database: dict[str, Any] = {
        "NAME": address.name,
        "USER": address.user,
        "PASSWORD": address.password,
        "HOST": address.host,
        "PORT": "" if address.port is None else str(address.port),
    }
    if address.engine == "postgresql":
        return database | _postgresql(address, statement_seconds, connections)
    return database | _mysql(address, statement_seconds)


def _sqlite(address: DatabaseAddress, version: Version) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": address.name,
        # The last to close a write-ahead log folds it in and deletes it: 1.4 ms a request instead of 0.3.
        "CONN_MAX_AGE": None,
        # The same file options for tests: in memory WAL does not apply and threads cannot meet.
        "TEST": {"NAME": f"{address.name}.test"},
        "OPTIONS": {
            # Read-then-write fails at once under the default, when somebody else wrote in between.
            "transaction_mode": "IMMEDIATE",
            "timeout": LOCK_SECONDS,
            # FULL: a committed payment must survive a loss of power.
            "init_command": f"PRAGMA journal_mode={journal_mode(version)}; PRAGMA synchronous=FULL",
        },
    }


def _postgresql(address: DatabaseAddress, statement_seconds: int, connections: int) -> dict[str, Any]:
    limits = {
        "statement_timeout": statement_seconds * 1000,
        "lock_timeout": LOCK_SECONDS * 1000,
        "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_SECONDS * 1000,
    }
    options: dict[str, Any] = {
        "connect_timeout": CONNECT_SECONDS,
        "options": " ".join(f"-c {name}={milliseconds}" for name, milliseconds in limits.items()),
        # A pooled connection whose server has restarted is replaced instead of failing a caller.
        "pool": {"min_size": 1, "max_size": connections, "timeout": CONNECT_SECONDS},
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        # The pool keeps them.
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options | dict(address.options),
    }


def _mysql(address: DatabaseAddress, statement_seconds: int) -> dict[str, Any]:
    # Each server reads its own comment: MariaDB counts seconds, MySQL milliseconds and SELECTs only.
    # https://mariadb.com/kb/en/comment-syntax/: MariaDB skips MySQL's versions 50700 to 99999.
    limits = (
        f"SET SESSION sql_mode='{STRICT_SQL_MODE}', SESSION innodb_lock_wait_timeout={LOCK_SECONDS}"
        f" /*M! , SESSION max_statement_time={statement_seconds} */"
        f" /*!80000 , SESSION max_execution_time={statement_seconds * 1000} */"
    )
    options: dict[str, Any] = {
        "charset": "utf8mb4",
        "isolation_level": "read committed",
        "init_command": limits,
        "connect_timeout": CONNECT_SECONDS,
    }
    if statement_seconds:
        # The server ends the statement first and says so; this is for a server that says nothing any more.
        options |= {
            "read_timeout": statement_seconds + SILENT_SECONDS,
            "write_timeout": statement_seconds + SILENT_SECONDS,
        }
    return {
        "ENGINE": "django.db.backends.mysql",
        # Opening one takes longer than a turn's statements; a kept one that has died is replaced at the next request.
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"CHARSET": "utf8mb4"},
        "OPTIONS": options | dict(address.options),
    }
