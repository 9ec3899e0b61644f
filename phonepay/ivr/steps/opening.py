"""The first words: the language, the greeting, and a line that takes no payment now."""

from phonepay.ivr import runs
from phonepay.ivr.endings import Ending
from phonepay.ivr.events import Event, Keyed, Started
from phonepay.ivr.steps.questions import UnexpectedEvent
from phonepay.ivr.turn import Step, Turn


class Start:
    """The call comes in."""

    name = "start"

    def hear(self, turn: Turn, event: Event) -> Step | None:
        """Ask the language where there are two, else greet."""
        if not isinstance(event, Started):
            raise UnexpectedEvent(self.name, event)
        turn.update(letters=event.letters or turn.script.says_letters, amount=turn.script.behavior.fixed_amount or 0)
        if turn.script.paused:
            return refuse(turn, "paused")
        if len(turn.script.locales) > 1:
            return Language().ask(turn)
        greet(turn)
        return None


class Language:
    """Each half in its own voice; the line's first language unless another is chosen. It is not asked again."""

    name = "language"

    def ask(self, turn: Turn) -> Step:
        """Say each half in its language, with the key of its place."""
        for place, locale in enumerate(turn.script.locales, 1):
            turn.add(turn.words("lang.ask", locale=locale, key=str(place)))
        return turn.choice(self.name)

    def hear(self, turn: Turn, event: Event) -> Step | None:
        """A language's key chooses it; silence or another key the first; 0 a person, as everywhere."""
        if not isinstance(event, Keyed):
            raise UnexpectedEvent(self.name, event)
        runs.join(turn, len(event.keys), early=False)
        turn.update(keyed=event.keys if len(event.keys) <= 1 else runs.masked(event.keys))
        if event.keys == "0" and turn.script.has_person:
            return turn.dial()
        by_key = {str(place): locale for place, locale in enumerate(turn.script.locales, 1)}
        turn.update(locale=by_key.get(event.keys, turn.script.locales[0]))
        greet(turn)
        return None


def greet(turn: Turn) -> None:
    """Say who speaks, in the breath of the first question."""
    if turn.script.test_mode:
        turn.say("test.notice")
    turn.say("welcome")
    if turn.script.has_person:
        turn.say("person.hint")


def refuse(turn: Turn, kind: str) -> Step:
    """No card is taken from this caller now: nobody is told why. Who has chosen no language yet hears it in each."""
    if kind == "person" and turn.script.has_person:
        return turn.dial()
    ended = Ending.LINE_PAUSED if kind == "paused" else Ending.CALLER_REFUSED
    helped = "caller.refused.help" if turn.script.shop_phone else "caller.refused"
    prompt = {"paused": "line.paused", "again": "caller.again"}.get(kind, helped)
    if turn.state.step == Start.name:
        turn.add(*(turn.words(prompt, locale=locale) for locale in turn.script.locales))
        return turn.hang_up(ended)
    return turn.hang_up(ended, prompt)
