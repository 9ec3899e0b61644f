"""Misbehavior on demand, and many requests at the same moment."""

import http.client
from urllib.parse import urlsplit

import pytest
import stripe

from phonepay.standins.stripe import StripeStandIn
from tests.standins.stripe import shop

CONFIRM = "/v1/payment_intents/*/confirm"
CARD = {"payment_method": "pm_card_visa"}


def test_a_held_request_does_nothing_until_it_is_let_go(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    made = shop.intent(client)
    fault = standin.faults.hold("POST", CONFIRM)
    held = shop.Running(client.v1.payment_intents.confirm, made.id, CARD)
    assert fault.arrived.wait(timeout=10)
    assert client.v1.payment_intents.retrieve(made.id).status == "requires_payment_method"
    fault.release()
    assert held.result().status == "succeeded"


def test_a_request_held_after_its_work_has_done_it(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    made = shop.intent(client)
    fault = standin.faults.hold("POST", CONFIRM, when="after")
    held = shop.Running(client.v1.payment_intents.confirm, made.id, CARD)
    assert fault.arrived.wait(timeout=10)
    assert client.v1.payment_intents.retrieve(made.id).status == "succeeded"
    fault.release()
    assert held.result().status == "succeeded"


def test_a_cancelled_intent_refuses_the_confirmation_that_was_held(
    client: stripe.StripeClient, standin: StripeStandIn
) -> None:
    made = shop.intent(client)
    fault = standin.faults.hold("POST", CONFIRM)
    held = shop.Running(client.v1.payment_intents.confirm, made.id, CARD)
    assert fault.arrived.wait(timeout=10)
    client.v1.payment_intents.cancel(made.id)
    fault.release()
    assert held.result().code == "payment_intent_unexpected_state"
    assert standin.account(shop.KEY).charges == []


@pytest.mark.parametrize(("when", "status"), [("before", "requires_payment_method"), ("after", "succeeded")])
@pytest.mark.parametrize(("kind", "error"), [("fail", stripe.APIError), ("drop", stripe.APIConnectionError)])
def test_a_lost_answer_tells_nothing_about_the_work(
    client: stripe.StripeClient, standin: StripeStandIn, when: str, status: str, kind: str, error: type[Exception]
) -> None:
    made = shop.intent(client)
    getattr(standin.faults, kind)("POST", CONFIRM, when=when)
    assert type(shop.refused(client.v1.payment_intents.confirm, made.id, CARD)) is error
    assert client.v1.payment_intents.retrieve(made.id).status == status


def test_a_request_dropped_after_its_work_is_replayed_by_its_key(
    client: stripe.StripeClient, standin: StripeStandIn
) -> None:
    made, key = shop.intent(client), {"idempotency_key": "one"}
    standin.faults.drop("POST", CONFIRM, when="after")
    assert isinstance(shop.refused(client.v1.payment_intents.confirm, made.id, CARD, key), stripe.APIConnectionError)
    assert client.v1.payment_intents.confirm(made.id, CARD, key).status == "succeeded"
    assert len(standin.account(shop.KEY).charges) == 1


def test_a_request_dropped_before_its_work_leaves_its_key_free(
    client: stripe.StripeClient, standin: StripeStandIn
) -> None:
    made, key = shop.intent(client), {"idempotency_key": "one"}
    standin.faults.drop("POST", CONFIRM)
    shop.refused(client.v1.payment_intents.confirm, made.id, CARD, key)
    done = client.v1.payment_intents.confirm(made.id, CARD, key)
    assert done.status == "succeeded" and "Idempotent-Replayed" not in done.last_response.headers


def test_a_rate_limited_request_is_not_kept(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    given, key = {"amount": 4250, "currency": "usd"}, {"idempotency_key": "one"}
    standin.faults.rate_limit("POST", "/v1/payment_intents", times=2)
    for _ in "12":
        assert isinstance(shop.refused(client.v1.payment_intents.create, given, key), stripe.RateLimitError)
    assert client.v1.payment_intents.create(given, key).id


def test_a_fault_meets_the_requests_of_its_pattern_alone(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    standin.faults.fail("POST", CONFIRM)
    assert client.v1.customers.create().id
    assert client.v1.payment_intents.list().data == []


def test_cleared_faults_let_everything_go(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    fault = standin.faults.hold("*", "*", times=2)
    held = [shop.Running(client.v1.customers.create) for _ in "12"]
    assert fault.wait_for(2, timeout=10)
    standin.faults.clear()
    assert all(one.result().id for one in held)
    assert client.v1.customers.create().id


def test_two_confirmations_at_the_same_moment_charge_once(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    made = shop.intent(client)
    fault = standin.faults.hold("POST", CONFIRM, times=8)
    held = [shop.Running(client.v1.payment_intents.confirm, made.id, CARD) for _ in range(8)]
    assert fault.wait_for(8, timeout=10)
    fault.release()
    outcomes = [one.result() for one in held]
    assert [charge["paid"] for charge in standin.account(shop.KEY).charges] == [True]
    refused = [one for one in outcomes if isinstance(one, stripe.InvalidRequestError)]
    assert len(refused) == 7 and {one.code for one in refused} == {"payment_intent_unexpected_state"}


def test_refunds_at_the_same_moment_never_pass_the_charge(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    made = shop.paid(client, 1000)
    fault = standin.faults.hold("POST", "/v1/refunds", times=6)
    given = {"payment_intent": made.id, "amount": 300}
    held = [shop.Running(client.v1.refunds.create, given) for _ in range(6)]
    assert fault.wait_for(6, timeout=10)
    fault.release()
    assert sum(isinstance(one.result(), stripe.Refund) for one in held) == 3
    (charge,) = standin.account(shop.KEY).charges
    assert charge["amount_refunded"] == 900


def test_the_log_shows_each_request_and_its_end(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    standin.faults.drop("GET", "/v1/account")
    shop.refused(client.v1.accounts.retrieve_current)
    client.v1.customers.create({"email": "ann@shop.example"}, {"idempotency_key": "one"})
    assert [tuple(line) for line in standin.requests] == [
        ("GET", "/v1/account", None, None),
        ("POST", "/v1/customers", "one", 200),
    ]


def test_the_work_of_a_caller_who_gave_up_is_done(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    made = shop.intent(client)
    before, after = standin.faults.hold("POST", CONFIRM), standin.faults.hold("POST", CONFIRM, when="after")
    parts = urlsplit(standin.url)
    caller = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=10)
    headers = {"Authorization": f"Bearer {shop.KEY}", "Content-Type": "application/x-www-form-urlencoded"}
    caller.request("POST", f"/v1/payment_intents/{made.id}/confirm", "payment_method=pm_card_visa", headers)
    assert before.arrived.wait(timeout=10)
    caller.close()
    before.release()
    assert after.arrived.wait(timeout=10)
    after.release()
    assert client.v1.payment_intents.retrieve(made.id).status == "succeeded"


def test_a_stopping_stand_in_does_not_do_what_it_held(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    made = shop.intent(client)
    fault = standin.faults.hold("POST", CONFIRM)
    held = shop.Running(client.v1.payment_intents.confirm, made.id, CARD)
    assert fault.arrived.wait(timeout=10)
    standin.stop()
    assert isinstance(held.result(), stripe.APIConnectionError)
    assert standin.account(shop.KEY).charges == []
