"""What of the Markdown is a command: blocks of `console`, and code that begins with the product's name."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "deploy" / "Containerfile", *(ROOT / "docs").glob("*.md")])

_BLOCK = re.compile(r"^(?P<indent> *)```(?:console|sh|shell|bash)\n(?P<body>.*?)^ *```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`(phonepay [^`]+)`")
_INDENTED = re.compile(r"^    (?:\$ )?((?:phonepay|make) .+)$", re.MULTILINE)


@dataclass(frozen=True)
class Command:
    page: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}: {self.text}"

    @property
    def words(self) -> list[str]:
        """Without what runs it as somebody else, in another folder or with names set."""
        words = shlex.split(self.text.split(" <<<")[0].split(" | ")[0].split(" >")[0])
        while words and (words[0] in ("sudo", "env") or words[0] == "-u" or "=" in words[0] or words[0].isidentifier()):
            if words[0] == "-u":
                words = words[2:]
            elif words[0] in ("sudo", "env") or "=" in words[0]:
                words = words[1:]
            else:
                break
        return words


def in_blocks() -> Iterator[Command]:
    """Each line that is typed, in blocks of shells and in the indented ones of old."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in _BLOCK.finditer(text):
            for line in block["body"].splitlines():
                typed = re.match(r"\s*[$#] (.+)", line)
                if typed:
                    yield Command(page.name, typed[1])
        for typed in _INDENTED.finditer(text):
            yield Command(page.name, typed[1].strip())


def inline() -> Iterator[Command]:
    """Commands of the product in the middle of sentences."""
    for page in PAGES:
        for found in _INLINE.finditer(page.read_text(encoding="utf-8")):
            yield Command(page.name, " ".join(found[1].split()))
