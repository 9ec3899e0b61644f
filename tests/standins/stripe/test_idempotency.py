"""Idempotency keys as Stripe keeps them."""

import stripe

from phonepay.standins.stripe import StripeStandIn
from tests.standins.stripe import shop

ONE = {"idempotency_key": "one"}
CONFIRM = "/v1/payment_intents/*/confirm"


def test_the_same_key_gives_the_first_answer_again(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    made = shop.intent(client)
    first, second = (client.v1.payment_intents.confirm(made.id, {"payment_method": "pm_card_visa"}, ONE) for _ in "12")
    assert first.latest_charge == second.latest_charge
    assert len(standin.account(shop.KEY).charges) == 1
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert second.last_response.request_id == first.last_response.request_id


def test_other_parameters_with_the_same_key_are_an_error(client: stripe.StripeClient) -> None:
    given = {"amount": 4250, "currency": "usd"}
    client.v1.payment_intents.create(given, ONE)
    error = shop.refused(client.v1.payment_intents.create, {**given, "amount": 4251}, ONE)
    assert isinstance(error, stripe.IdempotencyError) and error.http_status == 400


def test_another_path_with_the_same_key_is_an_error(client: stripe.StripeClient) -> None:
    first, second = shop.intent(client), shop.intent(client)
    client.v1.payment_intents.cancel(first.id, options=ONE)
    assert isinstance(shop.refused(client.v1.payment_intents.cancel, second.id, None, ONE), stripe.IdempotencyError)


def test_the_order_of_parameters_does_not_matter(client: stripe.StripeClient) -> None:
    first = client.v1.payment_intents.create({"amount": 4250, "currency": "usd"}, ONE)
    assert client.v1.payment_intents.create({"currency": "usd", "amount": 4250}, ONE).id == first.id


def test_a_decline_is_replayed(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    made, given = shop.intent(client), {"payment_method": "pm_card_chargeDeclined"}
    first, second = (shop.declined(client.v1.payment_intents.confirm, made.id, given, ONE) for _ in "12")
    assert shop.told(first) == shop.told(second)
    assert len(standin.account(shop.KEY).charges) == 1


def test_a_refusal_of_the_work_is_replayed(client: stripe.StripeClient) -> None:
    made, given = shop.paid(client), {"payment_method": "pm_card_visa"}
    first, second = (shop.refused(client.v1.payment_intents.confirm, made.id, given, ONE) for _ in "12")
    assert first.code == second.code == "payment_intent_unexpected_state"
    assert (second.headers or {})["Idempotent-Replayed"] == "true"


def test_a_wrong_parameter_leaves_the_key_free(client: stripe.StripeClient) -> None:
    assert shop.refused(client.v1.payment_intents.create, {"amount": "x", "currency": "usd"}, ONE).http_status == 400
    assert client.v1.payment_intents.create({"amount": 4250, "currency": "usd"}, ONE).amount == 4250


def test_a_failure_of_stripe_is_replayed(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    made = shop.intent(client)
    standin.faults.fail("POST", CONFIRM)
    for _ in "12":
        error = shop.refused(client.v1.payment_intents.confirm, made.id, {"payment_method": "pm_card_visa"}, ONE)
        assert (type(error), error.http_status) == (stripe.APIError, 500)
    assert standin.account(shop.KEY).charges == []


def test_a_twin_of_a_request_in_flight_is_told_so(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    made, given = shop.intent(client), {"payment_method": "pm_card_visa"}
    fault = standin.faults.hold("POST", CONFIRM)
    first = shop.Running(client.v1.payment_intents.confirm, made.id, given, ONE)
    assert fault.arrived.wait(timeout=10)
    twin = shop.refused(client.v1.payment_intents.confirm, made.id, given, ONE)
    assert (twin.http_status, shop.told(twin)["code"]) == (409, "idempotency_key_in_use")
    fault.release()
    assert first.result().status == "succeeded"
    after = client.v1.payment_intents.confirm(made.id, given, ONE)
    assert after.last_response.headers["Idempotent-Replayed"] == "true"


def test_a_key_is_forgotten_after_24_hours(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    given = {"amount": 4250, "currency": "usd"}
    first = client.v1.payment_intents.create(given, ONE)
    standin.clock.advance(24 * 3600 - 1)
    assert client.v1.payment_intents.create(given, ONE).id == first.id
    standin.clock.advance(1)
    assert client.v1.payment_intents.create(given, ONE).id != first.id


def test_keys_belong_to_their_account(standin: StripeStandIn) -> None:
    given = {"amount": 4250, "currency": "usd"}
    made = {shop.client(standin, key).v1.payment_intents.create(given, ONE).id for key in ("sk_test_a", "sk_test_b")}
    assert len(made) == 2


def test_a_key_longer_than_255_characters_is_refused(client: stripe.StripeClient) -> None:
    given = {"amount": 4250, "currency": "usd"}
    assert client.v1.payment_intents.create(given, {"idempotency_key": "k" * 255}).id
    assert shop.refused(client.v1.payment_intents.create, given, {"idempotency_key": "k" * 256}).http_status == 400
