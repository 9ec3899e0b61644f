"""Another database: tried before it is kept, and everything moved into it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import ProgrammingError, connections

from phonepay.configuration import encryption
from phonepay.configuration.addresses import parse_database_url
from phonepay.configuration.database_trial import DatabaseRefused, connect, try_database
from tests.databases.created import created
from tests.databases.servers import KINDS, private_server

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", params=["sqlite", *KINDS])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    kind: str = request.param
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('another')}/another.sqlite3"
        return
    if KINDS[kind].find() is None:
        pytest.skip(f"{kind} is not on this machine")
    with private_server(kind) as address:
        yield address


@pytest.fixture
def url(server: str) -> str:
    """An empty database of each kind that is on this machine."""
    if server.startswith("sqlite"):
        return server
    with contextlib.suppress(ProgrammingError):  # the test before made it
        created(server)
    return server


@pytest.fixture
def asked(url: str) -> Iterator[Any]:
    """Statements in it; all tables are gone afterwards."""
    connection = connect(parse_database_url(url))
    with connection.cursor() as cursor:
        yield cursor.execute
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE {table}")
    connection.close()


def reason(url: str) -> str:
    with pytest.raises(DatabaseRefused) as refused:
        try_database(url)
    assert str(refused.value).endswith(".")
    return refused.value.reason


def test_an_empty_database_will_do_and_stays_empty(url: str) -> None:
    found = try_database(url)
    assert found.state == "empty" and found.version[0].isdigit()
    assert try_database(url) == found


def test_tables_of_another_program_are_told(url: str, asked: Any) -> None:
    asked("CREATE TABLE wordpress_posts (id integer)")
    assert reason(url) == "foreign"


def test_a_phone_pay_that_is_there_is_told(url: str, asked: Any) -> None:
    asked("CREATE TABLE merchant_line (id integer)")
    asked("CREATE TABLE merchant_credential (value text)")
    asked("INSERT INTO merchant_line VALUES (1), (2)")
    asked("INSERT INTO merchant_credential VALUES (%s)", [encryption.encrypt(b"a key").decode()])
    found = try_database(url)
    assert (found.state, found.lines) == ("ours", 2)


def test_a_phone_pay_whose_keys_we_cannot_read_is_refused(url: str, asked: Any) -> None:
    asked("CREATE TABLE merchant_line (id integer)")
    asked("CREATE TABLE merchant_credential (value text)")
    asked("INSERT INTO merchant_credential VALUES ('of another machine')")
    assert reason(url) == "other_keys"


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ("postgresql://127.0.0.1:1/phonepay", "unreachable"),
        ("mysql://root@127.0.0.1:1/phonepay", "unreachable"),
        ("sqlite:////proc/nowhere/phonepay.sqlite3", "unreachable"),
        ("oracle://127.0.0.1/phonepay", "form"),
    ],
)
def test_what_cannot_be_asked_is_refused(wrong: str, expected: str) -> None:
    assert reason(wrong) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_a_database_that_cannot_hold_every_name_is_refused(kind: str) -> None:
    if KINDS[kind].find() is None:
        pytest.skip(f"{kind} is not on this machine")
    poor = {
        "postgresql": "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0",
        "mariadb": "CHARACTER SET utf8mb3",
    }[kind]
    with private_server(kind) as address:
        assert reason(created(address, "poor", poor)) == "characters"


def test_its_password_is_in_no_sentence() -> None:
    with pytest.raises(DatabaseRefused) as refused:
        try_database("postgresql://phonepay:hunter2hunter2@127.0.0.1:1/phonepay")
    assert "hunter2" not in str(refused.value) + repr(refused.value.facts)


def test_the_trial_leaves_no_connection_of_ours_behind(tmp_path: Path) -> None:
    before = set(connections.databases)
    try_database(f"sqlite:///{tmp_path}/new.sqlite3")
    assert set(connections.databases) == before
