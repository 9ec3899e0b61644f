"""The HTTP side: HTTP/1.1 with keep-alive, a thread a connection, and never a traceback to the caller."""

import http.client
import json
import socket
import socketserver
import sys
import threading
import traceback
from collections import deque
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from phonepay.standins.stripe import ids, shapes
from phonepay.standins.stripe.control import PREFIX, Control
from phonepay.standins.stripe.desk import Desk, Dropped, Request
from phonepay.standins.stripe.errors import ApiError, Json, invalid
from phonepay.standins.stripe.idempotency import Answer

MOST_BYTES = 1_000_000
KEPT_LINES = 10_000


class LogLine(NamedTuple):
    """One request as it was answered; `status` is None while it is held and where it was dropped."""

    method: str
    path: str
    idempotency_key: str | None
    status: int | None


@dataclass
class _Entry:
    line: LogLine


class RequestLog:
    """The last requests, oldest first. Paths only: no query, no body, no key of an account."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: deque[_Entry] = deque(maxlen=KEPT_LINES)

    def begin(self, request: Request) -> _Entry:
        entry = _Entry(LogLine(request.method, request.path, request.idempotency_key, None))
        with self._lock:
            self._entries.append(entry)
        return entry

    def end(self, entry: _Entry, status: int) -> None:
        with self._lock:
            entry.line = entry.line._replace(status=status)

    def lines(self) -> list[LogLine]:
        with self._lock:
            return [entry.line for entry in self._entries]


class Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, port: int, desk: Desk, control: Control, log: RequestLog) -> None:
        self.desk, self.control, self.log = desk, control, log
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), Handler)

    def server_bind(self) -> None:
        # Not HTTPServer's: it asks the resolver for the host's name, which may take seconds.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """End the connections that clients keep alive, as the end of a process would."""
        for request in list(self._open):
            try:
                request.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "nginx"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Server

    def __getattr__(self, name: str) -> Any:
        """Every method comes to one place: what the API has no route for is refused there, in its own JSON."""
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """The standard log would show queries; what is kept is in RequestLog."""

    def log_error(self, *args: Any) -> None:
        """What was wrong with a request is told to its sender."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What HTTP itself refuses, told as Stripe tells it."""
        self.close_connection = True
        self.request_version, self.command = self.protocol_version, "GET"
        self.headers = http.client.HTTPMessage()
        error = ApiError(code, f"Invalid request: {message or 'not HTTP'}")
        self._send(Answer(code, error.body(), ids.new("req")))

    def _serve(self) -> None:
        try:
            body = self._read_body()
        except ApiError as error:
            self.close_connection = True
            self._send(Answer(error.status, error.body(), ids.new("req")))
            return
        try:
            parts = urlsplit(self.path)
        except ValueError:
            self.send_error(400, "the address cannot be read")
            return
        if parts.path.startswith(PREFIX):
            status, told = self.server.control.answer(self.command, parts.path, parts.query, body)
            self._send_json(status, told, {})
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        parameters = body or parts.query.encode("latin-1", "replace")
        request = Request(self.command, parts.path, parameters, headers)
        entry = self.server.log.begin(request)
        try:
            answer = self.server.desk.answer(request)
        except Dropped:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        except Exception:  # noqa: BLE001 -- a fault of ours is an error of the far end to the caller, and loud here
            traceback.print_exc()
            failure = ApiError(500, "The stand-in failed; its terminal says how.", kind="api_error")
            answer = Answer(500, failure.body(), ids.new("req"))
        self.server.log.end(entry, answer.status)
        self._send(answer)

    def _read_body(self) -> bytes:
        """The body. Raises a 400 where its length is not told, not a number, or more than the stand-in takes."""
        if "transfer-encoding" in self.headers:
            raise invalid("Invalid request: send the body with a Content-Length.")
        length = self.headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()) or int(length) > MOST_BYTES:
            raise invalid("Invalid request: the Content-Length is not one that can be taken.")
        body = self.rfile.read(int(length))
        kind = self.headers.get("content-type", "")
        in_api = not self.path.startswith(PREFIX)
        if in_api and body and kind and not kind.startswith("application/x-www-form-urlencoded"):
            raise invalid("Invalid request: the content type of a POST is application/x-www-form-urlencoded.")
        return body

    def _send(self, answer: Answer) -> None:
        version = self.headers.get("stripe-version", shapes.API_VERSION)
        headers = {**answer.headers, "Request-Id": answer.request_id, "Stripe-Version": _one_line(version)}
        if self.headers.get("idempotency-key") and self.command == "POST":
            headers["Idempotency-Key"] = _one_line(self.headers["idempotency-key"])
        if answer.replayed:
            headers["Idempotent-Replayed"] = "true"
            headers["Original-Request"] = answer.request_id
        if answer.status == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="Stripe"'
        self._send_json(answer.status, answer.body, headers)

    def _send_json(self, status: int, body: Json, headers: dict[str, str]) -> None:
        payload = json.dumps(body, indent=2).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(payload)
            self.wfile.flush()
        except OSError:
            # The caller hung up while it waited; what was done stays done.
            self.close_connection = True


def _one_line(text: str) -> str:
    """A header's value that can be sent back: a folded one would write headers of its own."""
    return " ".join(text.split())
