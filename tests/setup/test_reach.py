"""The public address is asked for what only this server can answer; what answers otherwise is told with what to do."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pytest_django import Settings

from phonepay.people.models import Role, User
from phonepay.setup import reach, steps
from phonepay.setup.findings import Finding
from phonepay.setup.models import SetUp
from phonepay.setup.refusals import StepRefused
from phonepay.setup.steps import REACH, facts_of
from tests.setup.conftest import NOW, OLIVIA


@contextmanager
def server(answer: Callable[[str], tuple[int, dict[str, str], str]]) -> Iterator[str]:
    """Somebody who answers on this machine: status, headers and body for the nonce that was asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = answer(self.path.removeprefix(reach.PATH))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            pass

    with listening(Handler) as address:
        yield address


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    running = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_port}"
    finally:
        running.shutdown()
        running.server_close()
        thread.join()


def ours(nonce: str) -> tuple[int, dict[str, str], str]:
    return 200, {}, reach._proof(nonce)


def told(address: str) -> str:
    return " ".join(each.what for each in reach.look_at(address, now=NOW))


def problems(found: list[Finding]) -> list[str]:
    return [each.what for each in found if each.is_problem]


def test_an_address_that_leads_here_is_in_order() -> None:
    with server(ours) as address:
        found = reach.look_at(address, now=NOW)
    assert not problems(found) and "leads to this server" in " ".join(each.what for each in found)


def test_each_look_asks_for_something_new() -> None:
    asked: list[str] = []
    with server(lambda nonce: (asked.append(nonce), ours(nonce))[1]) as address:
        told(address), told(address)
    assert len(asked) == 2 and asked[0] != asked[1]


@pytest.mark.parametrize("answer", ["", "0" * 64, "<html>nginx</html>"])
def test_another_server_behind_the_name_is_told(answer: str) -> None:
    with server(lambda nonce: (200, {}, answer)) as address:
        assert "Somebody else answers" in told(address)


def test_a_page_that_was_not_found_is_another_server() -> None:
    with server(lambda nonce: (404, {}, "")) as address:
        assert "(404)" in told(address)


def test_of_an_answer_without_end_no_more_is_read_than_ours_would_have() -> None:
    stop = threading.Event()

    class Endless(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):
                while not stop.is_set():
                    self.wfile.write(b"x" * 1000)

        def log_message(self, *_: Any) -> None:
            pass

    with listening(Endless) as address:
        assert "Somebody else answers" in told(address)
    stop.set()


def test_what_is_owned_already_is_not_opened_to_be_set_up_by_a_look() -> None:
    SetUp.objects.all().delete()  # as on an installation that was set up without these pages
    User.objects.create_user("olivia@example.com", "a long enough one", role=Role.OWNER)
    with server(ours) as address:
        told(address)
    assert not steps.is_open()


def test_who_sends_on_is_told_with_where() -> None:
    with server(lambda nonce: (301, {"Location": "https://www.example.com/"}, "")) as address:
        assert "sends on to https://www.example.com/" in told(address)


def test_nobody_at_the_address_is_told() -> None:
    assert "Nobody answers" in told("http://127.0.0.1:1")


def resolved(*addresses: str) -> Callable[..., Any]:
    def getaddrinfo(*_: Any, **__: Any) -> Any:
        if not addresses:
            raise socket.gaierror(-2, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in addresses]

    return getaddrinfo


@pytest.mark.parametrize(
    ("addresses", "words"),
    [
        ((), "leads nowhere"),
        (("192.168.1.5",), "only in your own network"),
        (("10.0.0.1", "fd00::1"), "only in your own network"),
    ],
)
def test_a_name_that_the_network_does_not_know_is_told(
    monkeypatch: pytest.MonkeyPatch, addresses: tuple[str, ...], words: str
) -> None:
    monkeypatch.setattr(reach.socket, "getaddrinfo", resolved(*addresses))
    (problem,) = problems(reach.look_at("https://pay.example", now=NOW))
    assert words in problem


def test_a_certificate_that_ends_soon_is_pointed_out() -> None:
    class Wrapped:
        def getpeercert(self) -> dict[str, str]:
            return {"notAfter": "Nov 30 12:00:00 2026 GMT"}

    class Stream:
        def get_extra_info(self, name: str) -> Wrapped:
            return Wrapped()

    class Response:
        extensions = {"network_stream": Stream()}

    (soon,) = reach._certificate(Response(), "pay.example", NOW)  # type: ignore[arg-type]
    assert soon.state == "note" and "2026-11-30" in soon.what
    (good,) = reach._certificate(Response(), "pay.example", NOW - timedelta(days=60))  # type: ignore[arg-type]
    assert good.state == "in order"


def test_a_tunnel_is_told_to_be_one() -> None:
    found = list(reach._reached("https://a-b-c.trycloudflare.com", "a-b-c.trycloudflare.com"))
    assert any("tunnel" in each.what for each in found)


def test_that_it_was_asked_from_here_is_said_to_be_no_proof() -> None:
    assert any("no proof" in each.what for each in reach._reached("https://pay.example", "pay.example"))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("pay.example.com", "https://pay.example.com"),
        (" https://pay.example.com/ ", "https://pay.example.com"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
    ],
)
def test_an_address_may_be_written_short(written: str, read: str) -> None:
    assert reach.read_address(written) == read


@pytest.mark.parametrize("written", ["http://pay.example.com", "pay.example.com/setup", "", "ftp://pay.example.com"])
def test_what_is_no_public_address_is_refused(written: str) -> None:
    with pytest.raises(StepRefused):
        reach.keep_address(address=written, by=OLIVIA, now=NOW)


def test_an_address_that_does_not_lead_here_is_not_kept() -> None:
    with pytest.raises(StepRefused):
        reach.keep_address(address="http://127.0.0.1:1", by=OLIVIA, now=NOW)
    assert not facts_of(REACH)


def test_where_it_cannot_be_asked_from_here_it_is_kept_when_told(settings: Settings) -> None:
    settings.PHONEPAY_PUBLIC_URL = "http://127.0.0.1:1"
    found = reach.keep_address(address="http://127.0.0.1:1", unproven=True, by=OLIVIA, now=NOW)
    assert problems(found) and facts_of(REACH)["unproven"]


def test_the_nonce_is_no_oracle() -> None:
    reach.make_nonce(now=NOW)
    row = SetUp.objects.get()
    assert reach.answer(row.nonce, now=NOW) and not reach.answer(row.nonce[:-1], now=NOW)
    assert not reach.answer(row.nonce, now=datetime(2027, 1, 1, tzinfo=UTC)) and not reach.answer("", now=NOW)
