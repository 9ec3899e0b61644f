"""The product as it runs: its WSGI application behind a server with a thread for each connection."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.db.backends.signals import connection_created


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64

    def server_bind(self) -> None:
        """As the server does it, without asking the network for the name of this machine."""
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]
        self.setup_environ()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()  # the thread ends here, and its connections with it


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base's
        pass


@contextmanager
def serving() -> Iterator[str]:
    """The product on a free port; its address without a slash at the end."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=_Server, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)


_TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")


class Statements:
    """The SQL statements of every thread while they are counted, BEGIN and the like apart."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self.made)

    def __str__(self) -> str:
        return "\n".join(self.made)

    def note(self, sql: str) -> None:
        if not sql.lstrip().upper().startswith(_TRANSACTION):
            with self._lock:
                self.made.append(sql)


_counting: list[Statements] = []


def _execute(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    for statements in _counting:
        statements.note(sql)
    return execute(sql, params, many, context)


def _watch(connection: Any, **_: Any) -> None:
    """Threads keep their connections from call to call: each is watched from its first day."""
    if _execute not in connection.execute_wrappers:
        connection.execute_wrappers.append(_execute)


connection_created.connect(_watch)


@contextmanager
def counting() -> Iterator[Statements]:
    """Count the statements of all threads."""
    statements = Statements()
    _counting.append(statements)
    try:
        yield statements
    finally:
        _counting.remove(statements)
