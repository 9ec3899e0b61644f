"""What is needed before the database and was not set in the environment: kept in one file of the data folder.

The file holds texts by the names of the environment, which stands above it. It may hold the password of a database,
so nobody else may read it (0600, as the keys beside it). Each writing is whole or not at all, and gives the file a new
`stamp`: `phonepay serve` watches it and starts its processes anew, and a page can tell whether the process that
answers it is of what is kept now.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import secrets
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from phonepay.configuration import private_files

KEPT_FILE = "settings.json"
NAMES = ("PHONEPAY_PUBLIC_URL", "PHONEPAY_DATABASE_URL")
STARTED_ON = "X-Settings"  # the header of /healthz that has the stamp
ADDRESS_COUNTS_ON = 24 * 3600  # seconds for which requests to an address that was given up are still let in


class KeptUnreadable(ValueError):
    """The file cannot be used; the sentence's end says why, and what to do."""


@dataclass(frozen=True)
class Kept:
    """`values` by the environment's names. `before`: public addresses that were given up, each with the time (Unix
    seconds) until which its requests are let in. `move_from`: the database whose rows are to be moved into the kept
    one, or None; `failure`: why the last change was taken back, or "".
    """

    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    stamp: str = ""
    before: tuple[tuple[str, float], ...] = ()
    move_from: str | None = field(default=None, repr=False)
    failure: str = ""


def read(folder: Path) -> Kept:
    """What is kept in the data folder; nothing where there is no file. Raises KeptUnreadable."""
    path = folder / KEPT_FILE
    try:
        mode, text = path.stat().st_mode, path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return Kept()
    except OSError as error:
        raise KeptUnreadable(f"cannot be read ({error}): give it to the account that Phone Pay runs as") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeptUnreadable(f"can be read by others: run chmod 600 {path}")
    try:
        found = json.loads(text)
        values = {str(name): str(value) for name, value in found["values"].items() if name in NAMES}
        before = tuple((str(address), float(until)) for address, until in found["before"])
        move_from = found["move_from"]
        return Kept(
            values, str(found["stamp"]), before, None if move_from is None else str(move_from), found["failure"]
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise KeptUnreadable("is damaged: take it away and set the addresses anew, or put a copy back") from None


def keep(folder: Path, name: str, value: str | None, *, move_from: str | None = None) -> Kept:
    """Keep a value under one of NAMES, or forget it (None). Returns what is kept now. Raises OSError, KeptUnreadable.

    Whoever keeps another database says with `move_from` where the rows are now.
    """
    with _alone(folder):
        kept = read(folder)
        values = dict(kept.values)
        before, was = kept.before, values.get(name)
        if name == "PHONEPAY_PUBLIC_URL" and was and was != value:
            until = time.time() + ADDRESS_COUNTS_ON
            before = (*((address, end) for address, end in before if address not in (was, value)), (was, until))
        values.pop(name, None)
        if value is not None:
            values[name] = value
        moving = move_from if name == "PHONEPAY_DATABASE_URL" else kept.move_from
        return _write(folder, Kept(values, before=_still(before), move_from=moving))


def moved(folder: Path) -> None:
    """The rows are in the kept database: nothing is to be moved any more. The stamp stays."""
    with _alone(folder):
        kept = read(folder)
        _write(folder, replace(kept, move_from=None), stamp=kept.stamp)


def take_back(folder: Path, earlier: Kept, failure: str) -> Kept:
    """What was kept cannot be used: keep what was there before, under its stamp, and say why."""
    with _alone(folder):
        return _write(folder, replace(earlier, move_from=None, failure=failure), stamp=earlier.stamp)


def stamp_of(folder: Path) -> str:
    """The stamp in the file; "" where there is none or it cannot be read."""
    try:
        return read(folder).stamp
    except KeptUnreadable:
        return ""


def _still(before: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
    return tuple((address, until) for address, until in before if until > time.time())


def _write(folder: Path, kept: Kept, *, stamp: str | None = None) -> Kept:
    kept = replace(kept, stamp=secrets.token_hex(8) if stamp is None else stamp)
    facts = {
        "values": dict(kept.values),
        "stamp": kept.stamp,
        "before": [list(each) for each in kept.before],
        "move_from": kept.move_from,
        "failure": kept.failure,
    }
    private_files.put(folder / KEPT_FILE, json.dumps(facts, indent=1) + "\n")
    return kept


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / f"{KEPT_FILE}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
