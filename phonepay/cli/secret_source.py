"""Where a command reads a secret from: never its own words, which every process of the machine can see."""

import os
import sys
from pathlib import Path

from phonepay.cli.refusal import WrittenWrong

HOW = "-: a line of stdin; env:NAME: a variable of the environment; else the path of a file"


def read_secret(source: str, option: str) -> str:
    """The secret that `source` names, without the space around it. Raises WrittenWrong; no sentence repeats it."""
    if source == "-":
        secret = sys.stdin.readline()
    elif source.startswith("env:"):
        secret = os.environ.get(source.removeprefix("env:"), "")
    else:
        secret = _of_file(source, option)
    if not secret.strip():
        raise WrittenWrong(f"{option}: there is nothing in {source}.")
    return secret.strip()


def _of_file(source: str, option: str) -> str:
    path = Path(source).expanduser()
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError, ValueError):
        # What was written instead of a path may be the secret itself.
        raise WrittenWrong(f"{option} is no file that can be read. It takes {HOW}.") from None
