"""Which SQLite is loaded, what it may be trusted with, and the file it makes."""

import importlib.util
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from phonepay.configuration.sqlite import create_if_absent, is_wal_safe


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_the_versions_with_the_fault_are_known(version: tuple[int, int, int], safe: bool) -> None:
    assert is_wal_safe(version) is safe


def test_the_newer_sqlite_lies_under_django_where_there_is_one() -> None:
    if importlib.util.find_spec("pysqlite3") is None:
        pytest.skip("there is no wheel of pysqlite3 for this machine")
    assert sqlite3.__name__ == "pysqlite3"
    assert is_wal_safe(sqlite3.sqlite_version_info)


def test_processes_that_start_together_on_a_fresh_folder_all_find_the_database(tmp_path: Path) -> None:
    # Without a file made beforehand, "database is locked" meets one in thirty such starts.
    for attempt in range(20):
        path = tmp_path / str(attempt) / "file.sqlite3"
        together = threading.Barrier(4, timeout=30)
        failures: list[Exception] = []

        def start(path: Path = path, together: threading.Barrier = together) -> None:
            try:
                together.wait()
                create_if_absent(path)
                with closing(sqlite3.connect(path, timeout=5)) as connection:
                    connection.execute("PRAGMA journal_mode=WAL")
                    connection.execute("CREATE TABLE IF NOT EXISTS note (word)")
            except (sqlite3.Error, OSError) as error:
                failures.append(error)  # noqa: B023 - the threads end within the round

        threads = [threading.Thread(target=start) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert failures == []


def test_a_database_that_is_there_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "file.sqlite3"
    path.write_bytes(b"what is there")
    create_if_absent(path)
    assert path.read_bytes() == b"what is there"
