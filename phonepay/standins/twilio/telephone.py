"""A telephone that calls a number whose answers are TwiML, as Twilio would answer the call."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event
from typing import Protocol

from phonepay.standins.twilio.call import Call
from phonepay.standins.twilio.clock import Clock
from phonepay.standins.twilio.connector import Connector
from phonepay.standins.twilio.conversation import Conversation, Next, Note
from phonepay.standins.twilio.faults import Fault, Faults, Harm, Kind
from phonepay.standins.twilio.heard import Log
from phonepay.standins.twilio.line import Line
from phonepay.standins.twilio.parameters import new_sid, standard
from phonepay.standins.twilio.requests import Request, Requests, origin_of
from phonepay.standins.twilio.runner import run
from phonepay.standins.twilio.switches import Switches
from phonepay.standins.twilio.transport import Answer, HttpTransport, Transport


class Registry(Protocol):
    """Whoever wants to know of the calls: the REST stand-in tells them to whoever asks."""

    def call_started(self, call: Call) -> None:
        """A call begins to ring."""

    def call_ended(self, call: Call) -> None:
        """A call is over."""

    def noted(self, call: Call, note: Note, request: Request | None, *, error: bool) -> None:
        """A call met an error or a warning."""


class Telephone:
    """A telephone with a number to call, and Twilio between the two.

    ``voice_url``, ``status_url``, ``fallback_url``: the addresses configured at the number, public, with their
    connection overrides. Requests for the origin of ``voice_url`` are signed over the public address and sent to
    ``local_base``, with ``Host`` and ``X-Forwarded-Proto`` as a proxy in between would set them; without it they go
    to the address itself. ``on_time`` is called with the seconds whenever the clock of a call moves, in the thread
    that drives the call: other clocks can be turned there, and what must happen meanwhile can be waited for.
    ``now`` gives the date that cards are held against. ``real_time`` lets the seconds really pass.
    """

    def __init__(
        self,
        voice_url: str,
        *,
        status_url: str | None = None,
        fallback_url: str | None = None,
        local_base: str = "",
        account_sid: str | None = None,
        auth_token: str = "",
        number: str = "+15550100",
        connectors: Mapping[str, Connector] | None = None,
        switches: Switches | None = None,
        on_time: Callable[[float], None] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        transport: Transport | None = None,
        rest: Registry | None = None,
        real_time: bool = False,
        listener: Callable[[str], object] | None = None,
        voice_method: str = "POST",
    ) -> None:
        self.voice_url = voice_url
        self.status_url = status_url
        self.fallback_url = fallback_url
        self.local_base = local_base
        self.account_sid = account_sid or new_sid("AC")
        self.auth_token = auth_token
        self.number = number
        self.connectors = dict(connectors or {})
        self.switches = switches or Switches()
        self.on_time = on_time
        self.now = now
        self.transport = transport or HttpTransport()
        self.rest = rest
        self.real_time = real_time
        self.listener = listener
        self.voice_method = voice_method
        self.before_end: Callable[[Call], None] | None = None  # is called when a call is over and nobody knows it yet
        self.calls: list[Call] = []
        self._faults = Faults()

    def dial(self, from_: str = "+15550123", *, hidden: bool = False, extra: Mapping[str, str] | None = None) -> Call:
        """Call the number; returns when the product listens, rings a person, or the call has ended."""
        return self.prepare(from_, hidden=hidden, extra=extra).start()

    def prepare(
        self, from_: str = "+15550123", *, hidden: bool = False, extra: Mapping[str, str] | None = None
    ) -> Call:
        """A call that has not begun: ``call.at(…)`` can be arranged before ``call.start()``."""
        caller = self.switches.hidden_from if hidden else from_
        clock = Clock(self.on_time, _pass_really if self.real_time else None)
        requests = Requests(
            self.transport,
            clock,
            self._faults,
            auth_token=self.auth_token,
            public_origin=origin_of(self.voice_url),
            local_base=self.local_base,
            network_seconds=self.switches.network_seconds,
        )
        parameters = standard(
            account_sid=self.account_sid,
            call_sid=new_sid("CA"),
            caller=caller,
            called=self.number,
            extra=extra or {},
            hidden=hidden,
        )
        conversation = Conversation(
            clock=clock,
            line=Line(clock),
            requests=requests,
            switches=self.switches,
            connectors=self.connectors,
            parameters=parameters,
            fallback=Next(self.fallback_url) if self.fallback_url else None,
            here=self.voice_url,
            log=Log(self.listener),
            today=lambda: self.now().date(),
        )
        call = Call(conversation, run(conversation, Next(self.voice_url, method=self.voice_method)), self._ended)
        self.calls.append(call)
        self._register(call)
        return call

    def repeat(self, request: Request, *, times: int = 1) -> list[Answer]:
        """Send a past request again, byte for byte; more than once means all at the same moment, from threads."""
        with ThreadPoolExecutor(times) as pool:
            sent: list[Future[Answer]] = [
                pool.submit(self.transport.send, request.outgoing, 5.0, 15.0) for _ in range(times)
            ]
            return [future.result() for future in sent]

    def repeat_next(self, times: int = 1, *, where: str = "", kind: Kind = "call", together: bool = False) -> None:
        """Let the next fitting request arrive ``times`` more often than once; its last answer is the one that counts.

        ``where`` is a piece of its address. ``together``: all of them at the same moment.
        """
        self._faults.add(Fault("repeat", kind, where, times, together))

    def repeat_every(self, times: int = 1, *, where: str = "", kind: Kind = "call", together: bool = False) -> None:
        """Let every fitting request from now on arrive ``times`` more often than once."""
        self._faults.add(Fault("repeat", kind, where, times, together, always=True))

    def lose_next_answer(self, times: int = 1, *, where: str = "", kind: Kind = "call") -> None:
        """Let the next fitting request be worked on, and its answer never come: a read time-out."""
        self._harm("lose-answer", times, where, kind)

    def drop_next_answer(self, times: int = 1, *, where: str = "", kind: Kind = "call") -> None:
        """Like ``lose_next_answer``, but the connection breaks at once."""
        self._harm("drop-answer", times, where, kind)

    def refuse_next_connection(self, times: int = 1, *, where: str = "", kind: Kind = "call") -> None:
        """Let the next fitting request not reach the product at all."""
        self._harm("refuse-connection", times, where, kind)

    def _harm(self, harm: Harm, times: int, where: str, kind: Kind) -> None:
        self._faults.add(Fault(harm, kind, where, times))

    def _register(self, call: Call) -> None:
        rest = self.rest
        if rest is None:
            return
        rest.call_started(call)
        errors = call.errors

        def noted(note: Note, request: Request | None) -> None:
            rest.noted(call, note, request, error=any(note is error for error in errors))

        call.conversation.on_note = noted

    def _ended(self, call: Call) -> None:
        """Tell the end of the call to the number's status address, and after it what comes late."""
        conversation = call.conversation
        if self.before_end is not None:
            self.before_end(call)
        if self.status_url:
            form = conversation.standard() | {
                "CallDuration": str(call.duration),
                "Duration": str(-(-call.duration // 60)),
                "CallbackSource": "call-progress-events",
                "SequenceNumber": "0",
                "Timestamp": time.strftime("%a, %d %b %Y %H:%M:%S +0000", self.now().utctimetuple()),
            }
            conversation.tell("call-status", self.status_url, form)
        for act in conversation.afterwards:
            act()
        conversation.log.flush()
        if self.rest is not None:
            self.rest.call_ended(call)


def _pass_really(seconds: float) -> None:
    """Wait for as long as the words last: nothing sets the event."""
    Event().wait(seconds)
