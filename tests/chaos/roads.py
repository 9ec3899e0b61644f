"""The roads to the product: a balancer in front of the web processes, and the road that Stripe's webhooks take."""

from __future__ import annotations

import http.client
import random
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from phonepay.standins.twilio.transport import Answer, ConnectFailed, HttpTransport, Outgoing
from tests.chaos.programs import Program

BALANCER = "http://balancer.invalid"
WEBHOOK_SECONDS = 8.0


class Balancer:
    """Carries a request of the telephone to one of the web processes that run: to another where the first is gone."""

    def __init__(self, webs: list[Program], rng: random.Random) -> None:
        self.webs = webs
        self._rng, self._lock = rng, threading.Lock()
        self._road = HttpTransport()

    def send(self, outgoing: Outgoing, connect_seconds: float, read_seconds: float) -> Answer:
        """As a proxy does: a connection that does not come about is tried elsewhere, one that broke is not."""
        if not outgoing.url.startswith(BALANCER):
            return self._road.send(outgoing, connect_seconds, read_seconds)
        failure = ConnectFailed("no web process runs")
        for address in self.addresses():
            there = Outgoing(
                outgoing.method, outgoing.url.replace(BALANCER, address, 1), outgoing.headers, outgoing.body
            )
            try:
                return self._road.send(there, connect_seconds, read_seconds)
            except ConnectFailed as problem:
                failure = problem
        raise failure

    def addresses(self) -> list[str]:
        found = [web.address for web in self.webs if web.address]
        with self._lock:
            self._rng.shuffle(found)
        return found


class WebhookRoad:
    """Takes what Stripe sends, and loses, doubles, keeps back or shuffles it before the product gets it.

    Stripe is always answered 200: what is lost here is lost for good. `honest` stops the mischief.
    """

    def __init__(self, balancer: Balancer, host: str, rng: random.Random) -> None:
        self.honest = False
        self.done: Counter[str] = Counter()
        self._balancer, self._host, self._rng = balancer, host, rng
        self._kept: list[tuple[bytes, str]] = []
        self._lock = threading.Lock()
        road = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                road.take(body, self.headers["Stripe-Signature"])
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base's
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/stripe/webhook"

    def take(self, body: bytes, signature: str) -> None:
        with self._lock:
            fate = 1.0 if self.honest else self._rng.random()
            if 0.15 <= fate < 0.35:
                self._kept.append((body, signature))
                self.done["kept back"] += 1
                return
        if fate < 0.15:
            self.done["lost"] += 1
            return
        if fate < 0.5:
            self.done["doubled"] += 1
            self._forward(body, signature)
        self.done["delivered"] += 1
        self._forward(body, signature)

    def let_go(self) -> None:
        """Deliver what was kept back, in another order."""
        with self._lock:
            kept, self._kept = self._kept, []
            self._rng.shuffle(kept)
        for body, signature in kept:
            self.done["late"] += 1
            self._forward(body, signature)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _forward(self, body: bytes, signature: str) -> None:
        headers = {"Host": self._host, "Content-Type": "application/json", "Stripe-Signature": signature}
        for address in self._balancer.addresses()[:1]:
            connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=WEBHOOK_SECONDS)
            try:
                connection.request("POST", "/stripe/webhook", body, headers)
                connection.getresponse().read()
            except (OSError, http.client.HTTPException):
                self.done["broken"] += 1
            finally:
                connection.close()
