"""Silence, wrong keys and a person: how often a question is asked, and what happens then.

`tries` counts silence and wrong keys together at one question, `tries_in_call` over the call; then the caller is
connected with the line's person, or the call ends.
"""

from typing import Protocol

from phonepay.ivr.endings import Ending
from phonepay.ivr.turn import Step, Turn

SECOND_SILENCE = 2  # From the second on, the words say how a mobile phone shows its keys.


class Said(Protocol):
    """What can be said again."""

    def ask(self, turn: Turn) -> Step:
        """Say it, after whatever the turn says first."""


class Question(Said, Protocol):
    """What can be asked again, until patience is at its end."""

    def over(self, turn: Turn, ended: Ending) -> Step:
        """Patience is at its end."""


def settled(turn: Turn) -> None:
    """The question was answered: the next one is met with fresh patience."""
    turn.update(tries=0, silences=0)


def silence(turn: Turn, question: Question, *, hash_alone: bool = False) -> Step:
    """No keys, or "#" alone, which is no mistake: the question is just said again, but it counts."""
    turn.update(silences=turn.state.silences + 1)
    if _spent(turn):
        return question.over(turn, Ending.SILENCE)
    if not hash_alone:
        turn.say(f"silence.{min(turn.state.silences, SECOND_SILENCE)}")
    return question.ask(turn)


def wrong(turn: Turn, question: Question) -> Step:
    """A key that means nothing here. Said where no key cuts it short: more keys of the same hand may follow."""
    if _spent(turn):
        return question.over(turn, Ending.TRIES)
    turn.warn("wrong.1")
    return question.ask(turn)


def refused(turn: Turn, question: Question, reason: str) -> Step:
    """An entry that cannot be used: the reason, then the question, in one breath."""
    if _spent(turn):
        return question.over(turn, Ending.TRIES)
    turn.say(reason)
    return question.ask(turn)


def count(turn: Turn) -> bool:
    """Count one try; whether patience is at its end."""
    return _spent(turn)


def person(turn: Turn, question: Said) -> Step:
    """0: a person, or that there is none and the question again."""
    if turn.script.has_person:
        return turn.dial()
    turn.say("person.none")
    return question.ask(turn)


def give_over(turn: Turn, ended: Ending) -> Step:
    """The end of the tries: a person, else the last words."""
    if turn.script.has_person:
        return turn.dial()
    return turn.hang_up(ended, "end.silence" if ended is Ending.SILENCE else "end.tries")


def _spent(turn: Turn) -> bool:
    state = turn.state
    turn.update(tries=state.tries + 1, tries_in_call=state.tries_in_call + 1)
    return turn.state.tries >= turn.script.tries or turn.state.tries_in_call >= turn.script.tries_per_call
