"""The two kinds of question: a choice of one key, and an entry of a number."""

from typing import ClassVar

from phonepay.ivr import patience, runs
from phonepay.ivr.endings import Ending
from phonepay.ivr.events import Event, Keyed
from phonepay.ivr.turn import Step, Turn
from phonepay.lib.cards import looks_like_card_number


class UnexpectedEvent(ValueError):
    """An event that the present step cannot hear: a late or foreign request, which changes nothing."""

    def __init__(self, step: str, event: Event) -> None:
        super().__init__(f"“{step}” does not hear {type(event).__name__}")
        self.step = step
        self.event = event


class Choice:
    """One key of `options`; 9 says it again, 0 asks for a person."""

    name: ClassVar[str]
    options: ClassVar[str] = "12"

    def prompts(self, turn: Turn) -> tuple[str, ...]:
        """The question."""
        raise NotImplementedError

    def chosen(self, turn: Turn, key: str) -> Step | None:
        """One of the options was pressed."""
        raise NotImplementedError

    def offered(self, turn: Turn) -> str:
        """The keys that mean something here, 0 and 9 apart."""
        del turn  # Most choices offer the same in every call.
        return self.options

    def silent(self, turn: Turn) -> Step | None:
        """No key came."""
        return patience.silence(turn, self)

    def ask(self, turn: Turn) -> Step:
        """Ask, after whatever the turn says first."""
        return turn.choice(self.name, *self.prompts(turn))

    def over(self, turn: Turn, ended: Ending) -> Step:
        """Patience is at its end: a person, else the last words."""
        return patience.give_over(turn, ended)

    def hear(self, turn: Turn, event: Event) -> Step | None:
        """One key, or silence."""
        if not isinstance(event, Keyed):
            raise UnexpectedEvent(self.name, event)
        key = event.keys
        if not key:
            runs.broken(turn)
            return self.silent(turn)
        if len(key) > 1 or runs.is_early(turn, 1, event.seconds):
            return runs.stray(turn, self, key)
        runs.join(turn, 1, early=False)
        turn.update(keyed=key)
        return self._answered(turn, key)

    def _answered(self, turn: Turn, key: str) -> Step | None:
        if key == "#":
            return patience.silence(turn, self, hash_alone=True)
        if key == "0":
            return patience.person(turn, self)
        if key == "9":
            return self.ask(turn)
        if key in self.offered(turn):
            patience.settled(turn)
            return self.chosen(turn, key)
        return runs.wrong(turn, self)


class Entry:
    """A number, ended by # or by a pause; 0 alone asks for a person."""

    name: ClassVar[str]

    def prompts(self, turn: Turn) -> tuple[str, ...]:
        """The question."""
        raise NotImplementedError

    def entered(self, turn: Turn, keys: str) -> Step | None:
        """Some keys were entered; not so many that they may be a card number."""
        raise NotImplementedError

    def ask(self, turn: Turn) -> Step:
        """Ask, after whatever the turn says first."""
        return turn.entry(self.name, *self.prompts(turn))

    def over(self, turn: Turn, ended: Ending) -> Step:
        """Patience is at its end: a person, else the last words."""
        return patience.give_over(turn, ended)

    def hear(self, turn: Turn, event: Event) -> Step | None:
        """Keys, or silence."""
        if not isinstance(event, Keyed):
            raise UnexpectedEvent(self.name, event)
        keys = event.keys.rstrip("#")
        if not keys:
            runs.broken(turn)
            return patience.silence(turn, self)
        # "#" ended it at once; without it, a pause did.
        pause = 0 if event.keys.endswith("#") else turn.script.entry_seconds
        early = runs.is_early(turn, len(keys), event.seconds, pause=pause)
        runs.join(turn, len(keys), early=early)
        if turn.state.run >= runs.TOO_LONG or looks_like_card_number(keys):
            turn.update(keyed=runs.masked(keys))
            return runs.too_soon(turn, self)
        turn.update(keyed=keys)
        if keys == "0":
            return patience.person(turn, self)
        return self.entered(turn, keys)
