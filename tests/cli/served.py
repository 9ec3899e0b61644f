"""`phonepay serve` as it really runs, in processes of its own, watched from outside."""

from __future__ import annotations

import contextlib
import http.client
import os
import queue
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from tests.databases.template import DATABASE, copy_to

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0  # seconds; a machine under load starts slowly


class Served:
    """The processes of one `serve`, and what they said. `installed` is a command of a wheel's, instead of this code."""

    def __init__(self, *words: str, environment: dict[str, str], installed: Path | None = None) -> None:
        ours = {} if installed else {"PYTHONPATH": str(ROOT)}
        self.environment = {"PATH": os.environ["PATH"]} | ours | environment
        self.command = [str(installed)] if installed else [sys.executable, "-m", "phonepay"]
        self.process = subprocess.Popen(
            [*self.command, "serve", *words],
            env=self.environment,
            # Whatever lies where the tests are started is not what was installed.
            cwd=installed.parent if installed else None,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None and self.process.stderr is not None
        self.said, self.complained = _lines(self.process.stdout), _lines(self.process.stderr)
        self.url = ""

    def started(self, patience: float = PATIENCE) -> Served:
        """Wait until it says where it listens."""
        line = self.said.get(timeout=patience)
        assert line.startswith("listening on http://"), line
        self.url = line.split()[-1]
        return self

    def complaint(self, words: str) -> str:
        """Wait for the line on stderr that has these words."""
        while words not in (line := self.complained.get(timeout=PATIENCE)):
            assert line, f"it ended without saying {words!r}"
        return line

    def answers(self) -> bool:
        """Wait until /healthz answers: a process that was just started takes a moment."""
        moment = threading.Event()
        for _ in range(int(PATIENCE / 0.05)):
            with contextlib.suppress(OSError):
                if self.get("/healthz") == http.client.OK:
                    return True
            moment.wait(0.05)
        return False

    def listens_no_more(self) -> bool:
        """Wait until nobody takes a connection: it was told to end, and may still be at work."""
        moment = threading.Event()
        for _ in range(int(PATIENCE / 0.05)):
            try:
                self.get("/healthz")
            except ConnectionRefusedError:
                return True
            except OSError:
                pass  # cut off in the middle: it is just closing
            moment.wait(0.05)
        return False

    def get(self, path: str) -> int:
        where = urlsplit(self.url)
        connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()

    def child(self, kind: str) -> int:
        """The process id of the web process or the worker."""
        (found,) = [each for each in children_of(self.process.pid) if f"--child\0{kind}" in _command_line(each)]
        return found

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Another command in the same environment."""
        return subprocess.run(
            [*self.command, *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE * 2,
            check=False,
        )

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE)

    def family(self) -> list[int]:
        """Everybody who runs because of it, itself apart."""
        found: list[int] = []
        waiting = [self.process.pid]
        while waiting:
            children = children_of(waiting.pop())
            found += children
            waiting += children
        return found


@contextlib.contextmanager
def serving(
    *words: str, installed: Path | None = None, first_start: bool = False, **environment: str
) -> Iterator[Served]:
    """Serve, and leave nobody behind whatever the test found. But for a `first_start` the tables are there."""
    if not (first_start or installed):
        # With a database in its folder and no key to it the product would not start.
        environment = {"PHONEPAY_ENCRYPTION_KEY": os.environ["PHONEPAY_ENCRYPTION_KEY"]} | environment
        embedded = Path(environment["PHONEPAY_DATA_DIR"], DATABASE)
        if not embedded.exists():
            embedded.parent.mkdir(exist_ok=True)
            copy_to(embedded)
    served = Served(*words, environment=environment, installed=installed)
    try:
        yield served
    finally:
        family = served.family()
        if served.process.poll() is None:
            served.process.kill()
            served.process.wait(timeout=PATIENCE)
        for each in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)


def all_answered(served: Served, meanwhile: Callable[[], None]) -> bool:
    """Whether every request was answered while something else went on."""
    over, unanswered = threading.Event(), []

    def ask() -> None:
        while not over.is_set():
            try:
                unanswered.extend([1] * (served.get("/healthz") != 200))
            except ConnectionResetError:
                pass  # accepted by one that ended before it read: a proxy asks again
            except OSError as error:
                unanswered.append(error)
            over.wait(0.05)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        meanwhile()
    finally:
        over.set()
        asking.join()
    return not unanswered


def children_of(pid: int) -> list[int]:
    """From /proc, as proc(5) has it: the parent is the second field after the command's closing bracket."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return found


def have_ended(pids: list[int]) -> bool:
    """Wait until none of them runs any more; they need not be children of ours."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            handle = os.pidfd_open(pid)
            try:
                if not select.select([handle], [], [], PATIENCE)[0]:
                    return False
            finally:
                os.close(handle)
    return True


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def _lines(stream: IO[str]) -> queue.SimpleQueue[str]:
    """What is written, a line at a time, an empty one at its end."""
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()

    def read() -> None:
        for line in stream:
            lines.put(line.rstrip("\n"))
        lines.put("")
        stream.close()

    threading.Thread(target=read, daemon=True).start()
    return lines
