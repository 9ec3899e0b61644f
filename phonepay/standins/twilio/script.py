"""What a caller does, written down: steps that a script or a person at the terminal gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Deed = Literal["keys", "fast", "card", "silence", "hang-up", "answered", "refused"]

HELP = """\
What you can do on the telephone, one step or several with spaces between them:
  1042#                  press these keys (0 to 9, * and #), two a second
  fast:4242424242424242  press these keys, five a second
  card:NUMBER/MMYY/CODE/POSTAL
                         answer what <Pay> asks for, for example card:4242424242424242/0330/123/94110
  .                      stay silent until the line stops listening
  h                      hang up (h:2.5 after 2.5 seconds of silence)
  answered               the person called picks up after 5 seconds (answered:12 after 12)
  refused                the person called is busy (refused:3 after 3 seconds)
  ?                      show this"""

_SILENCE = frozenset({".", "silence", "wait"})
_NAMED: dict[str, Deed] = {"h": "hang-up", "hangup": "hang-up", "answered": "answered", "refused": "refused"}
_SECONDS: dict[Deed, float] = {"hang-up": 0.0, "answered": 5.0, "refused": 5.0}
_LATEST = 3600.0


class ScriptError(Exception):
    """A step that cannot be read or done; the message is a sentence for the person who wrote it."""


@dataclass(frozen=True)
class Step:
    """One thing that the caller does: keys (or the four parts of a card), or seconds to wait before it."""

    deed: Deed
    text: str
    keys: tuple[str, ...] = ()
    seconds: float = 0.0


def steps_of(script: str | Path) -> list[Step]:
    """Read a script: steps with spaces or line ends between them; a Path, or the path of a file, is read first.

    In a file, what follows ``--`` on a line is a remark. Raises ScriptError.
    """
    text = _file(script) if isinstance(script, Path) or _is_file(script) else str(script)
    lines = [re.split(r"(?:^|\s)--", line, maxsplit=1)[0] for line in text.splitlines()]
    return [step_of(word) for line in lines for word in line.split()]


def step_of(word: str) -> Step:
    """Read one step; raises ScriptError."""
    name, colon, rest = word.partition(":")
    if word in _SILENCE:
        return Step("silence", word)
    if name in _NAMED:
        deed = _NAMED[name]
        return Step(deed, word, seconds=_seconds(word, rest) if colon else _SECONDS[deed])
    if name == "card":
        return Step("card", word, _card(word, rest))
    if name == "fast" and colon:
        return Step("fast", word, (_keys(word, rest),))
    return Step("keys", word, (_keys(word, word),))


def _is_file(script: str) -> bool:
    try:
        return Path(script).is_file()
    except (OSError, ValueError):  # too long for a name, or a zero byte: so it is the script itself
        return False


def _file(path: str | Path) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise ScriptError(f"The script {path} cannot be read: {problem}.") from problem


def _keys(word: str, keys: str) -> str:
    if not re.fullmatch(r"[0-9*#]+", keys):
        raise ScriptError(f"“{word}” is no step. Keys are 0 to 9, * and #; “?” shows what else there is.")
    return keys


def _card(word: str, rest: str) -> tuple[str, ...]:
    parts = rest.split("/")
    if len(parts) > 4 or not parts[0] or not all(re.fullmatch(r"[0-9*#]*", part) for part in parts):
        raise ScriptError(f"“{word}” is no card. Write card:NUMBER/MMYY/CODE/POSTAL; the last parts may be left out.")
    return tuple(parts)


def _seconds(word: str, text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]+)?", text) or float(text) > _LATEST:
        raise ScriptError(f"“{word}” needs a number of seconds up to {_LATEST:g} after the colon.")
    return float(text)
