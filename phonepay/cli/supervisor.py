"""Keeps child processes alive: starts them, restarts whichever dies, and takes them all along when it ends."""

import contextlib
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Literal

from phonepay.cli.child import Adopted, Child, Renewal, tell_to_end
from phonepay.cli.refusal import CommandRefused, Exit

STOP_SECONDS = 30.0  # a little more than the web process gives its own
SHORT_LIFE = 10.0  # who dies younger is started again ever later
LONGEST_PAUSE = 30.0
GIVE_UP_AFTER = 3  # deaths of a child before it was ever ready

BECOME = -1  # instead of an exit code: the children live on, and this process becomes another version of itself

_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass(frozen=True)
class News:
    """What a thread or a signal tells the supervisor."""

    kind: Literal["stop", "died", "ready", "renew", "add", "remove", "become"]
    child: Child | None = None
    code: int = 0


class Supervisor:
    """Runs in the main thread: Linux ends a child with the thread that started it."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        say: Callable[[str], None],
        ending: Callable[[], None] | None = None,
        drain: float = 0.0,
        renewal: Callable[[], Renewal | None] | None = None,
        becomes: signal.Signals | None = None,
    ) -> None:
        """`ending` is called when it is told to end; so many seconds of `drain` later the children are.

        `renewal` is asked on `renew()`: the children to go on with, or None where nothing has changed for them. The
        signal `becomes` makes `run` return BECOME, with all children alive.
        """
        self._children = list(children)
        self._added: list[Child] = []
        self._say = say
        self._ending, self._drain = ending, drain
        self._renewal, self._becomes = renewal, becomes
        self._coming: Renewal | None = None
        self._again = False
        self._news: queue.SimpleQueue[News] = queue.SimpleQueue()

    @property
    def children(self) -> Sequence[Child]:
        return self._children

    def run(self, *, when_ready: Callable[[], None]) -> int:
        """Until SIGTERM, SIGINT or SIGHUP; returns the exit code. `when_ready` is called once all children answer."""
        before = {number: signal.signal(number, self._stop) for number in _SIGNALS}
        if self._becomes:
            before[self._becomes] = signal.signal(self._becomes, lambda *_: self._news.put(News("become")))
        code: int = Exit.REFUSED
        try:
            for child in self._children:
                self._start(child)
            code = self._watch(when_ready)
            return code
        finally:
            if code == BECOME:
                self._end(self._passing())
            else:
                self._end_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        """End as on SIGTERM; from any thread."""
        self._news.put(News("stop"))

    def renew(self) -> None:
        """Go on with new children, as `renewal` has them; from any thread."""
        self._news.put(News("renew"))

    def add(self, child: Child) -> None:
        """Keep one more child alive from now on, whichever the others are; from any thread."""
        self._news.put(News("add", child))

    def remove(self, child: Child) -> None:
        """End a child that was added, for good; from any thread."""
        self._news.put(News("remove", child))

    def _watch(self, when_ready: Callable[[], None]) -> int:
        waited_for = {child.name for child in self._children if child.ready}
        if not waited_for:
            when_ready()
        while True:
            try:
                news = self._news.get(timeout=self._until_next_start())
            except queue.Empty:
                self._start_due()
                continue
            if news.kind in ("renew", "add", "remove"):
                self._change(news)
            elif news.child is None:
                return BECOME if news.kind == "become" else self._leave()
            elif self._is_of_another_set(news.child):
                self._hear_of_another_set(news)
            elif news.kind == "ready":
                news.child.was_ready = True
                waited_for.discard(news.child.name)
                if not waited_for:
                    when_ready()
                    waited_for = {""}  # once
            elif self._died(news.child, news.code):
                return Exit.REFUSED

    def _change(self, news: News) -> None:
        if news.kind == "renew":
            self._renew()
        elif news.child is not None and news.kind == "add":
            self._added.append(news.child)
            self._start(news.child)
        elif news.child is not None:
            self._added = [each for each in self._added if each is not news.child]
            tell_to_end([news.child])

    def _leave(self) -> Exit:
        """Whoever sends work here looks, and sends it elsewhere; told to end once more, we end at once."""
        if self._ending:
            self._ending()
        until = time.monotonic() + self._drain
        with contextlib.suppress(queue.Empty):
            while self._drain and self._news.get(timeout=max(until - time.monotonic(), 0.0)).kind != "stop":
                pass
        return Exit.DONE

    def _start(self, child: Child) -> None:
        child.starts_at = None
        child.ended = threading.Event()
        child.started = time.monotonic()
        # A group of its own: Ctrl-C in the terminal reaches us alone, and we tell the children in good order.
        with child.log.open("ab") if child.log else contextlib.nullcontext() as log:
            process = child.process
            # One that was taken over runs already; when it has ended, the next is started.
            if not isinstance(process, Adopted) or child.deaths:
                process = subprocess.Popen(list(child.command), process_group=0, stdout=log, stderr=log)
            child.process = process
        threading.Thread(target=self._wait, args=(child, process, child.ended), daemon=True).start()
        if child.ready and not child.was_ready:
            threading.Thread(target=self._await_ready, args=(child, child.ready, child.ended), daemon=True).start()

    def _is_of_another_set(self, child: Child) -> bool:
        """Whether it is coming, or was told to end."""
        return not any(child is each for each in (*self._children, *self._added))

    def _renew(self) -> None:
        if self._coming is not None:
            self._again = True
            return
        renewal = self._renewal() if self._renewal else None
        if renewal is None:
            return
        if renewal.alone is None:
            self._say(f"There are new {renewal.what}: new processes start beside the old ones.")
            self._coming = renewal
            for child in renewal.children:
                if child.ready:
                    self._start(child)
            if not any(child.ready for child in renewal.children):
                self._hand_over(renewal)
            return
        self._say("The database is changed for another: calls wait while everything is moved.")
        self._end_all()
        try:
            renewal.alone()
        except CommandRefused as refused:
            self._say(f"The old database is used on. {refused}")
            renewal.failed(str(refused))
            self._children = list(renewal.old)
        else:
            self._children = list(renewal.children)
            self._say("Everything is moved: the new settings are in force.")
        for child in self._children:
            self._start(child)  # those that were added start again as it is heard that they ended

    def _hear_of_another_set(self, news: News) -> None:
        coming, child = self._coming, news.child
        if coming is None or child is None or not any(child is each for each in coming.children):
            return  # one that was told to end has ended
        if news.kind == "ready":
            child.was_ready = True
            if all(each.was_ready for each in coming.children if each.ready):
                self._hand_over(coming)
            return
        self._coming = None
        self._end([each for each in coming.children if each.process])
        why = f"The {child.name} process of the new {coming.what} ended ({_how(news.code)}) before it answered."
        self._say(f"The old {coming.what} are used on. {why}")
        coming.failed(why)
        self._go_on()

    def _hand_over(self, renewal: Renewal) -> None:
        leaving, self._children, self._coming = self._children, list(renewal.children), None
        # Charges under way are finished, which takes its time: the new ones answer meanwhile.
        threading.Thread(target=self._end, args=(leaving,), name="leaving", daemon=False).start()
        for child in self._children:
            if child.process is None:
                self._start(child)
        self._say(f"They answer: the new {renewal.what} are in force.")
        if renewal.done:
            renewal.done()
        tell_to_end(self._added)  # and so to start again, on what is new
        self._go_on()

    def _go_on(self) -> None:
        if self._again:
            self._again = False
            self._renew()

    def _start_due(self) -> None:
        for child in (*self._children, *self._added):
            if child.starts_at is not None and child.starts_at <= time.monotonic():
                self._start(child)

    def _until_next_start(self) -> float | None:
        due = [child.starts_at for child in (*self._children, *self._added) if child.starts_at is not None]
        return max(min(due) - time.monotonic(), 0.0) if due else None

    def _wait(self, child: Child, process: subprocess.Popen[bytes] | Adopted, ended: threading.Event) -> None:
        code = process.wait()
        ended.set()
        self._news.put(News("died", child, code))

    def _await_ready(self, child: Child, ready: Callable[[threading.Event], bool], ended: threading.Event) -> None:
        if ready(ended):
            self._news.put(News("ready", child))

    def _died(self, child: Child, code: int) -> bool:
        """Arrange its next start; True where it is given up."""
        lived = time.monotonic() - child.started
        child.deaths = child.deaths + 1 if lived < SHORT_LIFE else 1
        if child.ready and not child.was_ready and child.deaths >= GIVE_UP_AFTER:
            self._say(
                f"The {child.name} process ended {child.deaths} times before it answered: see its messages above."
            )
            return True
        pause = 0.0 if child.deaths == 1 else min(2.0 ** (child.deaths - 2), LONGEST_PAUSE)
        again = "now" if not pause else f"in {pause:.0f} s"
        self._say(f"The {child.name} process ended ({_how(code)}): it is started again {again}.")
        child.starts_at = time.monotonic() + pause
        return False

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stop()

    def _end_all(self) -> None:
        self._end([*self._children, *self._passing()])

    def _passing(self) -> list[Child]:
        """Those that are no part of what goes on: beside the children, or not in force yet."""
        coming = [child for child in (self._coming.children if self._coming else []) if child.process]
        return [*self._added, *coming]

    def _end(self, children: Sequence[Child]) -> None:
        alive = [(child, child.process) for child in children if child.process and not child.ended.is_set()]
        for _, process in alive:
            process.terminate()
        until = time.monotonic() + STOP_SECONDS
        for child, process in alive:
            if not child.ended.wait(max(until - time.monotonic(), 0.0)):
                self._say(
                    f"The {child.name} process did not end in time: it is killed. What it owed is taken up again."
                )
                # Its workers are of its group.
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                child.ended.wait(STOP_SECONDS)


def _how(code: int) -> str:
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"
