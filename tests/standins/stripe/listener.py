"""The far end of the webhooks: keeps what it was sent, answers as it is told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import stripe


class Received(NamedTuple):
    body: bytes
    signature: str


class Listener:
    def __init__(self) -> None:
        self.received: list[Received] = []
        self.statuses: list[int] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                owner.received.append(Received(body, self.headers["Stripe-Signature"]))
                self.send_response(owner.statuses.pop(0) if owner.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/stripe/webhook?from=stripe"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def events(self, secret: str) -> list[stripe.Event]:
        """What came, each verified as the package verifies it, whatever its age."""
        return [
            stripe.Webhook.construct_event(one.body, one.signature, secret, tolerance=10**10) for one in self.received
        ]

    @contextmanager
    def running(self) -> Iterator["Listener"]:
        self._thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join(timeout=10)
