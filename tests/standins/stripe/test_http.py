"""The wire itself: whatever comes is answered in Stripe's own JSON, and never with a traceback."""

import http.client
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phonepay.standins.stripe import StripeStandIn
from tests.standins.stripe import shop

AUTHORIZATION = {"Authorization": f"Bearer {shop.KEY}"}
FORM = {**AUTHORIZATION, "Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def wire() -> Iterator[httpx.Client]:
    with httpx.Client() as made:
        yield made


def raw(standin: StripeStandIn, request: bytes) -> bytes:
    port = urlsplit(standin.url).port
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize(
    "body",
    [
        b"amount=%FF&currency=usd",
        b"amount[=1",
        b"amount[]]=1",
        b"[amount]=1",
        b"=1",
        b"amount=1&amount[a]=1",
        b"amount[a]=1&amount=1",
        b"a[b][c][d][e][f][g][h][i][j]=1",
        b"metadata=text&amount=50&currency=usd",
        b"metadata[a][b]=text&amount=50&currency=usd",
        b"amount=1%00&currency=usd",
        b"\xff\xfe",
        b"expand=latest_charge&amount=50&currency=usd",
        b"expand[a]=latest_charge&amount=50&currency=usd",
    ],
)
def test_a_malformed_form_is_refused(standin: StripeStandIn, body: bytes) -> None:
    answer = httpx.post(f"{standin.url}/v1/payment_intents", content=body, headers=FORM)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "invalid_request_error")
    assert answer.headers["Request-Id"].startswith("req_")


def test_a_body_in_json_is_refused(standin: StripeStandIn) -> None:
    answer = httpx.post(f"{standin.url}/v1/customers", json={"name": "Ann"}, headers=AUTHORIZATION)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/nothing"), ("GET", "/"), ("PUT", "/v1/customers"), ("DELETE", "/v1/customers"), ("PATCH", "/v2/x")],
)
def test_an_unknown_address_is_missing(standin: StripeStandIn, method: str, path: str) -> None:
    answer = httpx.request(method, standin.url + path, headers=AUTHORIZATION)
    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "invalid_request_error")
    assert answer.headers["Request-Id"]


@pytest.mark.parametrize(
    "request_",
    [
        b"nonsense\r\n\r\n",
        b"GET /v1/customers HTTP/9.9\r\n\r\n",
        b"POST /v1/customers HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"POST /v1/customers HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /v1/customers HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
        b"POST /v1/customers HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET //[ HTTP/1.1\r\n\r\n",
        b"GET /" + b"x" * 70000 + b" HTTP/1.1\r\n\r\n",
    ],
)
def test_what_is_hardly_http_is_refused_and_the_next_is_served(standin: StripeStandIn, request_: bytes) -> None:
    answer = raw(standin, request_)
    assert answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 5"))
    assert b"Request-Id: req_" in answer and b"Traceback" not in answer
    assert httpx.get(f"{standin.url}/v1/account", headers=AUTHORIZATION).status_code == 200


def test_a_folded_header_writes_no_header_of_its_own(standin: StripeStandIn) -> None:
    head = f"POST /v1/customers HTTP/1.1\r\nConnection: close\r\nAuthorization: Bearer {shop.KEY}\r\n"
    answer = raw(standin, (head + "Idempotency-Key: a\r\n Set-Cookie: b\r\nContent-Length: 0\r\n\r\n").encode())
    assert answer.startswith(b"HTTP/1.1 200") and b"\r\nSet-Cookie" not in answer and b"\n Set-Cookie" not in answer


def test_a_connection_is_kept_alive(standin: StripeStandIn) -> None:
    parts = urlsplit(standin.url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=10)
    ports = set()
    for _ in range(3):
        connection.request("GET", "/v1/account", headers=AUTHORIZATION)
        ports.add(connection.sock.getsockname())
        assert connection.getresponse().read()
    connection.close()
    assert len(ports) == 1


def test_the_version_asked_for_is_the_version_told(standin: StripeStandIn) -> None:
    answer = httpx.get(f"{standin.url}/v1/account", headers={**AUTHORIZATION, "Stripe-Version": "2025-09-30.clover"})
    assert answer.headers["Stripe-Version"] == "2025-09-30.clover"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=60) | st.text("amountcurey[]=&%0129usd.", max_size=60).map(str.encode))
def test_whatever_is_sent_is_answered(standin: StripeStandIn, wire: httpx.Client, body: bytes) -> None:
    answer = wire.post(f"{standin.url}/v1/payment_intents", content=body, headers=FORM)
    assert answer.status_code in (200, 400)
    assert answer.json()
