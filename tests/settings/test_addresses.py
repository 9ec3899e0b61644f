"""A database's address into Django's own words."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.configuration.addresses import DatabaseAddress, django_database, parse_database_url

SAFE, UNSAFE = (3, 53, 4), (3, 40, 1)


def database(url: str, *, statement_seconds: int = 10, version: tuple[int, int, int] = SAFE) -> dict[str, object]:
    address = parse_database_url(url)
    return django_database(address, statement_seconds=statement_seconds, connections=16, sqlite_version=version)


@given(user=st.text(min_size=1), password=st.text(min_size=1), name=st.text("abc_-%09 é", min_size=1))
def test_whatever_is_escaped_arrives_as_it_was(user: str, password: str, name: str) -> None:
    url = f"postgresql://{quote(user, safe='')}:{quote(password, safe='')}@host:5433/{quote(name, safe='')}"
    assert parse_database_url(url) == DatabaseAddress("postgresql", name, user, password, "host", 5433)


def test_a_password_does_not_show_where_an_address_is_printed() -> None:
    assert "hidden" not in repr(parse_database_url("mysql://user:hidden@host/name"))


@pytest.mark.parametrize("scheme", ["mysql", "mariadb"])
def test_mariadb_is_reached_as_mysql(scheme: str) -> None:
    assert database(f"{scheme}://host/name")["ENGINE"] == "django.db.backends.mysql"


def test_options_of_encryption_are_passed_on() -> None:
    options = database("postgresql://host/name?sslmode=verify-full&sslrootcert=/ca.pem")["OPTIONS"]
    assert isinstance(options, dict)
    assert (options["sslmode"], options["sslrootcert"]) == ("verify-full", "/ca.pem")


def test_no_limit_means_no_limit_for_the_socket_either() -> None:
    options = database("mysql://host/name", statement_seconds=0)["OPTIONS"]
    assert isinstance(options, dict)
    assert "read_timeout" not in options


@pytest.mark.parametrize(("version", "mode"), [(SAFE, "WAL"), (UNSAFE, "DELETE")])
def test_an_sqlite_that_corrupts_a_write_ahead_log_gets_none(version: tuple[int, int, int], mode: str) -> None:
    options = database("sqlite:////folder/file", version=version)["OPTIONS"]
    assert isinstance(options, dict)
    assert f"journal_mode={mode};" in options["init_command"]


def test_only_sqlite_is_embedded() -> None:
    urls = ["sqlite:////folder/file", "postgresql://host/name", "mysql://host/name"]
    assert [parse_database_url(url).embedded for url in urls] == [True, False, False]
