"""The processes of one `phonepay serve` share a folder, which goes with it: numbers that they measure, and the mark
that they are about to end."""

from __future__ import annotations

from pathlib import Path

from phonepay.lib.stopping import STOPPING

SERVED_BY = "X-Serve"  # the header of /healthz that tells the processes of one `serve` from those of another

_ENDING = "ending"

_folder: Path | None = None


def join(folder: Path) -> None:
    """This process is one of those."""
    global _folder  # noqa: PLW0603  # a process belongs to one
    _folder = folder


def name() -> str:
    """Of the folder that this process shares; "" where it shares none."""
    return _folder.name if _folder else ""


def mark_ending(folder: Path) -> None:
    """Say to all of them that no new work should be sent here."""
    (folder / _ENDING).touch()


def is_ending() -> bool:
    return STOPPING.is_set() or (_folder is not None and (_folder / _ENDING).exists())
