"""A start as a process meets it: settings are refused or taken before anything else happens."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import override_settings

from phonepay.configuration.checks import sqlite_can_write_ahead, unknown_names

SHOWS = (
    "import phonepay.settings as s; print(s.DATABASES['default']['ENGINE'], s.ALLOWED_HOSTS, s.SESSION_COOKIE_SECURE)"
)


def start(repository: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PHONEPAY_")}
    return subprocess.run(
        [sys.executable, "-c", SHOWS], cwd=repository, env=kept | environ, capture_output=True, text=True, check=False
    )


def test_a_wrong_value_stops_the_start_and_ends_with_the_sentence(repository: Path, tmp_path: Path) -> None:
    started = start(repository, PHONEPAY_DATA_DIR=str(tmp_path), PHONEPAY_STRIPE_SECRET_KEY="pk_test_0000000000")
    assert started.returncode != 0
    assert "PHONEPAY_STRIPE_SECRET_KEY is the publishable key" in started.stderr.splitlines()[-1]


def test_an_installation_with_nothing_set_starts(repository: Path, tmp_path: Path) -> None:
    started = start(repository, XDG_DATA_HOME=str(tmp_path))
    assert started.stdout == "django.db.backends.sqlite3 ['*'] False\n"
    assert (tmp_path / "phonepay" / "secret_key").exists()


@pytest.mark.parametrize(
    ("url", "engine"), [("postgresql://host/name", "postgresql"), ("mariadb://host/name", "mysql")]
)
def test_a_database_of_its_own_needs_its_address_alone(repository: Path, url: str, engine: str) -> None:
    started = start(
        repository,
        PHONEPAY_DATABASE_URL=url,
        PHONEPAY_SECRET_KEY=os.environ["PHONEPAY_SECRET_KEY"],
        PHONEPAY_ENCRYPTION_KEY=os.environ["PHONEPAY_ENCRYPTION_KEY"],
        PHONEPAY_PUBLIC_URL="https://pay.example",
    )
    assert started.stdout.startswith(f"django.db.backends.{engine} ")
    assert started.stdout.endswith(" True\n")


@override_settings(PHONEPAY_UNKNOWN_NAMES=("PHONEPAY_PORT",))
def test_a_name_that_nobody_reads_is_pointed_out() -> None:
    (warning,) = unknown_names()
    assert warning.msg == "PHONEPAY_PORT is set, but no such name is read."


def test_an_old_sqlite_is_pointed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 40, 1))
    embedded = os.environ.get("PHONEPAY_TEST_DATABASE", "sqlite") == "sqlite"
    assert [message.id for message in sqlite_can_write_ahead()] == (["phonepay.W002"] if embedded else [])
