"""The handles over HTTP, for a process of its own."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import stripe

from phonepay.standins.stripe import StripeStandIn
from tests.standins.stripe import shop


class Handles:
    def __init__(self, standin: StripeStandIn) -> None:
        self._client = httpx.Client(base_url=f"{standin.url}/_standin/")

    def get(self, path: str, **query: str) -> dict[str, Any]:
        return self._told(self._client.get(path, params=query))

    def post(self, path: str, **given: object) -> dict[str, Any]:
        return self._told(self._client.post(path, json=given))

    def delete(self, path: str) -> dict[str, Any]:
        return self._told(self._client.delete(path))

    def _told(self, answer: httpx.Response) -> dict[str, Any]:
        answer.raise_for_status()
        return dict(answer.json())

    def close(self) -> None:
        self._client.close()


@pytest.fixture
def handles(standin: StripeStandIn) -> Iterator[Handles]:
    made = Handles(standin)
    yield made
    made.close()


def test_the_clock_can_be_read_and_turned(handles: Handles, standin: StripeStandIn) -> None:
    assert handles.get("clock") == {"now": shop.NOW, "runs": False}
    assert handles.post("clock", advance=60)["now"] == shop.NOW + 60
    assert handles.post("clock", set=shop.NOW + 3600)["now"] == shop.NOW + 3600 == standin.clock.now()


def test_faults_can_be_ordered_and_let_go(handles: Handles, client: stripe.StripeClient) -> None:
    order = handles.post("faults", action="hold", method="POST", pattern="/v1/customers", when="before")
    held = shop.Running(client.v1.customers.create)
    handles.post("faults/release", id=order["id"])
    assert held.result().id
    handles.post("faults", action="rate_limit", method="GET", pattern="/v1/customers")
    assert isinstance(shop.refused(client.v1.customers.list), stripe.RateLimitError)
    assert handles.delete("faults") == {"faults": []}


def test_the_state_of_a_key_can_be_read(handles: Handles, client: stripe.StripeClient) -> None:
    made = shop.paid(client)
    (found,) = handles.get("state", key=shop.KEY)["payment_intents"]
    assert found["id"] == made.id


def test_the_account_can_be_set_up(handles: Handles, standin: StripeStandIn) -> None:
    handles.post("account", key="sk_test_connector", same_as=shop.KEY, moto=True, refuse=["GET /v1/account"])
    account = standin.account(shop.KEY)
    assert account.moto and account.id == standin.account("sk_test_connector").id


def test_a_refund_can_be_ordered_and_settled(handles: Handles, client: stripe.StripeClient) -> None:
    handles.post("account", key=shop.KEY, next_refund={"status": "pending"}, statement_descriptor_prefix="SHOP")
    refund = client.v1.refunds.create({"payment_intent": shop.paid(client).id})
    assert refund.status == "pending"
    assert handles.post("refunds", key=shop.KEY, refund=refund.id, status="failed")["status"] == "failed"


def test_webhooks_can_be_held_back_and_sent(handles: Handles, client: stripe.StripeClient) -> None:
    client.v1.webhook_endpoints.create({"url": "http://127.0.0.1:1/", "enabled_events": ["*"]})
    assert handles.post("webhooks", order="pause")["paused"] is True
    client.v1.customers.create()
    (waiting,) = handles.get("webhooks")["pending"]
    assert handles.post("webhooks", order="deliver", event_id=waiting["event_id"]) == {"statuses": [None]}
    assert handles.post("webhooks", order="shuffle", seed=7)["paused"] is True


def test_the_requests_can_be_read(handles: Handles, client: stripe.StripeClient) -> None:
    client.v1.customers.list()
    line = {"method": "GET", "path": "/v1/customers", "idempotency_key": None, "status": 200}
    assert handles.get("requests") == {"requests": [line]}


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "nothing", b"", 404),
        ("POST", "clock", b"{", 400),
        ("POST", "clock", b"[]", 400),
        ("POST", "clock", b'{"advance": -1}', 400),
        ("POST", "clock", b"{}", 400),
        ("POST", "faults", b'{"action": "explode"}', 400),
        ("POST", "faults", b'{"action": "hold", "method": "GET"}', 400),
        ("POST", "faults/release", b'{"id": 9}', 400),
        ("POST", "webhooks", b'{"order": "stop"}', 400),
        ("POST", "webhooks", b'{"order": "deliver", "event_id": "evt_none"}', 400),
        ("GET", "state?key=none", b"", 400),
        ("POST", "refunds", b'{"key": "sk_test_shop", "refund": "re_none", "status": "failed"}', 400),
    ],
)
def test_a_wrong_order_is_told_as_such(
    standin: StripeStandIn, method: str, path: str, body: bytes, status: int
) -> None:
    answer = httpx.request(method, f"{standin.url}/_standin/{path}", content=body)
    assert answer.status_code == status and answer.json()["error"]
