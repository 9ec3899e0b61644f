"""One call as the caller lives it: keys, silence, hanging up, and what was heard."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Literal

from phonepay.standins.twilio.conversation import Conversation, Note
from phonepay.standins.twilio.heard import Heard
from phonepay.standins.twilio.line import CallEnds, Listening
from phonepay.standins.twilio.requests import Request

_KEYS = frozenset("0123456789*#")
#: Keys a second of somebody who reads them from a card or a letter.
HUMAN_PACE = 2.0
CARD_FIELDS = ("payment-card-number", "expiration-date", "security-code", "postal-code")


class CallOver(Exception):
    """Something was asked of a call that has ended, or that is not where it would have to be."""


@dataclass(frozen=True)
class Armed:
    """A point of the call at which something is to happen, once."""

    call: Call
    point: str
    text: str

    def press(self, keys: str, *, after_seconds: float = 0.0, per_second: float = HUMAN_PACE) -> Call:
        """Let keys be pressed from this point on."""
        _check(keys)
        return self._then(lambda: self.call._arrange_keys(keys, after_seconds, per_second))

    def hang_up(self, *, after_seconds: float = 0.0) -> Call:
        """Let the caller hang up at this point, or some seconds after it."""
        return self._then(lambda: self.call._arrange("hang-up", after_seconds))

    def answer(self, *, refuses: bool = False, after_seconds: float = 5.0, talks_for: float = 60.0) -> Call:
        """Let the person called answer (or refuse) when it rings; for the point "dial"."""
        kind: Literal["refuse", "answer"] = "refuse" if refuses else "answer"
        return self._then(lambda: self.call._arrange(kind, after_seconds, str(talks_for)))

    def _then(self, act: Callable[[], None]) -> Call:
        self.call._armed.append((self.point, self.text, act))
        return self.call


class Call:
    """A call under way. Every method that acts returns the call itself, once it listens again, rings, or has ended."""

    def __init__(
        self, conversation: Conversation, steps: Generator[Listening, None, None], on_end: Callable[[Call], None]
    ) -> None:
        self.sid = conversation.parameters["CallSid"]
        self.conversation = conversation
        self.ended_by = ""
        self._steps = steps
        self._on_end = on_end
        self._listening: Listening | None = None
        self._armed: list[tuple[str, str, Callable[[], None]]] = []
        self._running = threading.RLock()
        conversation.on_point = self._reach

    # What the caller does

    def start(self) -> Call:
        """Let the prepared call ring; only ``Telephone.prepare`` leaves a call that is not started."""
        return self._go_on()

    def press(self, keys: str, *, per_second: float = HUMAN_PACE) -> Call:
        """Press keys one after the other; those that a turn does not take arrive in the next, as they would."""
        _check(keys)
        self._alive()
        self._arrange_keys(keys, 0.0, per_second)
        return self._go_on()

    def wait(self) -> Call:
        """Stay silent until what listens now gives up, and the call listens again."""
        self._alive()
        self.conversation.line.silent = True
        return self._go_on()

    def hang_up(self, *, after_seconds: float = 0.0) -> Call:
        """Hang up now, or after some seconds of silence: also in the middle of words."""
        self._alive()
        self._arrange("hang-up", after_seconds)
        return self._go_on()

    def key_card(
        self,
        number: str,
        expiry: str = "",
        code: str = "",
        postal_code: str = "",
        *,
        per_second: float = HUMAN_PACE,
    ) -> Call:
        """Answer the fields that <Pay> asks for, in their order; stops where one is asked again. Empty: not keyed."""
        self._alive()
        if self.state != "paying":
            raise CallOver(f"No card is asked for: the call is {self.state}.\n{self.transcript()}")
        for field, keys in zip(CARD_FIELDS, (number, expiry, code, postal_code), strict=True):
            if not keys or self.listening_for != field:
                continue
            attempt = self._listening.attempt if self._listening else 1
            self.press(keys, per_second=per_second)
            if self._listening and self.listening_for == field and self._listening.attempt == attempt:
                self.wait()
            if self.listening_for == field:
                return self
        return self

    def answered_by_person(self, answers: bool = True, *, after: float = 5.0, talks_for: float = 60.0) -> Call:
        """Let the person called answer after some seconds of ringing, or refuse; before it rings: the next time."""
        self._alive()
        if self.state != "ringing":
            return self.at("dial").answer(refuses=not answers, after_seconds=after, talks_for=talks_for)
        self._arrange("answer" if answers else "refuse", after, str(talks_for))
        return self._go_on()

    def at(self, point: str = "", *, words: str = "", request: str = "") -> Armed:
        """A point to come: "gather", "pay", "dial", a field of <Pay>, "payment-processing"; or words, or a request.

        ``words`` and ``request`` are a piece of the text that is about to be heard, or of the address to be asked.
        """
        if words or request:
            return Armed(self, "words" if words else "request", words or request)
        return Armed(self, point, "")

    def end_by_api(self) -> None:
        """End the call as the REST API does; from any thread, also from within a request of this call."""
        self._end_from_anywhere("api")

    def break_off(self) -> None:
        """Hang up this moment; from any thread, also while words are said or an answer is waited for."""
        self._end_from_anywhere("hang-up")

    def _end_from_anywhere(self, kind: Literal["api", "hang-up"]) -> None:
        self.conversation.line.arrange(kind, 0.0)
        if self._running.acquire(blocking=False):
            try:
                if not self.ended_by and self._listening is not None:
                    self._go_on()
            finally:
                self._running.release()

    # What can be seen of it

    @property
    def state(self) -> str:
        """The state: "listening", "paying", "ringing", "ended"; "new" before it is started."""
        if self.ended_by:
            return "ended"
        return self._listening.state if self._listening else "new"

    @property
    def listening_for(self) -> str:
        """What the call waits for: "gather", "dial", a field of <Pay>, or nothing."""
        return self._listening.what if self._listening and not self.ended_by else ""

    @property
    def attempt(self) -> int:
        """Which try at a field of <Pay> this is, from 1."""
        return self._listening.attempt if self._listening else 1

    @property
    def clock(self) -> float:
        """Seconds since the call was answered."""
        return self.conversation.clock.seconds

    @property
    def heard(self) -> list[Heard]:
        """Everything that was heard, in order."""
        return self.conversation.heard

    @property
    def said(self) -> str:
        """All the words, joined by spaces."""
        return " ".join(heard.text for heard in self.heard)

    @property
    def last(self) -> str:
        """The text heard last, or an empty string."""
        return self.heard[-1].text if self.heard else ""

    @property
    def requests(self) -> list[Request]:
        """Every request of the call, status callbacks included."""
        return self.conversation.requests.made

    @property
    def turns(self) -> list[Request]:
        """The requests that the caller hears the answers of: status callbacks are none."""
        return [request for request in self.requests if request.kind == "call"]

    @property
    def errors(self) -> list[Note]:
        """Twilio's numbered errors."""
        return self.conversation.errors

    @property
    def warnings(self) -> list[Note]:
        """Twilio's numbered warnings."""
        return self.conversation.warnings

    @property
    def status(self) -> str:
        """Twilio's CallStatus."""
        return self.conversation.status

    @property
    def duration(self) -> int:
        """Whole seconds of the call, as CallDuration counts them."""
        return math.ceil(self.clock)

    def transcript(self) -> str:
        """The call as readable text: times, the voice, the keys (those of a card as dots)."""
        return self.conversation.log.text()

    # How it runs

    def _alive(self) -> None:
        if self.ended_by:
            raise CallOver(f"The call has ended ({self.ended_by}).\n{self.transcript()}")

    def _go_on(self) -> Call:
        with self._running:
            try:
                self._listening = next(self._steps)
            except CallEnds as end:
                self._end(end.by)
        return self

    def _end(self, by: str) -> None:
        self.ended_by, self._listening = by.partition(" ")[0], None
        rejected = {"rejected": "failed", "rejected busy": "busy"}
        self.conversation.status = rejected.get(by, "completed")
        told = f"(the call has ended: {self.ended_by})"
        self.conversation.log.note(self.clock, "call", told, "ended", about=self.ended_by)
        self._on_end(self)

    def _arrange(self, kind: Literal["hang-up", "answer", "refuse"], after_seconds: float, value: str = "") -> None:
        self.conversation.line.arrange(kind, self.clock + after_seconds, value)

    def _arrange_keys(self, keys: str, after_seconds: float, per_second: float) -> None:
        line = self.conversation.line
        start = max(self.clock + after_seconds, line.last_key_at)
        for place, key in enumerate(keys, 1):
            line.arrange("key", start + place / per_second, key)

    def _reach(self, name: str, text: str) -> None:
        due = [armed for armed in self._armed if armed[0] == name and armed[1] in text]
        for armed in due:
            self._armed.remove(armed)
            armed[2]()


def _check(keys: str) -> None:
    if not keys or not set(keys) <= _KEYS:
        raise ValueError(f"A telephone has the keys 0 to 9, * and #; not all of {keys!r} are keys.")
