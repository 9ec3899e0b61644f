"""The head of the chain, kept outside the database: without it nobody could know that the newest rows were cut off."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from phonepay.events import sealing
from phonepay.events.verifying import is_in_chain

logger = logging.getLogger(__name__)

HEAD_FILE = "activity.head"  # in the data folder


class KeptHead:
    """The newest head that this machine has seen, in a file. One that is not in the chain any more is never replaced:
    it is what proves that something is missing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept = ""
        self._missed = ""

    def keep(self) -> None:
        """Write down what this process has sealed since.

        Each time the head in the file is looked for first: who cuts the end off while we run would else have us write
        the next head over the one that proves it.
        """
        newest = sealing.newest_head()
        if newest == self._kept:
            return
        known = self.read()
        if known and not is_in_chain(known):
            if known != self._missed:
                logger.error("the activity chain does not hold the seal %s any more: see phonepay check", known)
            self._missed = known
            return
        self._kept = newest
        part = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            part.write_text(newest + "\n", encoding="ascii")
            part.replace(self._path)
        except OSError:
            # As with the heartbeat: a folder that cannot be written must not stop the money.
            logger.warning("the head of the activity chain could not be kept in %s", self._path)

    def read(self) -> str:
        """The head as `12:bcdf-…`; "" where none was kept."""
        try:
            return self._path.read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            return ""

    def forget(self) -> None:
        """After a restore: what was sealed since the backup is gone, and everybody knows."""
        self._path.unlink(missing_ok=True)
