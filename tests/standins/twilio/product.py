"""A tiny product for the telephone to call: one scripted answer of TwiML an address, over HTTP on a free port."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Arrived:
    """One request as the product saw it."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    form: dict[str, str]
    body: bytes


@dataclass
class Reply:
    """What the product answers."""

    body: str | bytes = "<Response/>"
    status: int = 200
    content_type: str = "text/xml"
    headers: dict[str, str] = field(default_factory=dict)


Page = str | Reply | Callable[[Arrived], "str | Reply"]


class Product:
    """Pages by path; what is not there is a 404. A page may be a function of the request."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.pages: dict[str, Page] = {}
        self.arrived: list[Arrived] = []
        self._lock = threading.Lock()

    def says(self, path: str, page: Page) -> None:
        """Answer a path with these verbs (without <Response>), a Reply, or what a function makes of the request."""
        self.pages[path] = page

    def at(self, path: str) -> list[Arrived]:
        """The requests that a path received."""
        return [arrived for arrived in self.arrived if arrived.path == path]

    def answer(self, arrived: Arrived) -> Reply:
        """Write the request down and find its page."""
        with self._lock:
            self.arrived.append(arrived)
        page = self.pages.get(arrived.path, Reply("not here", 404))
        made = page(arrived) if callable(page) else page
        return Reply(f"<Response>{made}</Response>") if isinstance(made, str) else made


@contextmanager
def running_product() -> Iterator[Product]:
    """Serve a product on a free port of loopback while the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            form = dict(parse_qsl(body.decode(), keep_blank_values=True))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = product.answer(Arrived(self.command, parts.path, parts.query, headers, form, body))
            content = reply.body.encode() if isinstance(reply.body, str) else reply.body
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.content_type, **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = handle_any  # noqa: N815 - the names that http.server looks for

        def log_message(self, *args: Any) -> None:
            """Be quiet: the tests look at what arrived."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 128  # many calls at one moment are none too many

    server = Server(("127.0.0.1", 0), Handler)
    product = Product(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield product
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
