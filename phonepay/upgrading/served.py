"""The `phonepay serve`s of this machine: each keeps a file in the data folder, locked for as long as it lives.

So whoever finds the file locked knows that the process is there and is ours, whatever numbers the system gave again.
SIGUSR2 asks one to become whatever its own path leads to now: it replaces itself, starts new children, and ends the old
ones when the new ones answer.
"""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import json
import os
import signal
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

FOLDER = "serving"  # in the data folder
RENEW = signal.SIGUSR2
_ANSWER_SECONDS = 5.0


@dataclass(frozen=True)
class Serving:
    """`program` is the path by which it was started; `url` is "" where only a worker runs.

    `state` is starting, ready, or failed: new children did not become ready, and the old ones go on.
    """

    pid: int
    program: str
    version: str
    url: str
    state: str = "starting"
    why: str = ""


class Entry:
    """The file of this very process."""

    def __init__(self, data_dir: Path, serving: Serving) -> None:
        self._serving = serving
        self._file: IO[str] | None = None
        self.path = data_dir / FOLDER / f"{serving.pid}.json"
        with contextlib.suppress(OSError):  # a data folder that cannot be written keeps no call from being answered
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = self._locked()
            self._write()

    def _locked(self) -> IO[str]:
        """Whoever takes away what is left behind may just hold it, for a moment."""
        while True:
            file = self.path.open("a+")
            fcntl.flock(file, fcntl.LOCK_EX)
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(file.fileno()), self.path.stat()):
                    return file
            file.close()

    def say(self, state: str, why: str = "") -> None:
        self._serving = replace(self._serving, state=state, why=why)
        with contextlib.suppress(OSError):
            self._write()

    def _write(self) -> None:
        if self._file is not None:
            self._file.seek(0)
            self._file.truncate()
            self._file.write(json.dumps(asdict(self._serving)))
            self._file.flush()

    def close(self) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                self.path.unlink(missing_ok=True)
            self._file.close()


def running(data_dir: Path) -> Iterator[Serving]:
    """Those that are there; files that somebody left behind are taken away."""
    for path in sorted((data_dir / FOLDER).glob("*.json")):
        with contextlib.suppress(OSError, ValueError, TypeError), path.open("r") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                yield Serving(**json.loads(file.read()))
            else:
                path.unlink(missing_ok=True)


def ask_to_renew(serving: Serving) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(serving.pid, RENEW)


def answer_of(url: str, path: str = "/readyz") -> str:
    """What it answers, its first line; "" where it does not."""
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=_ANSWER_SECONDS)
    try:
        connection.request("GET", path, headers={"Host": "localhost"})
        lines = connection.getresponse().read(200).decode().splitlines()
        return lines[0] if lines else ""
    except (OSError, http.client.HTTPException):
        return ""
    finally:
        connection.close()
