"""How long words last when a voice on the telephone says them."""

from __future__ import annotations

#: Characters a second of an ordinary telephone voice; amounts and numbers are to be written out in words.
CHARACTERS_PER_SECOND = 13.7


def plain(text: str) -> str:
    """The text with every run of white space made one space, as a voice reads it."""
    return " ".join(text.split())


def seconds_of(text: str) -> float:
    """Estimated seconds of a text: the characters of the written-out text, divided by 13.7."""
    return len(plain(text)) / CHARACTERS_PER_SECOND
