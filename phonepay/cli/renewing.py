"""What `serve` does where the kept addresses change: children of the new settings take over from those of the old."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

from phonepay.cli.child import Child, Renewal, ourselves
from phonepay.cli.refusal import CommandRefused
from phonepay.configuration import kept
from phonepay.configuration.environment import Environment, read_environment
from phonepay.configuration.errors import ConfigurationError

_LOOK_SECONDS = 1.0


class Renewing:
    """Knows on which settings the children run, and what it takes to run them on what is kept now."""

    def __init__(self, make: Callable[[Environment], list[Child]], *, shares_port: bool) -> None:
        self._make = make
        # Two web processes can listen on one port on Linux alone; workers are several anyway.
        self._beside = sys.platform == "linux" or not shares_port
        self._environment = read_environment(os.environ)
        self._kept = kept.read(self._environment.data_dir)

    def children(self) -> list[Child]:
        return self._make(self._environment)

    def renewal(self) -> Renewal | None:
        """What is to take over; None where nothing has changed, or the new settings cannot be used at all."""
        folder, earlier, before = self._environment.data_dir, self._kept, self._environment
        if kept.stamp_of(folder) == earlier.stamp:
            return None
        try:
            now, environment = kept.read(folder), read_environment(os.environ)
        except (ConfigurationError, kept.KeptUnreadable) as error:
            kept.take_back(folder, earlier, str(error))
            return None
        self._kept, self._environment = now, environment

        def failed(why: str) -> None:
            self._kept, self._environment = kept.take_back(folder, earlier, why), before

        moves = environment.database != before.database
        alone = self._prepare if moves else None if self._beside else _nothing
        return Renewal(self._make(environment), self._make(before), failed, alone)

    @contextlib.contextmanager
    def watching(self, renew: Callable[[], None]) -> Iterator[None]:
        """Call `renew` whenever the file is written anew; a look costs one small file a second."""
        over = threading.Event()

        def look() -> None:
            seen = self._kept.stamp
            while not over.wait(_LOOK_SECONDS):
                stamp = kept.stamp_of(self._environment.data_dir)
                if stamp not in (seen, ""):
                    renew()
                    seen = stamp

        thread = threading.Thread(target=look, name="kept settings", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()

    def _prepare(self) -> None:
        """In a process of its own, which reads the new settings. Raises CommandRefused with its last words."""
        command = ourselves("serve", "--child", "prepare", "--parent", str(os.getpid()))
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CommandRefused((done.stderr.strip().splitlines() or ["It ended without a word."])[-1])


def _nothing() -> None:
    pass
