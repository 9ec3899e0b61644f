"""The three addresses of those who watch: alive, ready, and the numbers, which only the token opens."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import Settings

from phonepay.configuration import running
from phonepay.monitoring import readiness

TOKEN = "0123456789abcdef-of-the-tests"


@pytest.fixture
def not_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has just started."""
    monkeypatch.setattr(readiness, "_migrated", False)


def test_it_is_ready_where_all_is_there(db: None, not_looked: None) -> None:
    response = Client().get("/readyz")
    assert (response.status_code, response.content) == (200, b"ready\n")


def test_once_the_tables_were_seen_one_statement_is_enough(
    db: None, not_looked: None, django_assert_num_queries
) -> None:
    Client().get("/readyz")
    with django_assert_num_queries(1):
        assert Client().get("/readyz").status_code == 200


def test_a_database_that_lacks_a_migration_is_not_ready(db: None, not_looked: None) -> None:
    applied = MigrationRecorder(connection)
    applied.record_unapplied("calls", max(name for app, name in applied.applied_migrations() if app == "calls"))
    response = Client().get("/readyz")
    assert (response.status_code, response.content) == (503, b"not ready: migrations\n")


def test_a_database_that_is_away_is_not_ready(
    transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("takes SQLite's file away")
    connection.close()
    with monkeypatch.context() as away:
        away.setitem(connection.settings_dict, "NAME", str(tmp_path / "gone" / "nothing.sqlite3"))
        response = Client().get("/readyz")
    assert (response.status_code, response.content) == (503, b"not ready: database\n")


def test_told_to_end_it_is_not_ready_while_it_is_alive(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_folder", tmp_path)
    assert Client().get("/readyz").status_code == 200
    running.mark_ending(tmp_path)
    assert Client().get("/readyz").content == b"not ready: stopping\n"
    assert Client().get("/healthz").status_code == 200


def test_without_a_token_in_the_settings_there_are_no_metrics(db: None, settings: Settings) -> None:
    settings.PHONEPAY_METRICS_TOKEN = None
    assert Client(headers={"Authorization": "Bearer "}).get("/metrics").status_code == 404


@pytest.mark.parametrize("sent", ["", TOKEN, f"Bearer {TOKEN}x", "Bearer", f"Basic {TOKEN}", "Bearer é"])
def test_whoever_lacks_the_token_gets_nothing(db: None, settings: Settings, sent: str) -> None:
    settings.PHONEPAY_METRICS_TOKEN = TOKEN
    response = Client(headers={"Authorization": sent} if sent else {}).get("/metrics")
    assert (response.status_code, response.content) == (401, b"")


def test_the_token_opens_the_metrics(db: None, settings: Settings) -> None:
    settings.PHONEPAY_METRICS_TOKEN = TOKEN
    response = Client(headers={"Authorization": f"Bearer {TOKEN}"}).get("/metrics")
    assert response.status_code == 200 and b"phonepay_database_up 1.0" in response.content
    assert response.headers["Cache-Control"].startswith("no-store")


@pytest.mark.parametrize("path", ["/readyz", "/metrics"])
def test_they_are_only_read(db: None, settings: Settings, path: str) -> None:
    settings.PHONEPAY_METRICS_TOKEN = TOKEN
    assert Client(headers={"Authorization": f"Bearer {TOKEN}"}).post(path).status_code == 405
