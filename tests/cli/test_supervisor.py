"""The supervisor alone: when it gives up, and that what it says is a sentence."""

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from phonepay.cli.child import Child, Renewal
from phonepay.cli.supervisor import Supervisor


def never_answers(ended: threading.Event) -> bool:
    ended.wait(30)
    return False


def test_a_process_that_never_answered_is_given_up_after_three_deaths() -> None:
    said: list[str] = []
    child = Child("web", [sys.executable, "-c", "raise SystemExit(3)"], ready=never_answers)
    assert Supervisor([child], say=said.append).run(when_ready=lambda: said.append("ready")) == 1
    assert said == [
        "The web process ended (exit code 3): it is started again now.",
        "The web process ended (exit code 3): it is started again in 1 s.",
        "The web process ended 3 times before it answered: see its messages above.",
    ]


def test_it_tells_once_when_all_answer() -> None:
    ready: list[str] = []
    waits = [sys.executable, "-c", "import threading; threading.Event().wait(30)"]
    children = [Child(name, waits, ready=lambda ended: True) for name in ("one", "two")]
    supervisor = Supervisor(children, say=lambda _: None)

    def all_answer() -> None:
        ready.append("ready")
        supervisor.stop()

    assert supervisor.run(when_ready=all_answer) == 0
    assert ready == ["ready"]
    assert all(child.process and child.process.returncode == -15 for child in children)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through Linux's /proc")
def test_what_was_added_runs_once_after_a_change_that_everybody_ended_for(tmp_path: Path) -> None:
    """Its end is heard of when it is started again already: that must not start another beside it."""
    started = tmp_path / "pids"
    beside = f"import os, threading; print(os.getpid(), file=open({str(started)!r}, 'a')); threading.Event().wait(30)"

    def pids() -> list[int]:
        return [int(line) for line in started.read_text().split()] if started.exists() else []

    def has_started_again(ended: threading.Event) -> bool:
        while len(pids()) < 2:
            ended.wait(0.01)
        return True

    waits = [sys.executable, "-c", "import threading; threading.Event().wait(30)"]
    old, new = (Child("worker", waits, ready=ready) for ready in (lambda ended: True, has_started_again))

    def begin() -> None:
        supervisor.add(Child("beside", [sys.executable, "-c", beside], ready=None))
        threading.Thread(target=change).start()

    def change() -> None:
        while not pids():
            threading.Event().wait(0.01)
        supervisor.renew()
        while not new.was_ready:
            threading.Event().wait(0.01)
        supervisor.stop()

    renewal = Renewal([new], [old], failed=lambda why: None, alone=lambda: None)
    supervisor = Supervisor([old], say=lambda _: None, renewal=lambda: renewal)
    assert supervisor.run(when_ready=begin) == 0
    alive = [pid for pid in pids() if Path(f"/proc/{pid}").exists()]
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
    assert not alive
