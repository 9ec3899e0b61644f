"""Which SQLite is loaded, and what it may be trusted with."""

import importlib
import sys

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
