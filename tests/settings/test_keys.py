"""The keys that are made once in the data folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from phonepay.configuration.environment import read_environment
from phonepay.configuration.errors import ConfigurationError
from phonepay.configuration.keys import key_made_once, new_encryption_key, write_keys

# Waits until all are there, so that they meet at the same moment.
MAKES_A_KEY = """
import sys
from pathlib import Path
from phonepay.configuration.keys import key_made_once, new_secret_key
print("here", flush=True)
sys.stdin.readline()
print(key_made_once(Path(sys.argv[1]), new_secret_key), flush=True)
"""


def test_a_second_start_finds_the_keys_of_the_first(tmp_path: Path) -> None:
    environ = {"PHONEPAY_DATA_DIR": str(tmp_path)}
    first, second = read_environment(environ), read_environment(environ)
    assert (first.secret_key, first.encryption_keys) == (second.secret_key, second.encryption_keys)


def test_two_installations_have_different_keys(tmp_path: Path) -> None:
    one, other = (read_environment({"PHONEPAY_DATA_DIR": str(tmp_path / name)}) for name in ("one", "other"))
    assert one.secret_key != other.secret_key
    assert one.encryption_keys != other.encryption_keys


@pytest.mark.parametrize("name", ["secret_key", "encryption_key", "phonepay.sqlite3"])
def test_nobody_else_can_read_what_is_kept(tmp_path: Path, name: str) -> None:
    before = os.umask(0)
    try:
        read_environment({"PHONEPAY_DATA_DIR": str(tmp_path)})
    finally:
        os.umask(before)
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_nothing_is_left_beside_the_keys(tmp_path: Path) -> None:
    read_environment({"PHONEPAY_DATA_DIR": str(tmp_path)})
    assert {path.name for path in tmp_path.iterdir()} == {"secret_key", "encryption_key", "phonepay.sqlite3"}


def test_processes_that_start_together_get_one_key(tmp_path: Path, repository: Path) -> None:
    command = [sys.executable, "-c", MAKES_A_KEY, str(tmp_path / "key")]
    processes = [
        subprocess.Popen(command, cwd=repository, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
    keys = set()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        said, _ = process.communicate(timeout=30)
        keys.add(said)
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_the_one_that_comes_second_takes_the_key_of_the_first(tmp_path: Path) -> None:
    path = tmp_path / "key"

    def overtaken() -> str:
        # Another process makes its key between our look and our link.
        key_made_once(path, lambda: "theirs")
        return "ours"

    assert key_made_once(path, overtaken) == "theirs"


def test_a_key_that_others_can_read_is_refused_with_the_remedy(tmp_path: Path) -> None:
    read_environment({"PHONEPAY_DATA_DIR": str(tmp_path)})
    (tmp_path / "secret_key").chmod(0o644)
    with pytest.raises(ConfigurationError, match=r"run chmod 600"):
        read_environment({"PHONEPAY_DATA_DIR": str(tmp_path)})


def test_a_lost_encryption_key_is_not_silently_replaced(tmp_path: Path) -> None:
    environ = {"PHONEPAY_DATA_DIR": str(tmp_path)}
    read_environment(environ)
    (tmp_path / "encryption_key").unlink()
    with pytest.raises(ConfigurationError, match=r"put the file back, or set PHONEPAY_ENCRYPTION_KEY"):
        read_environment(environ)
    assert read_environment(environ | {"PHONEPAY_ENCRYPTION_KEY": new_encryption_key()})


def test_a_damaged_key_is_refused(tmp_path: Path) -> None:
    environ = {"PHONEPAY_DATA_DIR": str(tmp_path)}
    read_environment(environ)
    (tmp_path / "encryption_key").write_text("half a k")
    with pytest.raises(ConfigurationError, match=r"A key that is kept in .* is not a Fernet key"):
        read_environment(environ)


def test_the_name_of_a_new_key_survives_a_loss_of_power_as_its_text_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr("os.fsync", lambda handle: synced.append(os.fstat(handle).st_ino))
    path = tmp_path / "encryption_key"
    write_keys(path, [new_encryption_key()])
    assert synced == [path.stat().st_ino, tmp_path.stat().st_ino]
