"""Events: each change writes them, with the object as it was and the key of the request."""

import stripe

from phonepay.standins.stripe import StripeStandIn
from tests.standins.stripe import shop


def types(standin: StripeStandIn) -> list[str]:
    return [event["type"] for event in standin.account(shop.KEY).events]


def test_a_payment_writes_its_story(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    made = shop.intent(client)
    shop.declined(client.v1.payment_intents.confirm, made.id, {"payment_method": "pm_card_chargeDeclined"})
    client.v1.payment_intents.confirm(made.id, {"payment_method": "pm_card_visa"})
    assert types(standin) == [
        "payment_intent.created",
        "charge.failed",
        "payment_intent.payment_failed",
        "charge.succeeded",
        "payment_intent.succeeded",
    ]


def test_cancelling_and_waiting_write_events(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    made = shop.paid(client, method="pm_card_threeDSecureRequired")
    client.v1.payment_intents.cancel(made.id)
    assert types(standin)[1:] == ["payment_intent.requires_action", "payment_intent.canceled"]


def test_a_refund_writes_events(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    client.v1.refunds.create({"payment_intent": shop.paid(client).id})
    assert types(standin)[-2:] == ["refund.created", "charge.refunded"]


def test_a_customer_s_life_writes_events(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    payer = client.v1.customers.create().id
    client.v1.customers.update(payer, {"name": "Ann"})
    client.v1.payment_methods.attach("pm_card_visa", {"customer": payer})
    client.v1.customers.delete(payer)
    assert types(standin) == [
        "customer.created",
        "customer.updated",
        "payment_method.attached",
        "payment_method.detached",
        "customer.deleted",
    ]


def test_an_event_holds_the_object_as_it_was(client: stripe.StripeClient) -> None:
    made = shop.intent(client)
    client.v1.payment_intents.cancel(made.id)
    (event,) = client.v1.events.list({"type": "payment_intent.created"}).data
    assert event.data.object["status"] == "requires_payment_method"


def test_an_event_names_the_request_and_its_key(client: stripe.StripeClient) -> None:
    made = client.v1.payment_intents.create({"amount": 4250, "currency": "usd"}, {"idempotency_key": "one"})
    (event,) = client.v1.events.list().data
    assert event.request is not None
    assert (event.request.idempotency_key, event.request.id) == ("one", made.last_response.request_id)


def test_a_replay_writes_no_event(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    for _ in "12":
        client.v1.payment_intents.create({"amount": 4250, "currency": "usd"}, {"idempotency_key": "one"})
    assert types(standin) == ["payment_intent.created"]


def test_events_are_listed_by_type(client: stripe.StripeClient) -> None:
    shop.paid(client)
    client.v1.customers.create()

    def listed(**given: object) -> set[str]:
        return {event.type for event in client.v1.events.list(given).data}

    assert listed(type="charge.*") == {"charge.succeeded"}
    assert listed(types=["customer.created", "charge.succeeded"]) == {"customer.created", "charge.succeeded"}
    assert listed(delivery_success=False) == set()
    assert shop.refused(client.v1.events.list, {"type": "a", "types": ["b"]}).http_status == 400


def test_events_are_forgotten_after_30_days(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    client.v1.customers.create()
    (event,) = client.v1.events.list().data
    standin.clock.advance(30 * 86400 + 1)
    assert client.v1.events.list().data == []
    assert shop.refused(client.v1.events.retrieve, event.id).code == "resource_missing"


def test_an_event_can_be_read_again(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    client.v1.customers.create()
    (event,) = standin.account(shop.KEY).events
    assert client.v1.events.retrieve(event["id"]).type == "customer.created"
