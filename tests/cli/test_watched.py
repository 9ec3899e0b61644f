"""`phonepay serve` as those who watch it see it: its numbers, its errors, its traces, and whether it is ready."""

from __future__ import annotations

import gzip
import http.client
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest

from phonepay.standins.stripe import StripeStandIn
from phonepay.standins.twilio.signature import sign
from tests.cli.served import PATIENCE, Served, serving
from tests.web.planting import SPELLINGS, traces

TOKEN = "0123456789abcdef-of-the-tests"
ACCOUNT, AUTH, PUBLIC = "AC" + "1" * 32, "fedcba98" * 4, "https://pay.example"
CALLER = "+15550123456"


class Collector:
    """What an installation sends to Sentry and to OpenTelemetry, as bytes, by path."""

    def __init__(self) -> None:
        self.got: list[tuple[str, bytes]] = []
        self.news = threading.Condition()
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                with collector.news:
                    collector.got.append((self.path, body))
                    collector.news.notify_all()
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base's
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait_for(self, path: str, *words: bytes) -> bytes:
        """What came to this path, once all the words did."""

        def came() -> bytes:
            return b"".join(body for where, body in self.got if where.startswith(path))

        with self.news:
            assert self.news.wait_for(lambda: all(word in came() for word in words), PATIENCE), self.got
            return came()


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    collector = Collector()
    yield collector
    collector.server.shutdown()
    collector.server.server_close()


@pytest.fixture(scope="module")
def watched(collector: Collector, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A shop that serves and is watched in every way; one call was paid, one broke, one was forged."""
    with StripeStandIn() as stripe:
        environment = {
            "PHONEPAY_DATA_DIR": str(tmp_path_factory.mktemp("watched")),
            "PHONEPAY_PUBLIC_URL": PUBLIC,
            "PHONEPAY_TWILIO_ACCOUNT_SID": ACCOUNT,
            "PHONEPAY_TWILIO_AUTH_TOKEN": AUTH,
            "PHONEPAY_STRIPE_SECRET_KEY": "sk_test_watched000000",
            "PHONEPAY_STRIPE_API_BASE": stripe.url,
            "PHONEPAY_METRICS_TOKEN": TOKEN,
            "PHONEPAY_SENTRY_DSN": f"http://key@{collector.address}/1",
            "PHONEPAY_OTEL_ENDPOINT": f"http://{collector.address}",
            "OTEL_BSP_SCHEDULE_DELAY": "200",
        }
        with serving("--port", "0", **environment) as served:
            served.started().run("line", "set", "--behavior", "fixed", "--amount", "42.50")
            call = served.run("call", "--local", served.url, "--script", "1 card:4242424242424242/0333/123/94110")
            assert "You have paid" in call.stdout, call.stderr
            # A turn of a call that never began: logged as an error, told as an apology.
            assert send(served, "/twilio/input/1", AUTH) == 200
            assert send(served, "/twilio/input/1", "0" * 32) == 403
            yield served


def send(served: Served, path: str, token: str, **more: str) -> int:
    form = {"AccountSid": ACCOUNT, "CallSid": "CA" + "d" * 32, "From": CALLER, "Digits": "4242424242424242"} | more
    where = urlsplit(served.url)
    connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=PATIENCE)
    headers = {
        "X-Twilio-Signature": sign(token, f"{PUBLIC}{path}", form),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection.request("POST", path, urlencode(form), headers)
    status = connection.getresponse().status
    connection.close()
    return status


def metrics(served: Served) -> str:
    request = urllib.request.Request(f"{served.url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - the same
        return str(answer.read().decode())


def test_how_long_each_kind_of_turn_took_is_told(watched: Served) -> None:
    told = metrics(watched)
    assert 'phonepay_voice_request_seconds_count{asked="incoming",outcome="answered"} 1.0' in told
    assert 'phonepay_voice_request_seconds_count{asked="keyed",outcome="apology"} 1.0' in told


def test_how_long_stripe_took_is_told_by_what_it_was_asked(watched: Served) -> None:
    assert (
        'phonepay_stripe_request_seconds_count{operation="POST payment_intents/*/confirm",outcome="2xx"} 1.0'
        in metrics(watched)
    )


def test_requests_that_nobody_signed_are_counted(watched: Served) -> None:
    told = metrics(watched)
    assert 'phonepay_signature_failures_total{door="twilio"} 1.0' in told
    assert 'phonepay_signature_failures_total{door="stripe"} 0.0' in told


def test_the_database_tells_of_the_payment_and_the_worker(watched: Served) -> None:
    told = metrics(watched)
    assert 'phonepay_payments{mode="test",state="succeeded"} 1.0' in told
    assert 'phonepay_processes{kind="worker"} 1.0' in told


def test_no_number_carries_anything_of_a_person(watched: Served) -> None:
    told = metrics(watched)
    assert CALLER not in told and "CA" + "d" * 32 not in told and "pi_" not in told


def test_an_error_is_reported_with_its_call_and_without_what_was_keyed(watched: Served, collector: Collector) -> None:
    reported = collector.wait_for("/api/1/envelope", b"a voice request failed")
    assert b'"call": "CA' + b"d" * 32 in reported or b'"call":"CA' + b"d" * 32 in reported
    assert b"UnknownCall" in reported
    for secret in (b"4242424242424242", CALLER.encode(), AUTH.encode(), b"sk_test_watched"):
        assert secret not in reported


def test_what_stripe_was_asked_belongs_to_the_trace_of_its_turn(watched: Served, collector: Collector) -> None:
    sent = collector.wait_for("/v1/traces", b"POST payment_intents/*/confirm", b"pay_result", b"phonepay.payment")
    for secret in (b"4242424242424242", CALLER.encode(), AUTH.encode(), b"sk_test_watched"):
        assert secret not in sent


def test_a_planted_card_is_in_no_number_no_report_and_no_trace(watched: Served, collector: Collector) -> None:
    for text in SPELLINGS.values():
        assert send(watched, f"/twilio/input/1?locale={quote(text)}", AUTH, Digits=text, CallerName=text) == 200
        send(watched, f"/twilio/{quote(text, safe='')}", AUTH, **{text: text})
    assert send(watched, "/twilio/input/1", AUTH, CallSid="CA" + "e" * 32) == 200
    collector.wait_for("/api/1/envelope", b"CA" + b"e" * 32)
    assert traces(b"".join(body for _path, body in collector.got)) == []
    assert traces(metrics(watched).encode()) == []


def test_it_is_ready(watched: Served) -> None:
    assert watched.get("/readyz") == 200


def test_told_to_end_it_says_so_first_and_goes_on_for_a_while(tmp_path: Path) -> None:
    with serving("--web", "--port", "0", "--drain", "60", PHONEPAY_DATA_DIR=str(tmp_path)) as served:
        served.started()
        served.process.terminate()
        moment = threading.Event()
        while served.get("/readyz") == 200:
            moment.wait(0.02)
        assert served.get("/readyz") == 503 and served.get("/healthz") == 200
        # Told once more, it ends at once.
        served.process.terminate()
        assert served.process.wait(timeout=PATIENCE) == 0
