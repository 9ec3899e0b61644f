"""The product's processes: started, killed without a word, started again."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

SKEWED = Path(__file__).with_name("skewed")
UP_SECONDS = 90
DOWN_SECONDS = 60
STARTS = 5


class NotUp(Exception):
    """A process did not come up; the message holds the end of its log."""


class Program:
    """One `phonepay serve …`, with all that it starts below it. `skew`: seconds that its clock is wrong by."""

    def __init__(self, name: str, arguments: list[str], folder: Path, *, skew: float = 0.0) -> None:
        self.name = name
        self.address = ""  # once it has said where it listens
        self.starts = self.kills = 0
        self.up_since = float("inf")  # by time.monotonic()
        self._command = [sys.executable, "-m", "phonepay", "serve", *arguments]
        self._log = folder / f"{name}.log"
        self._environment = dict(os.environ)
        if skew:
            path = os.pathsep.join(filter(None, [str(SKEWED), os.environ.get("PYTHONPATH", "")]))
            self._environment |= {"CHAOS_CLOCK_SKEW": str(skew), "PYTHONPATH": path}
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._up = threading.Event()

    def start(self) -> None:
        self.starts += 1
        self._up.clear()
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
                text=True, start_new_session=True,
            )  # fmt: skip
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()

    def wait_until_up(self) -> None:
        """Until it said that it takes work. Raises NotUp."""
        up = self._up.wait(UP_SECONDS)
        if not up or not self.runs:
            raise NotUp(f"{self.name} did not come up:\n{self.last_words()}")
        self.up_since = time.monotonic()

    def keep_up(self) -> None:
        """Start it, and again where it ends by itself (no database yet), as whatever supervises a service does."""
        for _ in range(STARTS):
            self.start()
            with contextlib.suppress(NotUp):
                self.wait_until_up()
                return
            self.kill()
        self.start()
        self.wait_until_up()

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """SIGKILL to it and to everything below it at once: nobody can finish anything."""
        if self._process is None:
            return
        self.kills += 1
        self.address = ""
        for pid in [*below(self._process.pid), self._process.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()
        self._forget()

    def kill_one_below(self, place: int) -> None:
        """SIGKILL to one process below it alone, which whoever started it has to notice."""
        children = below(self._process.pid) if self._process else []
        if children:
            self.kills += 1
            with contextlib.suppress(ProcessLookupError):
                os.kill(children[place % len(children)], signal.SIGKILL)

    def ask_to_stop(self) -> int | None:
        """SIGTERM, as at a deploy; its exit code, None where it had to be killed."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGTERM)
        try:
            code: int | None = self._process.wait(DOWN_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            return None
        self._forget()
        return code

    def last_words(self) -> str:
        return "".join(self._log.read_text(errors="replace").splitlines(keepends=True)[-30:])

    def complaints(self) -> list[str]:
        """Lines of its log that tell of an error which nobody had foreseen."""
        signs = ("TypeError", "AttributeError", "NameError", "KeyError", "AssertionError", "ValueError:")
        return [line.rstrip() for line in self._log.read_text(errors="replace").splitlines() if line.startswith(signs)]

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                words = [word.rstrip(".,") for word in line.split() if word.startswith("http://127.0.0.1:")]
                if words and not self.address and process is self._process:
                    self.address = words[0]
                if words or "The worker runs" in line:
                    self._up.set()
        if process is self._process:
            self._up.set()  # it ended: nobody needs to wait for it any more

    def _forget(self) -> None:
        self.up_since = float("inf")
        self._process = None
        self.address = ""
        if self._reader is not None:
            self._reader.join()


def below(root: int) -> list[int]:
    """All processes that a process started, and those below them, by the kernel's own list; the deepest first."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    found: list[int] = []
    level = [root]
    while level := [pid for pid, parent in parents.items() if parent in level]:
        found += level
    return found[::-1]
