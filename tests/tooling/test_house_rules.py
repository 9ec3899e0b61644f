"""The house's own rules: what they find, and what they leave alone."""

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.house_rules import LONGEST_FILE, broken_rules


def rules_broken_by(folder: Path, name: str, text: str) -> list[str]:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return list(broken_rules(path, folder))


@pytest.mark.parametrize(
    "line",
    [
        "import django.http",
        "from django.http import HttpResponse",
        "from django import http",
        "from django.shortcuts import render",
        "from django.views.generic import View",
    ],
)
def test_a_room_that_speaks_http_is_found(tmp_path: Path, line: str) -> None:
    (found,) = rules_broken_by(tmp_path, "phonepay/orders/models.py", f"\n{line}\n")
    assert found.startswith("phonepay/orders/models.py:2: imports django.")


def test_a_door_may_speak_http(tmp_path: Path) -> None:
    assert rules_broken_by(tmp_path, "phonepay/web/voice/views.py", "from django.http import HttpResponse\n") == []


def test_a_long_file_is_found(tmp_path: Path) -> None:
    (found,) = rules_broken_by(tmp_path, "tests/test_long.py", "\n" * (LONGEST_FILE + 1))
    assert "split it by noun" in found


def test_a_file_of_the_greatest_length_is_left_alone(tmp_path: Path) -> None:
    assert rules_broken_by(tmp_path, "tests/test_long.py", "\n" * LONGEST_FILE) == []


def test_a_name_that_says_nothing_is_found(tmp_path: Path) -> None:
    (found,) = rules_broken_by(tmp_path, "phonepay/orders/utils.py", "")
    assert "name it after its noun" in found


@pytest.mark.parametrize("folder", ["phonepay/orders", "tests/orders", "scripts"])
@pytest.mark.parametrize(
    "text",
    [
        "import time\n\ntime.sleep(1)\n",
        "from time import sleep\n\nsleep(1)\n",
        "from asyncio import sleep\n\nsleep(1)\n",
    ],
)
def test_sleep_is_banned_everywhere(repository: Path, folder: str, text: str) -> None:
    ruff = [sys.executable, "-m", "ruff", "check", "--output-format=concise", "--stdin-filename"]
    command = [*ruff, f"{folder}/test_any.py", "-"]
    result = subprocess.run(command, cwd=repository, input=text, capture_output=True, text=True, check=False)
    if "No module named ruff" in result.stderr:
        pytest.skip("ruff is not in this environment: make check has it")
    assert "TID251" in result.stdout
