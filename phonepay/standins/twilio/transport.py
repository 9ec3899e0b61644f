"""How a request really travels: a socket by default, anything with the same ``send`` in its place."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

_LONGEST_ANSWER = 1024 * 1024


class ConnectFailed(Exception):
    """No connection came about, so the request cannot have been seen."""

    def __init__(self, reason: str, *, timed_out: bool = False) -> None:
        super().__init__(reason)
        self.timed_out = timed_out


class ReadFailed(Exception):
    """The request was sent, and no whole answer came: it may have been worked on."""

    def __init__(self, reason: str, *, timed_out: bool = False) -> None:
        super().__init__(reason)
        self.timed_out = timed_out


@dataclass(frozen=True)
class Outgoing:
    """One HTTP request as it is sent, byte for byte."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; header names in lower case."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The first header of that name (lower case), or an empty string."""
        return next((value for key, value in self.headers if key == name), "")

    def all(self, name: str) -> list[str]:
        """Every header of that name (lower case)."""
        return [value for key, value in self.headers if key == name]


class Transport(Protocol):
    """Whatever carries a request to the product."""

    def send(self, outgoing: Outgoing, connect_seconds: float, read_seconds: float) -> Answer:
        """Send and return the answer; raises ConnectFailed or ReadFailed."""


class HttpTransport:
    """HTTP/1.1 over a socket of its own for each request.

    ``clock`` measures how long an answer took: an answer later than ``read_seconds`` by that clock is a time-out
    even though it came, so that a test can turn the clock instead of waiting.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock

    def send(self, outgoing: Outgoing, connect_seconds: float, read_seconds: float) -> Answer:
        """Send and return the answer; raises ConnectFailed or ReadFailed."""
        parts = urlsplit(outgoing.url)
        try:
            connection = _connection(parts.scheme, parts.netloc.rpartition("@")[2], connect_seconds)
        except (http.client.HTTPException, ValueError) as problem:
            raise ConnectFailed(f"{outgoing.url} is no address: {problem}") from problem
        try:
            self._connect(connection)
            return self._exchange(connection, outgoing, read_seconds)
        finally:
            connection.close()

    def _connect(self, connection: http.client.HTTPConnection) -> None:
        try:
            connection.connect()
        except OSError as problem:
            raise ConnectFailed(
                f"no connection to {connection.host}:{connection.port}: {problem}",
                timed_out=isinstance(problem, TimeoutError),
            ) from problem

    def _exchange(self, connection: http.client.HTTPConnection, outgoing: Outgoing, read_seconds: float) -> Answer:
        parts = urlsplit(outgoing.url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        started = self._clock()
        try:
            if isinstance(connection.sock, socket.socket):
                connection.sock.settimeout(read_seconds)
            connection.putrequest(outgoing.method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in outgoing.headers:
                connection.putheader(name, value)
            connection.endheaders(outgoing.body)
            response = connection.getresponse()
            body = response.read(_LONGEST_ANSWER)
        except (OSError, http.client.HTTPException) as problem:
            raise ReadFailed(
                f"no answer from {connection.host}: {problem!r}", timed_out=isinstance(problem, TimeoutError)
            ) from problem
        if self._clock() - started > read_seconds:
            raise ReadFailed(f"{connection.host} answered later than {read_seconds:g} seconds", timed_out=True)
        return Answer(response.status, tuple((name.lower(), value) for name, value in response.getheaders()), body)


def _connection(scheme: str, netloc: str, seconds: float) -> http.client.HTTPConnection:
    if not netloc:
        raise ValueError("it names no host")
    if scheme == "https":
        return http.client.HTTPSConnection(netloc, timeout=seconds, context=ssl.create_default_context())
    if scheme == "http":
        return http.client.HTTPConnection(netloc, timeout=seconds)
    raise ValueError(f"{scheme or 'nothing'} is not http or https")
