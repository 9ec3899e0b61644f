"""What the server itself makes of requests that two programs could read differently: one answer, or none, and it lives.

A proxy that stands before us may see another end of a request than we do; whatever is left over must never be taken
for a request of somebody's own.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.cli.served import Served, serving

SECOND = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
# Each ends where one reader sees an end, with a second request behind it that another reader would see.
HEAD = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\n"
AMBIGUOUS = {
    "both lengths": HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": HEAD + b"Content-Length: 0\r\nContent-Length: 66\r\n\r\n",
    "a length with a sign": HEAD + b"Content-Length: +0\r\n\r\n",
    "a length in words": HEAD + b"Content-Length: none\r\n\r\n",
    "an encoding that is none": HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a space before the colon": HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a folded header": HEAD + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    "a size that is none": HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n",
}
BROKEN = {
    "no host": b"GET /sign-in HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
    "no version": b"GET /sign-in\r\n\r\n",
    "a line of 100,000": b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "headers without end": b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-A: " + b"b" * 900_000 + b"\r\n\r\n",
    "a zero in a header": b"GET /sign-in HTTP/1.1\r\nHost: local\x00host\r\n\r\n",
    "encryption spoken to us": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 40,
    "an absolute address": b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("smuggling")
    with serving("--port", "0", PHONEPAY_DATA_DIR=str(folder), PHONEPAY_PUBLIC_URL="https://pay.example") as served:
        yield served.started()


def said(served: Served, request: bytes) -> bytes:
    """All that comes back until the server closes, or says no more for a second."""
    where = urlsplit(served.url)
    answer = b""
    with socket.create_connection((str(where.hostname), where.port), timeout=10) as connection:
        try:
            connection.sendall(request)
            connection.settimeout(1)
            while len(answer) < 1_000_000 and (part := connection.recv(65_536)):
                answer += part
        except (TimeoutError, ConnectionError):
            pass  # it hung up on us, or waits for what will not come
    return answer


def statuses(answer: bytes) -> list[int]:
    return [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]


def test_two_requests_that_are_two_are_answered_both(served: Served) -> None:
    """Else nothing here could fail."""
    first = b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert statuses(said(served, first + SECOND)) == [200, 404]


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_what_could_be_read_in_two_ways_is_answered_once_at_most(served: Served, name: str) -> None:
    """404 would be the answer to the request behind it."""
    found = statuses(said(served, AMBIGUOUS[name] + SECOND))
    assert len(found) == 1 and set(found) <= {400, 403, 411, 413, 501}, (name, found)
    assert served.get("/healthz") == 200


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_request_is_refused_and_the_server_lives(served: Served, name: str) -> None:
    found = statuses(said(served, BROKEN[name]))
    assert len(found) == 1 and set(found) <= {400, 404, 408, 414, 421, 431}, (name, found)
    assert served.get("/healthz") == 200
