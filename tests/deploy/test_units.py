"""The units, as systemd itself reads them."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from phonepay.cli.main import parser
from phonepay.cli.supervisor import STOP_SECONDS

UNITS = ("phonepay.service", "phonepay-backup.service", "phonepay-backup.timer")
EXPOSURE = 2.0  # of 10, as systemd-analyze counts it; 1.2 when this was written

analyzed = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here")


@pytest.fixture(scope="module")
def folder(repository: Path) -> Path:
    return repository / "deploy/systemd"


@analyzed
@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_nothing_wrong(folder: Path, tmp_path: Path, name: str) -> None:
    program = tmp_path / "phonepay"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for each in UNITS:  # a timer is read with its service
        text = (folder / each).read_text(encoding="utf-8")
        (tmp_path / each).write_text(text.replace("/opt/phonepay/current/bin/phonepay", str(program)))
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", tmp_path / name],
        capture_output=True,
        text=True,
        check=False,
    )
    complaints = [line for line in verified.stderr.splitlines() if name.partition(".")[0] in line]
    assert verified.returncode == 0 and complaints == []


@analyzed
def test_little_of_the_machine_is_open_to_it(folder: Path) -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", folder / "phonepay.service"]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = re.search(r"exposure level for phonepay\.service: ([0-9.]+)", told)
    assert found is not None, told
    assert float(found[1]) <= EXPOSURE


def settings(path: Path) -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(path)
    return read


@pytest.mark.parametrize(
    ("unit", "name"), [("phonepay.service", "ExecStart"), ("phonepay-backup.service", "ExecStart")]
)
def test_what_is_started_is_a_command_that_there_is(folder: Path, unit: str, name: str) -> None:
    program, *words = settings(folder / unit)["Service"][name].split()
    assert program == "/opt/phonepay/current/bin/phonepay"
    parser().parse_args(words)


def test_charges_under_way_have_time_to_finish(folder: Path) -> None:
    service = settings(folder / "phonepay.service")["Service"]
    assert float(service["TimeoutStopSec"]) > STOP_SECONDS and service["KillMode"] == "mixed"


def test_a_reload_asks_for_new_processes_beside_the_old(folder: Path) -> None:
    from phonepay.upgrading.served import RENEW

    assert f"-{RENEW.name.removeprefix('SIG')} " in settings(folder / "phonepay.service")["Service"]["ExecReload"]
