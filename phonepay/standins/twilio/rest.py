"""Twilio's REST interface as an HTTP server on this machine, as far as the product uses it."""

from __future__ import annotations

import base64
import hmac
import json
import signal
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from phonepay.standins.twilio.call import Call
from phonepay.standins.twilio.conversation import Note
from phonepay.standins.twilio.parameters import new_sid
from phonepay.standins.twilio.requests import Request
from phonepay.standins.twilio.rest_routes import Refused, answer
from phonepay.standins.twilio.rest_shapes import Shape
from phonepay.standins.twilio.rest_store import Store
from phonepay.standins.twilio.switchboard import PREFIX, Switchboard


class TwilioStandIn:
    """The REST calls: account, numbers, calls, messages, notifications; Basic authentication, forms in, JSON out.

    ``port`` 0 takes a free one. With ``Telephone(rest=…)`` the calls of a telephone are known here.
    A parameter that Twilio's description does not have is refused, so that a misspelt one is noticed.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        account_sid: str | None = None,
        auth_token: str = "",
        numbers: Iterable[str] = ("+15550100",),
        now: Callable[[], datetime] | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self.store = Store(account_sid or new_sid("AC"), auth_token, numbers, now)
        self.switchboard: Switchboard | None = None
        self._server = _Server((host, port), _handler(self))
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The address that stands for https://api.twilio.com."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def addresses(self, number: str) -> dict[str, str | None]:
        """What is configured at a number, by the names that Telephone takes it under; raises KeyError."""
        shape = self.store.number(number)
        names = {"voice_url": "voice_url", "status_url": "status_callback", "fallback_url": "voice_fallback_url"}
        return {name: shape[part] or None for name, part in names.items()}

    def configure(self, number: str, *, voice_url: str, status_url: str = "", fallback_url: str = "") -> None:
        """Set the addresses of a number, as somebody at the console would; raises KeyError."""
        self.store.number(number).update(
            voice_url=voice_url, status_callback=status_url, voice_fallback_url=fallback_url
        )

    def connect_telephones(
        self, *, local_base: str, stripe_url: str, secret_key: str, heard_after: float = 0.0
    ) -> Switchboard:
        """Let other processes call this account's numbers from now on: see Switchboard."""
        self.switchboard = Switchboard(
            self, local_base=local_base, stripe_url=stripe_url, secret_key=secret_key, heard_after=heard_after
        )
        return self.switchboard

    def answer(self, method: str, path: str, form: dict[str, str]) -> tuple[int, Shape]:
        """Perform a request whose sender is known; raises Refused."""
        if self.switchboard is not None and path.startswith(PREFIX):
            return self.switchboard.answer(method, path, form)
        return answer(self.store, method, path, form)

    def call_started(self, call: Call) -> None:
        """A telephone's call begins to ring."""
        self.store.call_started(call)

    def call_ended(self, call: Call) -> None:
        """A telephone's call is over."""
        self.store.call_ended(call)

    def noted(self, call: Call, note: Note, request: Request | None, *, error: bool) -> None:
        """A telephone's call met an error or a warning."""
        self.store.noted(call, note, request, error=error)

    def start(self) -> Self:
        """Serve in a thread of its own."""
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, name="twilio stand-in", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and free the port."""
        if self.switchboard is not None:
            self.switchboard.close()
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def serve(self, on_ready: Callable[[], object] = lambda: None) -> None:
        """Serve until SIGTERM or Ctrl-C, in the main thread; ``on_ready`` is called once both would be heard."""
        ended = threading.Event()
        before = {number: signal.signal(number, lambda *_: ended.set()) for number in (signal.SIGTERM, signal.SIGINT)}
        self.start()
        try:
            on_ready()
            ended.wait()
        finally:
            self.stop()
            for number, handler in before.items():
                signal.signal(number, handler)


def serve(port: int, *, account_sid: str, auth_token: str, numbers: Iterable[str] = ("+15550100",)) -> None:
    """Serve the REST calls on a port of loopback until SIGTERM or Ctrl-C, saying where."""
    standin = TwilioStandIn(port, account_sid=account_sid, auth_token=auth_token, numbers=numbers)
    standin.serve(lambda: print(f"Twilio stand-in at {standin.url}, account {account_sid}", flush=True))


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # of the 5 by default, many connections at one moment are reset


def _handler(standin: TwilioStandIn) -> type[BaseHTTPRequestHandler]:
    store = standin.store

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._perform(urlsplit(self.path).query)

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "0")
            body = self.rfile.read(int(length) if length.isdigit() else 0)
            self._perform(body.decode("utf-8", "replace"))

        def do_DELETE(self) -> None:
            self._perform("")

        def _perform(self, form: str) -> None:
            try:
                self._authenticate()
                fields, path = dict(parse_qsl(form, keep_blank_values=True)), urlsplit(self.path).path
                status, shape = standin.answer(self.command, path, fields)
            except Refused as refused:
                status, shape = refused.status, refused.shape
            self._send(status, shape)

        def _authenticate(self) -> None:
            secret = f"{store.account_sid}:{store.auth_token}".encode()
            expected = "Basic " + base64.b64encode(secret).decode()
            if not hmac.compare_digest(self.headers.get("Authorization", "").encode(), expected.encode()):
                raise Refused(401, 20003, "Authenticate")

        def _send(self, status: int, shape: Shape) -> None:
            with store.lock:
                body = json.dumps(shape).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server calls by
            """Be quiet: a request may carry what is nobody's business."""

    return Handler
