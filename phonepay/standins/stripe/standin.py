"""The stand-in as a whole: started and stopped, with its handles."""

import signal
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from phonepay.standins.stripe import keys
from phonepay.standins.stripe.account import Account
from phonepay.standins.stripe.clock import Clock
from phonepay.standins.stripe.control import Control
from phonepay.standins.stripe.desk import Desk
from phonepay.standins.stripe.faults import Faults
from phonepay.standins.stripe.server import LogLine, RequestLog, Server
from phonepay.standins.stripe.store import Store
from phonepay.standins.stripe.webhooks import Webhooks


class StripeStandIn:
    """`port` 0 takes a free one. `state` names a file that keeps everything over a restart. `now` (Unix seconds) stops
    the clock there until it is turned; without it the clock runs."""

    def __init__(self, port: int = 0, state: Path | None = None, now: int | None = None) -> None:
        self.clock = Clock(now)
        self.store = Store(state)
        self.faults = Faults()
        self.webhooks = Webhooks(self.store, self.clock)
        self._restore_clock()
        self.desk = Desk(self.store, self.clock, self.faults, self.webhooks.announce)
        self.webhooks.chores = self._settle_due
        self._log = RequestLog()
        self._server = Server(port, self.desk, Control(self), self._log)
        self._threads: list[threading.Thread] = []
        self.clock.on_turn(self._clock_turned)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def requests(self) -> list[LogLine]:
        """The API requests so far, oldest first: method, path, idempotency key, status."""
        return self._log.lines()

    def start(self) -> Self:
        serving = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._threads = [serving, threading.Thread(target=self.webhooks.run, daemon=True)]
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> None:
        """Let go of what is held, answer nothing more, close the file."""
        self.faults.close()
        self.webhooks.stop()
        if self._threads:
            self._server.shutdown()
        self._server.close_connections()
        self._server.server_close()
        for thread in self._threads:
            thread.join(timeout=15)
        self.store.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def account(self, key: str) -> Account:
        """The account and mode that a secret key opens. Raises ApiError for what is no key."""
        with self.store.lock:
            return Account(self.desk, keys.caller(self.store, key).scope)

    def same_account(self, key: str, other: str) -> None:
        """Let the second key open the first one's account, as a connector's does. Raises ValueError where it has
        objects of its own already."""
        with self.store.lock:
            keys.join(self.store, key, other)

    def _settle_due(self) -> None:
        with self.store.lock:
            for scope in self.store.account_scopes():
                self.desk.settle_due(scope)
            self.store.commit()

    def _clock_turned(self) -> None:
        self._settle_due()
        with self.store.lock:
            self.store.own.set_setting("clock_offset", self.clock.offset)
            self.store.commit()
        self.webhooks.wake()

    def _restore_clock(self) -> None:
        self.clock.restore(int(self.store.own.setting("clock_offset", 0)))


def serve(port: int, state: Path | None, start: int | None = None) -> None:
    """Run until SIGTERM or SIGINT, printing the address first. For the main thread of a process of its own.

    `start`, in Unix seconds, sets the clock at first, to the past too; it runs on from there.
    """
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with StripeStandIn(port=port, state=state) as standin:
        if start is not None:
            standin.clock.set(start)
        print(f"Stripe stand-in: {standin.url}", flush=True)
        ended.wait()
