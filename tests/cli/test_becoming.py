"""Asked by SIGUSR2, `serve` becomes itself anew: other processes, the same address, and nobody meets a closed door."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from phonepay.upgrading.served import Serving, running
from tests.cli.served import PATIENCE, all_answered, children_of, have_ended, serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through Linux's /proc")


def until(found: Callable[[], bool]) -> bool:
    moment = threading.Event()
    for _ in range(int(PATIENCE / 0.05)):
        if found():
            return True
        moment.wait(0.05)
    return False


def the_one(data_dir: Path) -> Serving:
    (serving,) = running(data_dir)
    return serving


def test_new_processes_take_over_and_every_request_is_answered(tmp_path: Path) -> None:
    with serving("--port", "0", PHONEPAY_DATA_DIR=str(tmp_path)) as served:
        served.started()
        pid, before = served.process.pid, [served.child("web"), served.child("worker")]
        below = children_of(before[0])

        def become() -> None:
            os.kill(pid, signal.SIGUSR2)
            served.complaint("They answer: the new processes of this version are in force.")
            assert have_ended([*before, *below])
            assert until(lambda: the_one(tmp_path).state == "ready")

        assert all_answered(served, meanwhile=become)
        assert served.process.poll() is None and the_one(tmp_path).pid == pid
        assert {served.child("web"), served.child("worker")}.isdisjoint(before)
        family = served.family()
        assert served.stop() == 0 and have_ended(family)
    assert list(running(tmp_path)) == []


def test_what_cannot_start_leaves_the_old_processes_at_work(tmp_path: Path, repository: Path) -> None:
    """The program that its path leads to now is another, and a broken one."""
    data, program = tmp_path / "data", tmp_path / "phonepay"
    right = f"#!{sys.executable}\nimport sys\nfrom phonepay.cli.main import main\nsys.exit(main())\n"
    program.write_text(right)
    program.chmod(0o755)
    with serving("--port", "0", installed=program, PHONEPAY_DATA_DIR=str(data), PYTHONPATH=str(repository)) as served:
        served.started()
        before = [served.child("web"), served.child("worker")]
        program.write_text(right.replace("from phonepay.cli.main import main", _BREAK))
        os.kill(served.process.pid, signal.SIGUSR2)
        served.complaint("The old processes of this version are used on.")
        assert until(lambda: the_one(data).state == "failed")
        assert "ended (exit code 7) before it answered" in the_one(data).why
        assert [served.child("web"), served.child("worker")] == before and served.get("/healthz") == 200
        program.write_text(right)
        os.kill(served.process.pid, signal.SIGUSR2)
        served.complaint("They answer: the new processes of this version are in force.")
        assert have_ended(before) and served.get("/healthz") == 200


_BREAK = """from phonepay.cli import child as children
children.ourselves = lambda *words: [sys.executable, "-c", "raise SystemExit(7)"]
from phonepay.cli.main import main"""


def test_a_file_that_a_killed_process_left_behind_is_no_process(tmp_path: Path) -> None:
    with serving("--web", "--port", "0", PHONEPAY_DATA_DIR=str(tmp_path)) as served:
        served.started()
        assert the_one(tmp_path).url == served.url
        served.process.kill()
        served.process.wait(timeout=PATIENCE)
        (left,) = (tmp_path / "serving").glob("*.json")
        assert json.loads(left.read_text())["state"] == "ready"
    assert list(running(tmp_path)) == [] and not left.exists()
