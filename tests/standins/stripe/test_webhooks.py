"""Webhook endpoints and their deliveries: signed, retried by the clock, late, twice, out of order."""

import time
from collections.abc import Iterator

import pytest
import stripe

from phonepay.standins.stripe import StripeStandIn
from phonepay.standins.stripe.webhooks import is_loopback
from tests.standins.stripe import shop
from tests.standins.stripe.listener import Listener


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener().running() as running:
        yield running


@pytest.fixture
def secret(client: stripe.StripeClient, listener: Listener) -> str:
    made = client.v1.webhook_endpoints.create({"url": listener.url, "enabled_events": ["*"]})
    assert made.secret is not None
    return made.secret


def test_an_event_is_delivered_and_signed(
    client: stripe.StripeClient, standin: StripeStandIn, listener: Listener, secret: str
) -> None:
    client.v1.customers.create()
    assert standin.webhooks.wait_until_idle()
    (event,) = listener.events(secret)
    assert event.type == "customer.created"
    assert listener.received[0].signature.startswith(f"t={shop.NOW},v1=")
    assert client.v1.events.retrieve(event.id).pending_webhooks == 0


def test_a_delivery_of_a_running_clock_passes_the_package_s_tolerance(listener: Listener) -> None:
    with StripeStandIn() as standin:
        client = shop.client(standin)
        made = client.v1.webhook_endpoints.create({"url": listener.url, "enabled_events": ["*"]})
        client.v1.customers.create()
        assert standin.webhooks.wait_until_idle()
        body, signature = listener.received[0]
        assert stripe.Webhook.construct_event(body, signature, made.secret).type == "customer.created"
        assert abs(standin.clock.now() - time.time()) < 60


def test_another_secret_does_not_verify(
    client: stripe.StripeClient, standin: StripeStandIn, listener: Listener, secret: str
) -> None:
    client.v1.customers.create()
    assert standin.webhooks.wait_until_idle()
    with pytest.raises(stripe.SignatureVerificationError):
        listener.events(secret + "x")


def test_an_endpoint_hears_what_it_asked_for(
    client: stripe.StripeClient, standin: StripeStandIn, listener: Listener
) -> None:
    wanted = ["payment_intent.succeeded", "refund.created"]
    made = client.v1.webhook_endpoints.create({"url": listener.url, "enabled_events": wanted})
    client.v1.refunds.create({"payment_intent": shop.paid(client).id})
    assert standin.webhooks.wait_until_idle()
    assert [event.type for event in listener.events(str(made.secret))] == wanted


def test_an_endpoint_hears_of_its_own_account_only(standin: StripeStandIn, listener: Listener, secret: str) -> None:
    shop.client(standin, "sk_test_other").v1.customers.create()
    assert standin.webhooks.wait_until_idle()
    assert secret and listener.received == []


def test_the_secret_is_shown_once(client: stripe.StripeClient, listener: Listener, secret: str) -> None:
    (listed,) = client.v1.webhook_endpoints.list().data
    assert secret.startswith("whsec_") and listed.url == listener.url
    assert "secret" not in listed and "secret" not in client.v1.webhook_endpoints.retrieve(listed.id)


def test_a_disabled_or_deleted_endpoint_hears_nothing(
    client: stripe.StripeClient, standin: StripeStandIn, listener: Listener, secret: str
) -> None:
    (endpoint,) = client.v1.webhook_endpoints.list().data
    assert client.v1.webhook_endpoints.update(endpoint.id, {"disabled": True}).status == "disabled"
    client.v1.customers.create()
    assert client.v1.webhook_endpoints.update(endpoint.id, {"disabled": False}).status == "enabled"
    assert client.v1.webhook_endpoints.delete(endpoint.id).deleted
    client.v1.customers.create()
    assert standin.webhooks.wait_until_idle()
    assert secret and listener.received == []


def test_a_refused_delivery_is_tried_again_by_the_clock(
    client: stripe.StripeClient, standin: StripeStandIn, listener: Listener, secret: str
) -> None:
    listener.statuses = [500, 302]
    client.v1.customers.create()
    assert standin.webhooks.wait_until_idle()
    (waiting,) = standin.webhooks.pending
    assert (waiting.attempts, waiting.due) == (1, shop.NOW + 300)
    standin.clock.advance(300)
    assert standin.webhooks.wait_until_idle()
    assert client.v1.events.list().data[0].pending_webhooks == 1
    standin.clock.advance(3600)
    assert standin.webhooks.wait_until_idle()
    assert standin.webhooks.pending == []
    assert len({event.id for event in listener.events(secret)}) == 1 and len(listener.received) == 3


def test_test_mode_gives_up_after_three_retries(
    client: stripe.StripeClient, standin: StripeStandIn, listener: Listener, secret: str
) -> None:
    listener.statuses = [500] * 9
    client.v1.customers.create()
    for _ in range(9):
        assert standin.webhooks.wait_until_idle()
        standin.clock.advance(86400)
    assert secret and standin.webhooks.pending == [] and len(listener.received) == 4


def test_paused_deliveries_are_late(
    client: stripe.StripeClient, standin: StripeStandIn, listener: Listener, secret: str
) -> None:
    standin.webhooks.pause()
    client.v1.customers.create()
    assert standin.webhooks.wait_until_idle()
    assert listener.received == [] and len(standin.webhooks.pending) == 1
    standin.clock.advance(7200)
    standin.webhooks.resume()
    assert standin.webhooks.wait_until_idle()
    assert [event.created for event in listener.events(secret)] == [shop.NOW]


def test_an_event_can_come_twice(
    client: stripe.StripeClient, standin: StripeStandIn, listener: Listener, secret: str
) -> None:
    standin.webhooks.pause()
    client.v1.customers.create()
    (event,) = standin.account(shop.KEY).events
    assert standin.webhooks.deliver(event["id"], times=2) == [200, 200]
    assert [one.id for one in listener.events(secret)] == [event["id"]] * 2
    assert standin.webhooks.pending == []
    assert client.v1.events.retrieve(event["id"]).pending_webhooks == 0


@pytest.mark.parametrize("order", ["reverse", "shuffle"])
def test_events_can_come_out_of_order(
    client: stripe.StripeClient, standin: StripeStandIn, listener: Listener, secret: str, order: str
) -> None:
    standin.webhooks.pause()
    shop.paid(client)
    getattr(standin.webhooks, order)()
    standin.webhooks.resume()
    assert standin.webhooks.wait_until_idle()
    came = [event.id for event in listener.events(secret)]
    written = [event["id"] for event in standin.account(shop.KEY).events]
    assert sorted(came) == sorted(written) and came != written


def test_nothing_leaves_this_machine(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    url = "https://shop.example/stripe/webhook"
    client.v1.webhook_endpoints.create({"url": url, "enabled_events": ["*"]})
    client.v1.customers.create()
    assert standin.webhooks.wait_until_idle()
    (waiting,) = standin.webhooks.pending
    assert (waiting.event_type, waiting.attempts) == ("customer.created", 0)


@pytest.mark.parametrize("host", ["127.0.0.1.shop.example", "shop.example", "10.0.0.1", "", None])
def test_only_the_loopback_is_the_loopback(host: str | None) -> None:
    assert is_loopback("127.0.0.1") and is_loopback("::1") and is_loopback("localhost")
    assert not is_loopback(host)


def test_an_endpoint_that_is_not_there_is_tried_again(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    with Listener().running() as gone:
        url = gone.url
    client.v1.webhook_endpoints.create({"url": url, "enabled_events": ["*"]})
    client.v1.customers.create()
    assert standin.webhooks.wait_until_idle()
    assert [one.attempts for one in standin.webhooks.pending] == [1]


@pytest.mark.parametrize("url", ["shop.example", "ftp://shop.example", "http://", "http://shop.example:nine/"])
def test_an_endpoint_is_an_absolute_address(client: stripe.StripeClient, url: str) -> None:
    given = {"url": url, "enabled_events": ["*"]}
    assert shop.refused(client.v1.webhook_endpoints.create, given).code == "url_invalid"


def test_an_endpoint_can_be_moved(client: stripe.StripeClient) -> None:
    made = client.v1.webhook_endpoints.create({"url": "http://127.0.0.1:1/", "enabled_events": ["*"]})
    given = {"url": "http://127.0.0.1:2/", "enabled_events": ["charge.succeeded"], "description": "Phone"}
    moved = client.v1.webhook_endpoints.update(made.id, given)
    assert (moved.url, moved.enabled_events, moved.description) == (
        "http://127.0.0.1:2/",
        ["charge.succeeded"],
        "Phone",
    )
