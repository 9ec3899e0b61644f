"""The processes that are kept alive, by `serve` and by the demo."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path


class Adopted:
    """A child that another program started before it became this one: the same process, so that it is ours still."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def wait(self) -> int:
        try:
            return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        except ChildProcessError:  # it had ended already, and somebody knows how
            return 0

    def terminate(self) -> None:
        os.kill(self.pid, signal.SIGTERM)


@dataclass
class Child:
    """A process of ours. `ready` waits until it answers, or until the event is set, and says whether it does."""

    name: str
    command: Sequence[str]
    ready: Callable[[threading.Event], bool] | None = None
    log: Path | None = None  # where it writes what it would else say in the terminal
    process: subprocess.Popen[bytes] | Adopted | None = None
    started: float = 0.0
    deaths: int = 0  # in a row, each soon after its start
    was_ready: bool = False
    starts_at: float | None = None
    ended: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Renewal:
    """The children that are to take over from the present ones.

    Without `alone` they start beside the old, which end once the new answer: no call meets a closed door. With it
    (another database) the old end first, then `alone` does what needs nobody beside it, and `old` start again where it
    raises CommandRefused. `failed` is told why the new ones could not take over, `done` that they have.
    """

    children: Sequence[Child]
    old: Sequence[Child]
    failed: Callable[[str], None]
    alone: Callable[[], None] | None = None
    done: Callable[[], None] | None = None
    what: str = "settings"  # that are new


def tell_to_end(children: Sequence[Child]) -> None:
    """Politely; whoever has ended already is left alone."""
    for child in children:
        if child.process is not None and not child.ended.is_set():
            child.process.terminate()


def ourselves(*words: str) -> list[str]:
    """The command line of this very program with other words."""
    # -P: a folder called phonepay where it was started is not the product.
    return [sys.executable, "-P", "-m", "phonepay", *words]
