"""`serve` becomes another version of itself, with calls going on.

Asked by SIGUSR2 it replaces itself by whatever its own path leads to now; its children stay its children, and go on
answering. What it has become starts new ones beside them, and ends the old when the new answer; where they never do,
the old go on, and the file in the data folder says why.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

import phonepay
from phonepay.cli.child import Adopted, Child, Renewal
from phonepay.upgrading.served import Entry, Serving


def add_to(parser: argparse.ArgumentParser) -> None:
    """What is said from one version to the next, and never typed: see `become`."""
    parser.add_argument("--after", default="", help=argparse.SUPPRESS)
    parser.add_argument("--leftover", type=Path, help=argparse.SUPPRESS)


def program() -> list[str]:
    """How this process was started, by the path that was named: a link in it is followed anew."""
    named = Path(sys.argv[0]).absolute()
    if named.name != "__main__.py" and os.access(named, os.X_OK):
        return [str(named)]
    return [sys.executable, "-m", "phonepay"]


def entry(data_dir: Path, url: str) -> Entry:
    """Say in the data folder that this process serves."""
    return Entry(data_dir, Serving(os.getpid(), program()[0], phonepay.__version__, url))


def become(args: argparse.Namespace, port: int, children: Sequence[Child], shared: Path) -> NoReturn:
    """Replace this process; only from the main thread, whose end would end the children (Linux's prctl)."""
    words = ["serve", "--drain", str(args.drain)]
    words += ["--worker"] if args.worker else ["--host", args.host, "--port", str(port)]
    words += ["--web"] if args.web else []
    words += ["--web-processes", str(args.web_processes)] if args.web_processes else []
    alive = ",".join(f"{each.name}:{each.process.pid}" for each in children if each.process and not each.ended.is_set())
    command = [*program(), *words, "--after", alive or "nobody", "--leftover", str(shared)]
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(command[0], command)  # noqa: S606 - our own program


def adopted(args: argparse.Namespace, fresh: Sequence[Child]) -> list[Child]:
    """The children of what this process was before; whichever dies too early starts again as the new version's."""
    commands = {child.name: child.command for child in fresh}
    found = []
    for part in args.after.split(","):
        name, _, pid = part.partition(":")
        if name in commands and pid.isdigit():
            found.append(Child(name, commands[name], process=Adopted(int(pid))))
    return found


def clear_leftover(args: argparse.Namespace) -> None:
    """What the processes before shared; what they have open they keep."""
    if args.leftover and args.leftover.name.startswith("phonepay-serve-"):
        shutil.rmtree(args.leftover, ignore_errors=True)


class Becoming:
    """The first renewal of a process that took over: its own children after those of the version before."""

    def __init__(self, old: Sequence[Child], fresh: Sequence[Child], told: Entry) -> None:
        self._old, self._fresh, self._told = old, fresh, told
        self._over = False

    def renewal(self, later: Callable[[], Renewal | None]) -> Renewal | None:
        if self._over:
            return later()
        self._over = True
        return Renewal(
            self._fresh,
            self._old,
            failed=lambda why: self._told.say("failed", why),
            done=lambda: self._told.say("ready"),
            what="processes of this version",
        )
