"""The audit fails on a known hole, and says plainly when nobody could be asked. OSV is a stand-in here."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from scripts import audit

HOLE = {
    "id": "GHSA-test-hole",
    "summary": "Anybody can come in",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "django"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "5.2.99"}]}],
        }
    ],
}


@contextmanager
def osv(
    holes: dict[str, list[str]], told: dict[str, Any] = HOLE, *, raw: bytes = b"", status: int = 200
) -> Iterator[str]:
    """OSV, which knows `holes` by the name of a package."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
            results = [
                {"vulns": [{"id": each} for each in holes[query["package"]["name"]]]}
                if query["package"]["name"] in holes
                else {}
                for query in asked
            ]
            self._send(raw or json.dumps({"results": results}).encode())

        def do_GET(self) -> None:
            self._send(json.dumps(told).encode())

        def _send(self, body: bytes) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def test_without_a_known_hole_it_passes(capsys: pytest.CaptureFixture[str]) -> None:
    with osv({}) as api:
        assert audit.main(api) == 0
    assert "no known hole" in capsys.readouterr().out


def test_a_known_hole_fails_it_and_says_what_mends_it(capsys: pytest.CaptureFixture[str]) -> None:
    with osv({"django": ["GHSA-test-hole"]}) as api:
        assert audit.main(api) == 1
    told = capsys.readouterr().out
    assert "GHSA-test-hole Anybody can come in (mended in 5.2.99: make lock UPGRADE=1)" in told


def test_a_hole_that_was_withdrawn_is_none() -> None:
    with osv({"django": ["GHSA-test-hole"]}, HOLE | {"withdrawn": "2026-01-01T00:00:00Z"}) as api:
        assert audit.main(api) == 0


def test_a_hole_that_was_looked_at_is_passed_over_until_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "LOOKED_AT", (("GHSA-test-hole", date(2026, 12, 1), "never reached"),))
    asked = [("PyPI", "django", "5.2.1")]
    with osv({"django": ["GHSA-test-hole"]}) as api:
        assert audit.holes(asked, api=api, today=date(2026, 12, 1)) == []
        assert len(audit.holes(asked, api=api, today=date(2026, 12, 2))) == 1


def test_without_a_network_it_says_so_and_fails_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with osv({}) as api:
        gone = api
    assert audit.main(gone) == audit.COULD_NOT
    assert "could not be asked" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("raw", "status"),
    [(b"<html>sign in to the network</html>", 200), (b"[]", 200), (b'{"results": []}', 200), (b"{}", 503)],
)
def test_an_answer_that_is_not_osvs_is_no_clean_bill(raw: bytes, status: int) -> None:
    with osv({}, raw=raw, status=status) as api:
        assert audit.main(api) == audit.COULD_NOT


def test_what_is_inside_other_packages_and_what_the_tests_use_is_asked_for_too() -> None:
    asked = {(kind, name) for kind, name, _version in audit.packages()}
    assert {("npm", "htmx.org"), ("PyPI", "django"), ("PyPI", "pytest"), ("PyPI", "ruff"), ("PyPI", "uv")} <= asked
