"""Each database as the product runs it: its limits, its strictness, what it compares."""

import threading

import pytest
from django.core.checks import run_checks
from django.db import DatabaseError, OperationalError, connection, transaction

pytestmark = pytest.mark.database


# What each server says of the session that the product opened.
SESSION = {
    "sqlite": {
        "PRAGMA journal_mode": "wal",
        "PRAGMA synchronous": 2,  # FULL: what was committed survives a loss of power
        "PRAGMA foreign_keys": 1,
        "PRAGMA busy_timeout": 5000,
    },
    "postgresql": {
        "SHOW statement_timeout": "10s",
        "SHOW lock_timeout": "5s",
        "SHOW idle_in_transaction_session_timeout": "30s",
        "SHOW transaction_isolation": "read committed",
    },
    "mysql": {
        "SELECT @@max_statement_time": 10.0,
        "SELECT @@innodb_lock_wait_timeout": 5,
        "SELECT @@tx_isolation": "READ-COMMITTED",
        "SELECT @@character_set_connection": "utf8mb4",
        "SELECT @@sql_mode LIKE '%STRICT_TRANS_TABLES%'": 1,
    },
}


def ask(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_the_configuration_has_nothing_to_complain_of() -> None:
    assert [each for each in run_checks(databases=["default"]) if not each.is_silenced()] == []


@pytest.mark.django_db
def test_a_session_has_its_limits_and_its_strictness() -> None:
    expected = SESSION[connection.vendor]
    assert {question: ask(question) for question in expected} == expected


@pytest.mark.django_db
def test_every_worker_has_a_database_of_its_own_that_threads_can_meet_in() -> None:
    assert "memory" not in str(connection.settings_dict["NAME"])


@pytest.mark.django_db
def test_every_character_survives() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s", ["Łódź 🧾 ñ"])
        assert cursor.fetchone() == ("Łódź 🧾 ñ",)


@pytest.mark.django_db(transaction=True)
def test_two_writers_wait_for_each_other() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE tooling_counter (id integer PRIMARY KEY, total integer NOT NULL)")
        cursor.execute("INSERT INTO tooling_counter VALUES (1, 0)")
    together = threading.Barrier(4, timeout=30)
    failures: list[Exception] = []

    def count_up() -> None:
        try:
            together.wait()
            for _ in range(10):
                with transaction.atomic(durable=True), connection.cursor() as cursor:
                    cursor.execute("UPDATE tooling_counter SET total = total + 1 WHERE id = 1")
        except (OperationalError, threading.BrokenBarrierError) as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    try:
        assert failures == []
        assert ask("SELECT total FROM tooling_counter") == 40
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE tooling_counter")


@pytest.mark.django_db
def test_a_number_in_the_wrong_place_is_refused_and_not_made_to_fit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE tooling_sum (total integer NOT NULL CHECK (total > 0))")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("INSERT INTO tooling_sum VALUES (0)")
