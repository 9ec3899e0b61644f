"""What the command says of itself, and how it ends."""

import subprocess
import sys
from pathlib import Path

import pytest

from phonepay.configuration.environment import environment_rows
from tests.cli.conftest import Command


def test_without_a_word_it_teaches_the_first_steps(phonepay: Command) -> None:
    printed = phonepay()
    assert printed.code == 0 and "phonepay line set" in printed.out and "phonepay serve" in printed.out


@pytest.mark.parametrize("noun", ["line", "order", "payment", "standin"])
def test_a_noun_alone_shows_its_verbs(phonepay: Command, noun: str) -> None:
    printed = phonepay(noun)
    assert printed.code == 0 and "commands:" in printed.out


VERBS = [
    *("serve", "call", "check", "migrate", "help"),
    *(f"line {verb}" for verb in ("set", "show", "list", "pause", "resume")),
    *(f"order {verb}" for verb in ("add", "list", "show", "edit", "cancel", "paid", "reopen")),
    *(f"payment {verb}" for verb in ("list", "show", "refund", "overage")),
    *("standin stripe", "standin twilio"),
    *(f"activity {verb}" for verb in ("verify", "head", "accept")),
    *(f"keys {verb}" for verb in ("list", "set", "remove", "rotate-encryption")),
]


@pytest.mark.parametrize("verb", VERBS)
def test_each_command_has_examples_that_begin_with_itself(phonepay: Command, verb: str) -> None:
    printed = phonepay("help", *verb.split())
    assert printed.code == 0 and f"phonepay {verb}" in printed.out.partition("examples:")[2]


def test_the_environment_is_told_whole(phonepay: Command) -> None:
    told = phonepay("help", "environment").out
    assert all(name in told for name, *_ in environment_rows())


def test_the_exit_codes_are_told(phonepay: Command) -> None:
    lines = phonepay("help", "exit-codes").out.splitlines()
    assert [line.split()[0] for line in lines] == ["0", "1", "2", "3"]


@pytest.mark.parametrize(
    "words", [("nonsense",), ("order", "add", "1234"), ("line", "set", "--colour", "red"), ("help", "x")]
)
def test_what_is_written_wrong_is_one_sentence(phonepay: Command, words: tuple[str, ...]) -> None:
    printed = phonepay(*words)
    assert (printed.code, printed.out, printed.err.count("\n")) == (2, "", 1)


def test_the_version_is_told(phonepay: Command) -> None:
    assert phonepay("--version").out.startswith("phonepay ")


def _command(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process of its own, with nothing of this one's environment."""
    root = str(Path(__file__).resolve().parents[2])
    given = {"PYTHONPATH": root, "PATH": "/usr/bin:/bin"} | environment
    return subprocess.run(
        [sys.executable, "-m", "phonepay", *words], env=given, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_wrong_environment_is_refused_with_every_sentence(tmp_path: Path) -> None:
    wrong = {"PHONEPAY_STRIPE_SECRET_KEY": "pk_test_0000000000", "PHONEPAY_PUBLIC_URL": "http://pay.example.com"}
    ended = _command("order", "list", PHONEPAY_DATA_DIR=str(tmp_path), **wrong)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 2)


def test_help_needs_no_environment(tmp_path: Path) -> None:
    assert _command("line", "set", "--help", PHONEPAY_PUBLIC_URL="wrong").returncode == 0


def test_a_check_lists_what_is_wrong_with_the_environment(tmp_path: Path) -> None:
    ended = _command("check", PHONEPAY_DATA_DIR=str(tmp_path), PHONEPAY_PUBLIC_URL="http://pay.example.com")
    assert ended.returncode == 1 and "is not encrypted" in ended.stdout


def test_a_line_can_be_made_before_anything_was_served(tmp_path: Path) -> None:
    line = ("line", "set", "--behavior", "fixed", "--amount", "42.50")
    assert _command(*line, PHONEPAY_DATA_DIR=str(tmp_path)).returncode == 0
    shown = _command("line", "show", PHONEPAY_DATA_DIR=str(tmp_path))
    assert "$42.50" in shown.stdout and shown.stderr == ""


def test_djangos_own_commands_are_passed_on(tmp_path: Path) -> None:
    ended = _command("django", "showmigrations", "--plan", PHONEPAY_DATA_DIR=str(tmp_path))
    assert ended.returncode == 0 and "orders.0001_initial" in ended.stdout


def test_migrate_says_what_it_made_and_then_that_all_is_done(tmp_path: Path) -> None:
    assert "orders.0001_initial" in _command("migrate", PHONEPAY_DATA_DIR=str(tmp_path)).stdout
    assert "up to date" in _command("migrate", PHONEPAY_DATA_DIR=str(tmp_path)).stdout


def test_two_that_start_at_the_same_moment_make_the_tables_once(tmp_path: Path) -> None:
    root = str(Path(__file__).resolve().parents[2])
    given = {"PYTHONPATH": root, "PATH": "/usr/bin:/bin", "PHONEPAY_DATA_DIR": str(tmp_path)}
    both = [
        subprocess.Popen([sys.executable, "-m", "phonepay", "line", "list"], env=given, stdout=subprocess.DEVNULL)
        for _ in range(2)
    ]
    assert [each.wait(timeout=60) for each in both] == [0, 0]
