"""Which SQLite is loaded, and what it may be trusted with."""

import importlib
import os
import secrets
import sys
from contextlib import closing
from pathlib import Path

Version = tuple[int, int, int]


def prefer_bundled_sqlite() -> None:
    """Put pysqlite3's newer SQLite under everything that imports sqlite3, where there is a wheel of it.

    Must run before Django imports sqlite3. Elsewhere the standard module stays.
    """
    try:
        bundled = importlib.import_module("pysqlite3")
    except ImportError:
        return
    sys.modules["sqlite3"] = bundled
    sys.modules["sqlite3.dbapi2"] = importlib.import_module("pysqlite3.dbapi2")


def is_wal_safe(version: Version) -> bool:
    """Whether two connections of this SQLite may write one WAL database at the same moment.

    Versions 3.7.0 to 3.51.2 can corrupt it, but for the patched 3.44.6 and 3.50.7
    (https://www.sqlite.org/wal.html, "The WAL-Reset Bug").
    """
    if version >= (3, 51, 3):
        return True
    return (3, 44, 6) <= version < (3, 45, 0) or (3, 50, 7) <= version < (3, 51, 0)


def journal_mode(version: Version) -> str:
    """WAL where it is safe; the older DELETE (readers wait for writers) where it is not."""
    return "WAL" if is_wal_safe(version) else "DELETE"


def create_if_absent(path: Path) -> None:
    """Make the embedded database's file, empty, in its journal mode, with mode 0600.

    Several processes may start at once on a fresh folder, and turning the journal over fails for all but one of them,
    whatever the time-out: so each turns a file of its own, and the first one's gets the name. Raises OSError.
    """
    import sqlite3  # after the shim, which this module is

    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    os.close(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(sqlite3.connect(own)) as connection:
            connection.execute(f"PRAGMA journal_mode={journal_mode(sqlite3.sqlite_version_info)}")
        try:
            os.link(own, path)
        except FileExistsError:
            return
    except sqlite3.Error as error:
        raise OSError(str(error)) from error
    finally:
        own.unlink()
