"""The trouble: what is broken when, by the seed."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable

from phonepay.standins.twilio import Telephone
from tests.chaos.programs import Program
from tests.chaos.stage import Stage

_CONFIRM = ("POST", "/v1/payment_intents/*/confirm")
_STRIPE_PATHS = (
    ("POST", "/v1/payment_intents"), _CONFIRM, _CONFIRM,
    ("GET", "/v1/payment_intents/*"), ("POST", "/v1/payment_intents/*/cancel"), ("POST", "/v1/refunds"),
    ("POST", "/v1/refunds"), ("GET", "/v1/refunds"), ("POST", "/v1/customers"),
)  # fmt: skip

REST_OF_MANY, REST_OF_ONE = 3.0, 10.0  # seconds


class Trouble:
    """A thread that breaks something `every` so many seconds, until `stop`; then everything is mended."""

    def __init__(self, stage: Stage, telephones: list[Telephone], rng: random.Random, every: float) -> None:
        self.done: Counter[str] = Counter()
        self._stage, self._telephones, self._rng, self._every = stage, telephones, rng, every
        self._over, self._finished, self._never = threading.Event(), threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._mending: list[threading.Thread] = []
        self._kinds: list[Callable[[], str]] = [
            self._kill, self._kill_below, self._stripe, self._stripe, self._stripe, self._twilio, self._twilio,
            self._webhooks, self._stop_kindly,
        ]  # fmt: skip
        if stage.database is not None:
            self._kinds.append(self._database)
        self._last: Callable[[], str] | None = None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """No more of it: whatever is down comes up, whatever is held goes on."""
        self._over.set()
        self._finished.wait()
        for mending in self._mending:
            mending.join()
        self._stage.stripe.faults.clear()
        self._stage.webhooks.honest = True
        self._stage.webhooks.let_go()

    def _run(self) -> None:
        while not self._over.wait(self._every * self._rng.uniform(0.3, 1.7)):
            kind = self._rng.choice([kind for kind in self._kinds if kind is not self._last or kind == self._stripe])
            self._last = kind
            self.done[kind()] += 1
        self._finished.set()
        # Linux ends a process with the thread that started it (prctl(2)): the database is this one's.
        self._never.wait()

    def _victim(self) -> Program | None:
        """Somebody who was left alone for a while: where nothing ever runs, nothing can go wrong."""
        rest = REST_OF_ONE if len(self._stage.programs) == 1 else REST_OF_MANY
        before = time.monotonic() - rest
        up = [program for program in self._stage.programs if program.runs and program.up_since < before]
        return self._rng.choice(up) if up else None

    def _kill(self) -> str:
        victim = self._victim()
        if victim is None:
            return "nobody to kill"
        victim.kill()
        self._bring_back(victim)
        return f"kill -9 of {victim.name}"

    def _kill_below(self) -> str:
        victim = self._victim()
        if victim is None:
            return "nobody to kill"
        victim.kill_one_below(self._rng.randrange(100))
        return f"kill -9 of one process below {victim.name}"

    def _stop_kindly(self) -> str:
        """As at a deploy: SIGTERM, and the next one is started."""
        victim = self._victim()
        if victim is None:
            return "nobody to stop"

        def again() -> None:
            victim.address = ""  # a proxy sends nothing more to it
            if victim.ask_to_stop() is None:
                self.done[f"{victim.name} had to be killed at a deploy"] += 1
            victim.keep_up()

        self._mend(again)
        return f"deploy of {victim.name}"

    def _stripe(self) -> str:
        faults, rng = self._stage.stripe.faults, self._rng
        method, path = rng.choice(_STRIPE_PATHS)
        when = rng.choice(["before", "after"])
        times = rng.choice([1, 1, 2, 5])
        action = rng.choice(["fail", "drop", "drop", "limit", "hold"])
        if action == "fail":
            faults.fail(method, path, status=rng.choice([500, 502, 503]), when=when, times=times)  # type: ignore[arg-type]
        elif action == "drop":
            faults.drop(method, path, when=when, times=times)  # type: ignore[arg-type]
        elif action == "limit":
            faults.rate_limit(method, path, times=times)
            when = "before"
        else:
            held = faults.hold(method, path, when=when)  # type: ignore[arg-type]
            seconds = rng.choice([0.5, 3.0, 12.0])
            self._mend(lambda: self._let_go_after(seconds, held.release))
        return f"Stripe: {action} {when}"

    def _let_go_after(self, seconds: float, release: Callable[[], None]) -> None:
        self._over.wait(seconds)
        release()

    def _twilio(self) -> str:
        harm = self._rng.choice(["repeat", "repeat", "lose", "drop", "refuse"])
        where = self._rng.choice(["/pay/", "/pay/", "/waiting/", "/input/", "/voice", ""])
        times, together = self._rng.choice([1, 1, 2]), self._rng.random() < 0.5
        for phone in self._telephones:
            if harm == "repeat":
                phone.repeat_next(times, where=where, together=together)
            elif harm == "lose":
                phone.lose_next_answer(times, where=where)
            elif harm == "drop":
                phone.drop_next_answer(times, where=where)
            else:
                phone.refuse_next_connection(times, where=where)
        return f"Twilio: {harm}"

    def _webhooks(self) -> str:
        self._stage.webhooks.let_go()
        return "webhooks shuffled"

    def _database(self) -> str:
        database = self._stage.database
        assert database is not None
        database.crash()
        began = time.monotonic()
        self._over.wait(self._rng.choice([0.0, 0.5, 3.0]))
        database.start()
        self.done["seconds without a database"] += round(time.monotonic() - began)
        return "crash of the database"

    def _bring_back(self, program: Program) -> None:
        seconds = self._rng.choice([0.0, 1.0, 4.0])

        def again() -> None:
            self._over.wait(seconds)
            program.keep_up()

        self._mend(again)

    def _mend(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._mending.append(thread)
        thread.start()
