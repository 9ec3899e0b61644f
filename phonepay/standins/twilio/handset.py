"""Somebody at a telephone in another process: what they do is done in order, and what they hear can be asked for."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from phonepay.standins.twilio.call import Call, CallOver
from phonepay.standins.twilio.telephone import Telephone

#: Seconds without a deed after which the receiver is put down: somebody closed the page and is gone.
FORGOTTEN_AFTER = 600.0
_CARD_KEYS_A_SECOND = 40.0  # of the telephone's own seconds: nobody wants to watch a card being keyed

Deed = Callable[[Call], object]


class Handset:
    """One call, driven by a thread of its own. ``do`` returns at once; ``wait`` waits until the call listens again.

    Words take no time here, as they are read; the pauses of a document do, because in them something else is waited
    for. ``heard_after``: seconds that really pass after an answer before the next key or the end of the call is told,
    as far as its words last so long: the product knows that nobody can have heard them sooner.
    """

    def __init__(self, telephone: Telephone, caller: str, *, hidden: bool = False, heard_after: float = 0.0) -> None:
        telephone.on_time = self._time_passes
        telephone.before_end = lambda _: self._once_heard()
        self._heard_after = heard_after
        self._deeds: queue.SimpleQueue[Deed] = queue.SimpleQueue()
        self._changed = threading.Condition()
        self._owed = 0
        self._answers = 0
        self._answered_at = (0.0, 0.0)  # by the real clock, by the call's
        self._over = False
        self._gone = threading.Event()
        self.call = telephone.prepare(caller, hidden=hidden)
        threading.Thread(target=self._run, name="handset", daemon=True).start()
        self._owe(Call.start)

    # What somebody does

    def press(self, keys: str, *, into_pay: bool = True) -> None:
        """Press keys; raises ValueError for what a telephone does not have.

        Without `into_pay` no digit reaches a <Pay>, where only `key_card` answers: nobody keys a real card by mistake.
        """
        if not keys or not set(keys) <= set("0123456789*#"):
            raise ValueError("a telephone has the keys 0 to 9, * and #")

        def deed(call: Call) -> None:
            if self.call.listening_for == "gather":
                self._once_heard()
            reaches = keys if into_pay or call.state != "paying" else "*" * keys.count("*")
            if reaches:
                call.press(reaches)

        self._owe(deed)

    def keep_silent(self) -> None:
        """Say nothing until the line gives up listening."""
        self._owe(Call.wait)

    def key_card(self, number: str, expiry: str, code: str, postal_code: str) -> None:
        """Answer all that <Pay> asks for; nothing where no card is asked for."""
        self._owe(lambda call: call.key_card(number, expiry, code, postal_code, per_second=_CARD_KEYS_A_SECOND))

    def person(self, *, answers: bool) -> None:
        """Let the person who is rung answer, or be busy."""
        self._owe(lambda call: call.answered_by_person(answers))

    def hang_up(self) -> None:
        """Hang up this moment, whatever is being said or waited for."""
        if not self.call.ended_by:
            self.call.break_off()
        self._owe(lambda _: None)  # whoever drives the call wakes and sees that it is over

    def close(self) -> None:
        """The telephone network ends: whoever is on the line hangs up."""
        self._gone.set()
        self.hang_up()

    # What can be seen of it

    @property
    def busy(self) -> bool:
        """Whether something that was done has not led to an answer yet."""
        return self._owed > 0 and not self._over

    def wait(self, seconds: float) -> None:
        """Wait until nothing is under way, at most so long."""
        with self._changed:
            self._changed.wait_for(lambda: not self.busy, seconds)

    def told(self, since: int = 0) -> dict[str, Any]:
        """The call as it stands, and its log from line ``since`` on; ``lines`` is how many there are.

        Keys of a card are dots, here already.
        """
        call, entries = self.call, list(self.call.conversation.log.entries)
        return {
            "sid": call.sid,
            "state": "busy" if self.busy else call.state,
            "listening_for": call.listening_for,
            "attempt": call.attempt,
            "ended_by": call.ended_by,
            "seconds": round(call.clock, 1),
            "lines": len(entries),
            "log": [
                {
                    "at": round(entry.at, 1),
                    "who": entry.who,
                    "text": entry.shown,
                    "what": entry.what,
                    "about": entry.about,
                    "language": entry.language,
                }
                for entry in entries[since:]
            ],
        }

    # How it runs

    def _owe(self, deed: Deed) -> None:
        with self._changed:
            self._owed += 1
        self._deeds.put(deed)

    def _run(self) -> None:
        while not self.call.ended_by:
            try:
                deed = self._deeds.get(timeout=FORGOTTEN_AFTER)
            except queue.Empty:
                self.call.break_off()
                continue
            try:
                deed(self.call)
            except CallOver:
                pass  # the call ended, or went elsewhere, before this came: on a telephone it would be lost too
            finally:
                self._done()
        self._over = True
        self._notify()

    def _done(self) -> None:
        with self._changed:
            self._owed -= 1
        self._notify()

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _once_heard(self) -> None:
        real, told = self._answered_at
        lasts = min(self._heard_after, self.call.clock - told)
        self._gone.wait(max(0.0, real + lasts - time.monotonic()))

    def _time_passes(self, seconds: float) -> None:
        # The first time that passes after a request is what its answer took.
        if (answers := len(self.call.turns)) != self._answers:
            self._answers, self._answered_at = answers, (time.monotonic(), self.call.clock)
        if self.call.conversation.pausing:
            self._gone.wait(seconds)
