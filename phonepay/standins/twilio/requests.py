"""The requests of one call: signed, sent with the address's overrides, tried again, followed, written down."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import unquote, urlencode, urljoin, urlsplit, urlunsplit

from phonepay.standins.twilio.clock import Clock
from phonepay.standins.twilio.cookies import Cookies
from phonepay.standins.twilio.faults import Fault, Faults, Kind
from phonepay.standins.twilio.overrides import Overrides, overrides_of
from phonepay.standins.twilio.signature import sign, signed_address
from phonepay.standins.twilio.transport import Answer, ConnectFailed, Outgoing, ReadFailed, Transport

_MOST_REDIRECTS = 10


@dataclass
class Request:
    """One request of the call and what came back: ``status`` is None where no answer came.

    ``kind``: "call" asks for TwiML, "pay-status" and "call-status" only tell. ``failure``: "ct", "rt", "4xx", "5xx"
    or empty. ``seconds`` is the telephone's time that it took, ``at`` when it began, ``retried`` how often it was
    tried again. ``url`` is the public address with its fragment.
    """

    kind: Kind
    method: str
    url: str
    params: dict[str, str]
    at: float
    outgoing: Outgoing
    status: int | None = None
    body: str = ""
    retried: int = 0
    seconds: float = 0.0
    failure: str = ""
    reason: str = ""
    error: int = 0
    answer: Answer | None = field(default=None, repr=False)

    @property
    def path(self) -> str:
        """The path of the address alone."""
        return urlsplit(self.url).path


class Requests:
    """Sends the requests of one call and keeps them in ``made``."""

    def __init__(
        self,
        transport: Transport,
        clock: Clock,
        faults: Faults,
        *,
        auth_token: str,
        public_origin: str,
        local_base: str,
        network_seconds: float,
    ) -> None:
        self._transport = transport
        self._clock = clock
        self._faults = faults
        self._auth_token = auth_token
        self._public_origin = public_origin
        self._local_base = local_base.rstrip("/")
        self._network_seconds = network_seconds
        self._cookies = Cookies()
        self.made: list[Request] = []

    def send(self, kind: Kind, url: str, params: Mapping[str, str], method: str = "POST") -> Request:
        """Send one request and follow redirects; failures come back in the Request, never as exceptions."""
        request = self._one(kind, url, dict(params), method)
        for _ in range(_MOST_REDIRECTS):
            location = _redirection(request)
            if not location:
                return request
            method = method if request.status in (307, 308) else "GET"
            request = self._one(kind, urljoin(request.url, location), dict(params), method)
        if not _redirection(request):
            return request
        request.failure, request.error, request.reason = "3xx", 11215, f"More than {_MOST_REDIRECTS} redirects."
        return request

    def _one(self, kind: Kind, url: str, params: dict[str, str], method: str) -> Request:
        request = Request(kind, method, url, params, self._clock.seconds, self._outgoing(url, params, method))
        self.made.append(request)
        overrides = overrides_of(url)
        while True:
            self._attempt(request, overrides)
            again = request.retried < overrides.retries and request.seconds < overrides.total_seconds
            if not request.failure or not again or not overrides.retries_after(request.failure):
                break
            request.retried += 1
        if kind == "call":  # the caller waits for nothing else
            self._clock.advance(request.seconds)
        if request.answer:
            self._cookies.keep(url, request.answer.all("set-cookie"))
        return request

    def _attempt(self, request: Request, overrides: Overrides) -> None:
        left = overrides.total_seconds - request.seconds
        read_seconds = min(overrides.read_seconds, left)
        fault = self._faults.take(request.kind, request.url)
        request.answer, request.status, request.body = None, None, ""
        try:
            answer = self._deliver(request.outgoing, fault, overrides.connect_seconds, read_seconds)
        except ConnectFailed as problem:
            request.failure, request.error, request.reason = "ct", 11205, str(problem)
            request.seconds += min(overrides.connect_seconds, left) if problem.timed_out else self._network_seconds
            return
        except ReadFailed as problem:
            request.failure, request.error, request.reason = "rt", 11200, str(problem)
            request.seconds += read_seconds if problem.timed_out else self._network_seconds
            return
        request.seconds += self._network_seconds
        request.answer, request.status = answer, answer.status
        request.body = answer.body.decode("utf-8", "replace")
        bad = answer.status >= 400
        request.failure = f"{answer.status // 100}xx" if bad else ""
        request.error = 11200 if bad else 0
        request.reason = f"The answer has the status {answer.status}." if bad else ""

    def _deliver(self, outgoing: Outgoing, fault: Fault | None, connect: float, read: float) -> Answer:
        if fault is None:
            return self._transport.send(outgoing, connect, read)
        if fault.harm == "refuse-connection":
            raise ConnectFailed("the connection was refused, as the test asked")
        if fault.harm == "repeat":
            return self._repeat(outgoing, fault, connect, read)
        self._transport.send(outgoing, connect, read)
        raise ReadFailed("the answer was lost, as the test asked", timed_out=fault.harm == "lose-answer")

    def _repeat(self, outgoing: Outgoing, fault: Fault, connect: float, read: float) -> Answer:
        if not fault.together:
            for _ in range(fault.times):
                self._transport.send(outgoing, connect, read)
            return self._transport.send(outgoing, connect, read)
        with ThreadPoolExecutor(fault.times + 1) as pool:
            sent = [pool.submit(self._transport.send, outgoing, connect, read) for _ in range(fault.times + 1)]
            return [future.result() for future in sent][-1]

    def _outgoing(self, url: str, params: dict[str, str], method: str) -> Outgoing:
        parts = urlsplit(url)
        form = urlencode(params)
        if method == "GET":
            query = "&".join(piece for piece in (parts.query, form) if piece)
            parts, form = parts._replace(query=query), ""
        address = urlunsplit(parts._replace(fragment=""))
        signature = sign(self._auth_token, address, params if method != "GET" else {})
        host = parts.netloc.rpartition("@")[2]
        headers = [("Host", host), ("User-Agent", "TwilioProxy/1.1"), ("Accept", "*/*"), ("Cache-Control", "max-age=0")]
        headers += [("X-Twilio-Signature", signature), ("I-Twilio-Idempotency-Token", str(uuid.uuid4()))]
        if parts.username is not None:
            secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
            headers.append(("Authorization", "Basic " + base64.b64encode(secret).decode()))
        if cookies := self._cookies.header(url):
            headers.append(("Cookie", cookies))
        if method != "GET":
            headers.append(("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"))
            headers.append(("Content-Length", str(len(form))))
        return Outgoing(method, self._local(address, headers), tuple(headers), form.encode())

    def _local(self, address: str, headers: list[tuple[str, str]]) -> str:
        """Where the request is really sent: the public origin is served by the local base, as behind a proxy."""
        parts = urlsplit(address)
        if not self._local_base or origin_of(address) != self._public_origin:
            return address
        headers.append(("X-Forwarded-Proto", parts.scheme))
        return self._local_base + (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _redirection(request: Request) -> str:
    """Where an answer sends its request on to, or an empty string."""
    if request.answer is None or request.status not in (301, 302, 303, 307, 308):
        return ""
    return request.answer.header("location")


def origin_of(url: str) -> str:
    """Scheme and host as they are signed: what tells the product's own addresses from others."""
    parts = urlsplit(signed_address(url))
    return f"{parts.scheme}://{parts.netloc}"
