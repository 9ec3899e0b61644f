"""The supervisor alone: when it gives up, and that what it says is a sentence."""

import sys
import threading

from phonepay.cli.child import Child
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
