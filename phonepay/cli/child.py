"""One process that is kept alive."""

import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Child:
    """A process of ours. `ready` waits until it answers, or until the event is set, and says whether it does."""

    name: str
    command: Sequence[str]
    ready: Callable[[threading.Event], bool] | None = None
    log: Path | None = None  # where it writes what it would else say in the terminal
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0  # in a row, each soon after its start
    was_ready: bool = False
    starts_at: float | None = None
    ended: threading.Event = field(default_factory=threading.Event)


def tell_to_end(children: Sequence[Child]) -> None:
    """Politely; whoever has ended already is left alone."""
    for child in children:
        if child.process is not None and not child.ended.is_set():
            child.process.terminate()
