"""Stripe's door: what Stripe signed is kept once and answered 200, all else is refused; the worker does the rest."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
import stripe
from django.utils import timezone

from phonepay.events.actors import SYSTEM
from phonepay.merchant import credentials
from phonepay.merchant.credentials import keep
from phonepay.payments.models import Payment, StripeEvent
from phonepay.payments.refunds import refund
from phonepay.standins.stripe.webhooks import signature
from tests.conftest import TEST_ENVIRONMENT
from tests.journeys.bank import Bank
from tests.journeys.phone import Phone
from tests.journeys.product import Statements
from tests.journeys.shop import NO_FUNDS, VISA, Shop

SECRET = TEST_ENVIRONMENT["PHONEPAY_STRIPE_WEBHOOK_SECRET"]


class Door:
    """What is posted at it, and what comes back."""

    def __init__(self, product: str, shop: Shop) -> None:
        self._netloc = urlsplit(product).netloc
        self._shop = shop

    def post(self, body: bytes, *, signed: str | None = None, method: str = "POST") -> int:
        connection = http.client.HTTPConnection(self._netloc, timeout=10)
        try:
            headers = {"Content-Type": "application/json"} | (
                {"Stripe-Signature": signed} if signed is not None else {}
            )
            connection.request(method, "/stripe/webhook", body, headers)
            return connection.getresponse().status
        finally:
            connection.close()

    def sign(self, body: bytes, *, ago: int = 0, secret: str = SECRET) -> str:
        return signature(secret, int(self._shop.clock.now.timestamp()) - ago, body)

    def event(self, **facts: Any) -> bytes:
        """An event as Stripe words it, about an object of ours unless said otherwise."""
        metadata = facts.pop("metadata", {"installation": str(self._shop.merchant.installation)})
        usual = {"id": "evt_1", "object": "event", "type": "payment_intent.succeeded", "created": 1_780_000_000}
        whole = usual | {"livemode": False, "data": {"object": {"id": "pi_1", "metadata": metadata}}} | facts
        return json.dumps(whole).encode()


@pytest.fixture
def door(product: str, shop: Shop) -> Door:
    return Door(product, shop)


def test_a_signed_event_is_kept_once(door: Door) -> None:
    body = door.event()
    assert [door.post(body, signed=door.sign(body)) for _ in range(3)] == [200, 200, 200]
    event = StripeEvent.objects.get()
    assert (event.id, event.type, event.object_id, event.ours) == ("evt_1", "payment_intent.succeeded", "pi_1", True)
    assert event.due_at is not None


def test_an_event_costs_little(door: Door, statements: Statements) -> None:
    body = door.event()
    door.post(body, signed=door.sign(body))
    assert len(statements) <= 2, str(statements)


@pytest.mark.parametrize("signed", [None, "", "t=1,v1=0", "rubbish", "t=,v1=", "v1=abc"])
def test_what_stripe_did_not_sign_is_refused(door: Door, signed: str | None) -> None:
    assert door.post(door.event(), signed=signed) == 400
    assert not StripeEvent.objects.exists()


def test_another_secret_does_not_open(door: Door) -> None:
    body = door.event()
    assert door.post(body, signed=door.sign(body, secret="whsec_somebodyelses")) == 400


def test_a_changed_body_is_refused(door: Door) -> None:
    assert door.post(door.event(id="evt_2"), signed=door.sign(door.event())) == 400


@pytest.mark.parametrize(("ago", "status"), [(290, 200), (310, 400)])
def test_a_signature_holds_for_five_minutes(door: Door, ago: int, status: int) -> None:
    body = door.event()
    assert door.post(body, signed=door.sign(body, ago=ago)) == status


def test_a_rotated_secret_opens_beside_the_new_one(door: Door, settings: Any) -> None:
    settings.PHONEPAY_STRIPE_WEBHOOK_SECRETS = ["whsec_new", SECRET]
    for number, secret in enumerate(("whsec_new", SECRET)):
        body = door.event(id=f"evt_{number}")
        assert door.post(body, signed=door.sign(body, secret=secret)) == 200


def test_a_kept_secret_opens_from_its_first_event_on(door: Door, settings: Any) -> None:
    settings.PHONEPAY_STRIPE_WEBHOOK_SECRETS = ()
    keep({"stripe_webhook_secret": "whsec_kept_later"}, by=SYSTEM, now=timezone.now())
    # As in another process, which has just read.
    credentials._cache.start_with({"stripe_webhook_secret": ("whsec_older",)}, seconds=60)
    body = door.event()
    assert door.post(body, signed=door.sign(body, secret="whsec_kept_later")) == 200


def test_without_a_secret_the_door_stays_shut(door: Door, settings: Any) -> None:
    settings.PHONEPAY_STRIPE_WEBHOOK_SECRETS = []
    body = door.event()
    assert door.post(body, signed=door.sign(body, secret="")) == 400


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_only_post_is_served(door: Door, method: str) -> None:
    assert door.post(b"", method=method) == 405


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"text"', b"{}", b"\xff\xfe", b'{"id": 7}', b"\x00" * 10])
def test_a_signed_body_that_is_no_event_is_refused(door: Door, body: bytes) -> None:
    assert door.post(body, signed=door.sign(body)) == 400
    assert not StripeEvent.objects.exists()


@pytest.mark.parametrize(
    "metadata",
    [{}, {"installation": "11111111-2222-3333-4444-555555555555"}, {"installation": "none"}, {"order": "4242"}],
)
def test_of_anybody_elses_event_only_id_type_and_time_are_kept(door: Door, metadata: dict[str, str]) -> None:
    body = door.event(metadata=metadata)
    assert door.post(body, signed=door.sign(body)) == 200
    event = StripeEvent.objects.get()
    assert (event.ours, event.object_id) == (False, "")


def test_a_type_that_we_do_not_handle_is_kept_and_owed_no_work(door: Door, shop: Shop) -> None:
    body = door.event(type="payment_intent.created")
    assert door.post(body, signed=door.sign(body)) == 200
    assert StripeEvent.objects.get().due_at is None


# What the stand-in really delivers, signed by it, to the running product.


@pytest.fixture
def listening(product: str, bank: Bank, shop: Shop, settings: Any) -> Bank:
    """Stripe delivers its events to the product."""
    client = stripe.StripeClient(bank.key, base_addresses={"api": bank.url})
    endpoint = client.v1.webhook_endpoints.create({"url": f"{product}/stripe/webhook", "enabled_events": ["*"]})
    settings.PHONEPAY_STRIPE_WEBHOOK_SECRETS = [endpoint.secret]
    return bank


def delivered(bank: Bank) -> None:
    assert bank.standin.webhooks.wait_until_idle()
    assert [each for each in bank.standin.webhooks.pending if each.attempts] == []


def test_the_events_of_a_paid_call_arrive_and_change_nothing_more(phone: Phone, shop: Shop, listening: Bank) -> None:
    shop.line("fixed")
    phone.tell("1", VISA)
    delivered(listening)
    kept = dict(StripeEvent.objects.values_list("type", "ours"))
    assert kept["payment_intent.succeeded"] is True
    shop.work(seconds=1)
    assert (shop.statuses, shop.booked) == (["succeeded"], [("sale", 4250)])
    assert not StripeEvent.objects.filter(due_at__isnull=False, type="payment_intent.succeeded").exists()


def test_an_event_tells_what_a_lost_answer_did_not(phone: Phone, shop: Shop, listening: Bank) -> None:
    shop.line("fixed")
    listening.drop("confirm", done=True)
    caller = phone.dial()
    assert "we are checking" in caller.then("1", VISA)
    caller.hang_up()
    delivered(listening)
    Payment.objects.update(due_at=None)  # nobody but the event tells
    shop.work(seconds=1)
    assert (shop.statuses, shop.booked) == (["succeeded"], [("sale", 4250)])


def test_events_twice_and_out_of_order(phone: Phone, shop: Shop, listening: Bank) -> None:
    listening.standin.webhooks.pause()
    shop.line("fixed")
    phone.tell("1", NO_FUNDS, "1", VISA)
    listening.standin.webhooks.reverse()
    listening.standin.webhooks.resume()
    delivered(listening)
    for event in listening.account.events:
        listening.standin.webhooks.deliver(event["id"], times=2)
    shop.work(seconds=1)
    assert (shop.statuses, shop.booked) == (["succeeded"], [("sale", 4250)])


def test_a_refund_that_fails_later_is_heard_of(phone: Phone, shop: Shop, listening: Bank) -> None:
    shop.line("fixed")
    phone.tell("1", VISA)
    order = shop.payment.order
    assert order is not None
    listening.account.next_refund()
    (made,) = refund(of=order, amount=None, reason="duplicate", key="r", by=SYSTEM, now=shop.clock.now)
    listening.account.settle_refund(made.stripe_id or "", "failed", "lost_or_stolen_card")
    delivered(listening)
    shop.work(seconds=1)
    made.refresh_from_db()
    assert made.status == "failed"
    assert shop.books_agree()


def test_an_event_during_the_wait_is_told_to_the_caller(phone: Phone, shop: Shop, listening: Bank) -> None:
    """The process that charges hears nothing, another one handles the event, and who waits hears the outcome."""
    shop.line("fixed")
    held = listening.hold(done=True)
    caller = phone.dial()
    caller.call.at(words="This is taking longer")._then(lambda: (delivered(listening), shop.work()))
    heard = caller.then("1", VISA)
    assert held.arrived.is_set()
    assert "You have paid forty-two dollars and fifty cents." in heard
