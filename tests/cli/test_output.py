"""What is shown in a terminal commands it nothing, whatever somebody's name is."""

from __future__ import annotations

import json

import pytest

from phonepay.cli.output import print_facts, print_json, print_table

# Copies something to the clipboard in many terminals; the second is one character that some take for two.
NAMES = ["Ana\x1b]52;c;eA==\x07", "Ana\x9b2J"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_commands_no_terminal(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("Name",), [(name,)])
    print_facts([("Name", name)])
    print_json({"name": name})
    told = capsys.readouterr().out
    assert all(each.isprintable() or each == "\n" for each in told)
    assert json.loads(told[told.index("{") :]) == {"name": name}
