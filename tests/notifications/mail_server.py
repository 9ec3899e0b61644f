"""A mail server on loopback, as much of RFC 5321 as a sender needs, that can be told to misbehave."""

from __future__ import annotations

import base64
import email
import email.policy
import socketserver
import ssl
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Self


class MailServer:
    """`letters` are what it took, `raw` the same as bytes. `answers` are what it says instead of yes: a verb, as MAIL,
    RCPT, DATA, a dot or AUTH, with the whole answer; `only` names the recipients that RCPT's answer is for."""

    def __init__(self, *, tls: tuple[Path, Path] | None = None, implicit: bool = False) -> None:
        self.letters: list[EmailMessage] = []
        self.raw: list[bytes] = []  # the same, as they came
        self.answers: dict[str, str] = {}
        self.only: set[str] = set()
        self.heard: Counter[str] = Counter()
        self.users: dict[str, str] = {}
        self.before_the_end: Callable[[], None] = lambda: None  # called when a letter came, before it is confirmed
        self.context: ssl.SSLContext | None = None
        self.implicit = implicit
        if tls is not None:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*tls)
        mine = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                talk = _Conversation(mine, self)
                try:
                    talk.hold()
                finally:
                    talk.close()

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                pass  # a client that went away in the middle is a case of ours, not an error

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)


class _Conversation:
    def __init__(self, server: MailServer, handler: socketserver.StreamRequestHandler) -> None:
        self._server = server
        self._rfile, self._wfile = handler.rfile, handler.wfile
        self._socket = handler.request
        self._encrypted = False
        if server.implicit:
            self._encrypt()

    def hold(self) -> None:
        self._say("220 mail.example ready")
        while line := self._rfile.readline():
            verb = line.decode().split(maxsplit=1)[0].upper()
            self._server.heard[verb] += 1
            if verb == "QUIT":
                self._say("221 bye")
                return
            if verb == "DATA":
                self._take()
            elif not self._refused(verb, line):
                getattr(self, f"_{verb.lower()}", self._yes)(line.decode())

    def _refused(self, verb: str, line: bytes) -> bool:
        answer = self._server.answers.get(verb)
        if not answer or (
            verb == "RCPT" and self._server.only and not any(w.encode() in line for w in self._server.only)
        ):
            return False
        if answer == "hang up":
            raise ConnectionError
        self._say(answer)
        return True

    def _yes(self, _line: str) -> None:
        self._say("250 yes")

    def _ehlo(self, _line: str) -> None:
        offers = ["mail.example", "8BITMIME"]
        if self._server.context and not self._encrypted:
            offers.append("STARTTLS")
        if self._server.users:
            offers.append("AUTH PLAIN")
        for offer in offers[:-1]:
            self._say(f"250-{offer}")
        self._say(f"250 {offers[-1]}")

    def _starttls(self, _line: str) -> None:
        self._say("220 go on")
        self._encrypt()

    def _auth(self, line: str) -> None:
        _verb, _how, secret = line.split(maxsplit=2)
        _none, user, password = base64.b64decode(secret).decode().split("\0")
        right = self._server.users.get(user) == password
        self._say("235 welcome" if right else "535 5.7.8 wrong user or password")

    def _take(self) -> None:
        if self._refused("DATA", b""):
            return
        self._say("354 go on")
        lines = []
        while (line := self._rfile.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        if self._refused(".", b""):
            return
        self._server.before_the_end()
        self._server.raw.append(b"".join(lines))
        self._server.letters.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
        self._say("250 taken")

    def _encrypt(self) -> None:
        assert self._server.context is not None
        self._socket = self._server.context.wrap_socket(self._socket, server_side=True)
        self._rfile, self._wfile = self._socket.makefile("rb"), self._socket.makefile("wb")
        self._encrypted = True

    def close(self) -> None:
        if self._encrypted:
            for each in (self._rfile, self._wfile, self._socket):
                with suppress(OSError):
                    each.close()

    def _say(self, line: str) -> None:
        self._wfile.write(f"{line}\r\n".encode())
        self._wfile.flush()
