"""Commands in the documentation are commands that there are: parsed by the real parser, make's by the Makefile."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from phonepay.cli.main import parser
from scripts.documentation.reference import all_commands
from tests.documentation.blocks import Command, in_blocks, inline

TYPED = list(in_blocks())
SAID = list(inline())

# Programs of others, which the pages use to install and to look; what they are given is theirs to judge.
OTHERS = {
    "cp", "docker", "echo", "git", "install", "journalctl", "mkdir", "openssl", "podman", "python3",
    "systemctl", "useradd",
}  # fmt: skip
PRODUCT = "phonepay"


def check(command: Command) -> None:
    program, *words = command.words
    name = Path(program).name
    if name == PRODUCT:
        if words[:1] != ["django"] and "--help" not in words:
            parser().parse_args(words)
    elif name == "make":
        makefile = (Path(__file__).parents[2] / "Makefile").read_text(encoding="utf-8")
        assert re.search(rf"^{words[0]}:", makefile, re.MULTILINE), f"there is no make {words[0]}"
    elif "/" in program and not program.startswith("/"):
        assert (Path(__file__).parents[2] / program).exists() or name in ("pip", PRODUCT), f"there is no {program}"
    else:
        assert name in OTHERS, f"{name} is no program that the pages explain"


@pytest.mark.parametrize("command", TYPED, ids=str)
def test_what_is_to_be_typed_can_be(command: Command) -> None:
    check(command)


@pytest.mark.parametrize("command", SAID, ids=str)
def test_what_is_said_of_a_command_is_of_one_that_there_is(command: Command) -> None:
    words = command.text.split()[1:]
    known = {each.words[:length] for each in all_commands() for length in range(1, 4)}
    named = []
    for word in words:
        if not re.fullmatch("[a-z-]+", word) or (*named, word) not in known:
            break
        named.append(word)
    assert named or words[0].startswith("--") or words[0].isupper(), f"there is no {command.text}"
    options = {option for each in all_commands() if each.words[: len(named)] == tuple(named) for option in each.options}
    assert {word for word in words if word.startswith("--")} <= options | {"--help", "--version"}


def test_there_are_commands_to_look_at() -> None:
    assert len(TYPED) > 40 and len(SAID) > 20


@pytest.mark.parametrize(
    "text", ["phonepay order refund 1042", "phonepay serve --prot 8000", "make coffee", "rm -rf /"]
)
def test_what_there_is_not_is_noticed(text: str) -> None:
    with pytest.raises(Exception, match=r".+"):
        check(Command("a page", text))
