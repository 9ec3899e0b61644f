"""What the caller heard and keyed, and the call told as readable text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

#: A run of this many keys outside of <Pay> may be a card number keyed too soon: it is masked in the transcript too.
_CARD_LIKE = 12

Who = Literal["voice", "keys", "card-keys", "call"]
#: What a line of the call itself tells: of the caller, of the person called, or of what went wrong.
What = Literal["", "silence", "lost-key", "rings", "person-answers", "dialed", "error", "ended"]


@dataclass
class Heard:
    """Words (or a recording) that the caller heard: ``at`` and ``seconds`` on the call's clock.

    ``interrupted``: a key or a hang-up cut it short; ``seconds`` is then what was heard of it. ``kind`` is "say",
    "play", or "own" for words of Twilio's own.
    """

    text: str
    voice: str
    language: str
    at: float
    seconds: float
    interrupted: bool = False
    kind: str = "say"


@dataclass(frozen=True)
class Entry:
    """One line of the log: when (seconds since the answer), who, what.

    ``what`` names what happened in a line of the call itself, ``about`` what it happened to: the seconds of a silence,
    the number that rings, who ended the call. ``language`` is that of a voice's words.
    """

    at: float
    who: Who
    text: str
    what: What = ""
    about: str = ""
    language: str = ""

    @property
    def shown(self) -> str:
        """The text as it may be shown: the keys of a card as dots, and so any run of keys that could be one."""
        if self.who == "card-keys" or (self.who == "keys" and len(self.text) >= _CARD_LIKE):
            return "".join("•" if key.isdigit() else key for key in self.text)
        return self.text


class Log:
    """The call as it goes, in order; ``listener`` is given each line once it is whole."""

    def __init__(self, listener: Callable[[str], object] | None = None) -> None:
        self.entries: list[Entry] = []
        self._listener = listener
        self._told = 0

    def note(self, at: float, who: Who, text: str, what: What = "", *, about: str = "", language: str = "") -> None:
        """Write one line; keys that follow each other become one."""
        last = self.entries[-1] if self.entries else None
        if last and who in ("keys", "card-keys") and last.who == who and self._told < len(self.entries):
            self.entries[-1] = Entry(last.at, who, last.text + text)
            return
        self.flush()
        self.entries.append(Entry(at, who, text, what, about, language))
        if who not in ("keys", "card-keys"):
            self.flush()

    def flush(self) -> None:
        """Give the listener what it has not heard yet; keys pressed later begin a line of their own."""
        for entry in self.entries[self._told :]:
            if self._listener is not None:
                self._listener(told(entry))
        self._told = len(self.entries)

    def text(self) -> str:
        """All lines, one under the other, each with its time."""
        return "\n".join(told(entry) for entry in self.entries)


def told(entry: Entry) -> str:
    """One line of the log as text: minutes and seconds, who, what; card keys as dots."""
    minutes, seconds = divmod(int(entry.at), 60)
    who = {"voice": "voice", "keys": "keys ", "card-keys": "keys ", "call": "     "}[entry.who]
    return f"{minutes:02d}:{seconds:02d}  {who}  {entry.shown}"
