"""The worker's sign of life: a file in the data folder, which every process of the machine can read."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

logger = logging.getLogger(__name__)

HEARTBEAT_FILE = "worker.heartbeat"  # in the data folder


class Heartbeat:
    """Keeps the time of the last good round in a file, for `phonepay check` on the same machine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def beat(self, now: datetime) -> None:
        try:
            self._path.write_text(now.isoformat(), encoding="ascii")
        except OSError:
            # A data folder that cannot be written must not stop the money: the check then says that it saw nobody.
            logger.debug("no heartbeat could be kept", exc_info=True)

    def last(self) -> datetime | None:
        """When the worker last went round on this machine; None where nobody knows."""
        try:
            return datetime.fromisoformat(self._path.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None
