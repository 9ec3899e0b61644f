"""Files of the data folder that nobody else may read: whole or not at all, and still there after a loss of power."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path


def put(path: Path, text: str) -> None:
    """Write the file, in the place of what was there. Raises OSError, with that unchanged."""
    with _beside(path, text) as own:
        own.replace(path)


def put_if_absent(path: Path, text: str) -> None:
    """Write the file unless there is one: of several processes at the same moment the first one's counts."""
    with _beside(path, text) as own, contextlib.suppress(FileExistsError):
        os.link(own, path)


@contextlib.contextmanager
def _beside(path: Path, text: str) -> Iterator[Path]:
    """A file with this text in the same folder, to be given the name within."""
    own = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            # What is encrypted with a key that the power took away is lost.
            os.fsync(file.fileno())
        yield own
    finally:
        own.unlink(missing_ok=True)
    # The name too must survive it.
    with contextlib.suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
