"""One turn in the making: what is said, what changes, what the driver is to do; then a Step."""

from dataclasses import dataclass, replace
from typing import Any

from phonepay.ivr.endings import Ending
from phonepay.ivr.events import Agree, Effect, EndUnpaid, Query
from phonepay.ivr.facts import resolver
from phonepay.ivr.prompts import catalogue, fill
from phonepay.ivr.replies import Dial, Gather, Hangup, Reply, Speech
from phonepay.ivr.script import Script
from phonepay.ivr.state import State
from phonepay.lib.speech import seconds

# Seconds after a reply was sent in which nobody can have heard enough of a question to answer it: what comes sooner
# was under way already. Twilio needs some of it to fetch and to begin the reply, and a fast hand keys five a second.
EARLIEST_ANSWER = 1.5
# Seconds between two keys of somebody who reads them off a card, after being told that they come too soon.
SLOW_KEY = 3.0
# A voice can be this much slower than the one formula says.
SLOW_VOICE = 1.25


@dataclass(frozen=True, slots=True)
class Step:
    """What `advance` answers: the state to store, and either a reply for the caller or a query for the driver.

    `keyed` is what the log may keep of the keys that led here ("x" for each that is masked); of a query's keys it
    comes with the reply. `ended` is an Ending's value, or "" while the call goes on.
    """

    state: State
    reply: Reply | None = None
    query: Query | None = None
    effects: tuple[Effect, ...] = ()
    keyed: str = ""
    ended: str = ""


class Turn:
    """The words and changes gathered until a step answers. Made and used up within one `advance`."""

    __slots__ = ("before", "effects", "first", "script", "state")

    def __init__(self, script: Script, state: State) -> None:
        self.script = script
        self.state = state
        self.before: tuple[Speech, ...] = ()  # Cannot be cut short.
        self.first: tuple[Speech, ...] = ()  # Said before the question, in the same breath.
        self.effects: tuple[Effect, ...] = ()
        self.say(*state.first.split())

    def update(self, **changes: Any) -> None:
        """Change the state."""
        self.state = replace(self.state, **changes)

    def words(self, prompt: str, /, *, locale: str = "", **values: str) -> Speech:
        """A prompt in the caller's language, the owner's own words first; `values` come before the call's own facts."""
        locale = locale or self.state.locale
        text = self.script.words.get(locale, {}).get(prompt) or catalogue(locale).prompts[prompt]
        known = resolver(self.script, self.state)
        filled = fill(text, lambda name: values[name] if name in values else known(name))
        return Speech(prompt, filled, locale, self.script.voices.get(locale, ""))

    def say(self, *keys: str) -> None:
        """Say these prompts before whatever comes next in this turn."""
        self.first += tuple(self.words(key) for key in keys)

    def warn(self, key: str) -> None:
        """Say this prompt first, where no key cuts it short."""
        self.before = (self.words(key),)

    def add(self, *speeches: Speech) -> None:
        """Say these before whatever comes next in this turn."""
        self.first += speeches

    def choice(self, step: str, *keys: str, timeout: int = 0, then_hang_up: bool = False) -> Step:
        """Ask for one key."""
        say = self.first + tuple(self.words(key) for key in keys)
        # No finish key: "#" must reach us as a key, or Twilio takes it for silence and ends the gather.
        listen = timeout or self.script.choice_seconds
        return self._ask(step, Gather(self.before, say, listen, 1, "", then_hang_up))

    def entry(self, step: str, *keys: str) -> Step:
        """Ask for a number, ended by # or by a pause."""
        say = self.first + tuple(self.words(key) for key in keys)
        return self._ask(step, Gather(self.before, say, self.script.entry_seconds, None, "#"))

    def look_up(self, step: str, query: Query) -> Step:
        """Ask the driver; the event that answers comes to `step`, and what was said so far is said then."""
        self.update(step=step, first=" ".join(speech.key for speech in self.first))
        return Step(self.state, query=query, effects=self.effects)

    def hang_up(self, ended: Ending, *keys: str) -> Step:
        """Say the last words and end the call, giving up an agreed payment that nothing was charged for."""
        self.give_up()
        say = self.first + tuple(self.words(key) for key in keys)
        return self._answer("ended", Hangup(say), ended)

    def dial(self) -> Step:
        """Connect the caller with the line's person."""
        self.give_up()
        self.say("person.connecting")
        return self._answer("transfer", Dial(self.first, self.script.person_number), "")

    def answer(self, step: str, reply: Reply, ended: str = "") -> Step:
        """Send a reply that asks nothing of the keys."""
        return self._answer(step, reply, ended)

    def agree(self, wording: str) -> None:
        """The terms stand: have the payment made."""
        state = self.state
        self.effects += (
            Agree(
                order_id=state.order_id,
                keys=state.order_keys,
                number=state.order_number,
                amount=state.amount,
                consent=state.consent,
                consent_wording=wording,
                consent_key=state.consent_key,
                currency=state.currency,
            ),
        )
        self.update(agreed=True)

    def give_up(self) -> None:
        """End the agreed payment, if there is one that nothing was charged for."""
        if self.state.agreed and self.state.money == "none":
            self.effects += (EndUnpaid(),)
            self.update(agreed=False)

    def _ask(self, step: str, gather: Gather) -> Step:
        uncut = sum(seconds(speech.text, speech.locale) for speech in gather.before)
        earliest = SLOW_KEY if self.state.run_told else EARLIEST_ANSWER
        self.update(unheard=round(uncut * SLOW_VOICE + earliest, 1))
        return self._answer(step, gather, "")

    def _answer(self, step: str, reply: Reply, ended: str) -> Step:
        keyed = self.state.keyed
        self.update(step=step, keyed="", first="", turns=self.state.turns + 1)
        return Step(self.state, reply=reply, effects=self.effects, keyed=keyed, ended=str(ended))
