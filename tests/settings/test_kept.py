"""The addresses that are kept in the data folder: below the environment, whole or not at all, for us alone."""

import os
from pathlib import Path

import pytest

from phonepay.configuration import kept
from phonepay.configuration.environment import read_environment
from phonepay.configuration.errors import ConfigurationError

PUBLIC, DATABASE = "PHONEPAY_PUBLIC_URL", "PHONEPAY_DATABASE_URL"
SERVER = "postgresql://phonepay:secret@127.0.0.1/phonepay"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"PHONEPAY_DATA_DIR": str(tmp_path)}


def test_nothing_is_kept_at_first(tmp_path: Path) -> None:
    assert kept.read(tmp_path) == kept.Kept() and kept.stamp_of(tmp_path) == ""


def test_what_is_kept_counts_where_the_environment_sets_nothing(tmp_path: Path, environ: dict[str, str]) -> None:
    kept.keep(tmp_path, PUBLIC, "https://pay.example.com")
    environment = read_environment(environ)
    assert environment.public_url == "https://pay.example.com"
    assert environment.kept == {PUBLIC} and PUBLIC not in environment.given
    assert environment.kept_stamp == kept.stamp_of(tmp_path)


def test_the_environment_wins(tmp_path: Path, environ: dict[str, str]) -> None:
    kept.keep(tmp_path, PUBLIC, "https://kept.example")
    environment = read_environment(environ | {PUBLIC: "https://set.example"})
    assert environment.public_url == "https://set.example"
    assert environment.given >= {PUBLIC} and not environment.kept


def test_nobody_else_can_read_it(tmp_path: Path, environ: dict[str, str]) -> None:
    kept.keep(tmp_path, DATABASE, SERVER)
    file = tmp_path / kept.KEPT_FILE
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    with pytest.raises(ConfigurationError, match="can be read by others: run chmod 600"):
        read_environment(environ)


def test_a_database_that_is_kept_has_the_keys_of_the_data_folder(tmp_path: Path, environ: dict[str, str]) -> None:
    made = read_environment(environ)
    kept.keep(tmp_path, DATABASE, SERVER)
    now = read_environment(environ)
    assert not now.database.embedded and now.database.host == "127.0.0.1"
    assert (now.secret_key, now.encryption_keys) == (made.secret_key, made.encryption_keys)


def test_without_the_key_that_encrypted_it_a_kept_database_is_not_opened(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    kept.keep(tmp_path, DATABASE, SERVER)
    with pytest.raises(ConfigurationError, match="encryption_key is gone"):
        read_environment(environ)


def test_a_database_of_the_environment_still_needs_its_keys_there(environ: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="PHONEPAY_ENCRYPTION_KEY is not set"):
        read_environment(environ | {DATABASE: SERVER})


@pytest.mark.parametrize("text", ["", "{", "[]", '{"values": 7}', "null"])
def test_a_damaged_file_is_refused_with_what_to_do(tmp_path: Path, environ: dict[str, str], text: str) -> None:
    file = tmp_path / kept.KEPT_FILE
    file.touch(mode=0o600)
    file.write_text(text)
    with pytest.raises(ConfigurationError, match=r"settings\.json is damaged: take it away"):
        read_environment(environ)


def test_a_value_that_cannot_be_used_is_refused_by_its_file(tmp_path: Path, environ: dict[str, str]) -> None:
    kept.keep(tmp_path, PUBLIC, "http://pay.example.com")
    with pytest.raises(ConfigurationError, match=r"PHONEPAY_PUBLIC_URL, as it is kept in .*is not encrypted"):
        read_environment(environ)


def test_each_writing_has_a_stamp_of_its_own(tmp_path: Path) -> None:
    stamps = {kept.keep(tmp_path, PUBLIC, f"https://{name}.example").stamp for name in "abc"}
    assert len(stamps) == 3 and kept.stamp_of(tmp_path) in stamps


def test_an_address_that_was_given_up_counts_for_a_day(tmp_path: Path) -> None:
    for name in ("old", "newer", "newest"):
        kept.keep(tmp_path, PUBLIC, f"https://{name}.example")
    assert [address for address, _ in kept.read(tmp_path).before] == ["https://old.example", "https://newer.example"]


def test_an_address_that_is_taken_up_again_is_not_one_that_was_given_up(tmp_path: Path) -> None:
    for name in ("old", "newer", "old"):
        kept.keep(tmp_path, PUBLIC, f"https://{name}.example")
    assert [address for address, _ in kept.read(tmp_path).before] == ["https://newer.example"]


def test_what_is_forgotten_is_gone(tmp_path: Path) -> None:
    kept.keep(tmp_path, PUBLIC, "https://pay.example.com")
    assert PUBLIC not in kept.keep(tmp_path, PUBLIC, None).values


def test_where_the_rows_are_is_known_until_they_were_moved(tmp_path: Path) -> None:
    kept.keep(tmp_path, DATABASE, SERVER, move_from="sqlite:////old.sqlite3")
    kept.keep(tmp_path, PUBLIC, "https://pay.example.com")
    stamp = kept.stamp_of(tmp_path)
    assert kept.read(tmp_path).move_from == "sqlite:////old.sqlite3"
    kept.moved(tmp_path)
    assert (kept.read(tmp_path).move_from, kept.stamp_of(tmp_path)) == (None, stamp)


def test_a_change_that_cannot_be_used_is_taken_back_with_the_reason(tmp_path: Path) -> None:
    earlier = kept.keep(tmp_path, PUBLIC, "https://pay.example.com")
    kept.keep(tmp_path, DATABASE, SERVER, move_from="sqlite:////old.sqlite3")
    kept.take_back(tmp_path, earlier, "It does not answer.")
    now = kept.read(tmp_path)
    assert (now.values, now.stamp) == (earlier.values, earlier.stamp)
    assert (now.failure, now.move_from) == ("It does not answer.", None)
    assert kept.keep(tmp_path, PUBLIC, "https://other.example").failure == ""


def test_a_password_is_in_no_repr(tmp_path: Path) -> None:
    assert "secret" not in repr(kept.keep(tmp_path, DATABASE, SERVER, move_from=SERVER))


def test_a_writing_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept.keep(tmp_path, PUBLIC, "https://pay.example.com")

    def full(handle: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        kept.keep(tmp_path, PUBLIC, "https://other.example")
    assert kept.read(tmp_path) == before
    assert sorted(each.name for each in tmp_path.iterdir()) == [kept.KEPT_FILE, f"{kept.KEPT_FILE}.lock"]
