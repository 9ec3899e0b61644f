"""The objects, held to Stripe's own example of each: the same fields, of the same types or null."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe

from phonepay.standins.stripe import StripeStandIn
from tests.standins.stripe import shop

FIXTURES = Path(__file__).resolve().parents[3] / "../shared/facts/stripe-fixtures.json"

# What is inside depends on the case: maps of free names, unions by `type`, lists of what was asked for.
FREE = {
    "metadata", "fraud_details", "last_payment_error", "next_action", "payment_method_options", "data",
    "automatic_payment_methods", "destination_details",
}  # fmt: skip

Objects = dict[str, dict[str, Any]]


@pytest.fixture
def expected() -> Objects:
    if not FIXTURES.exists():
        pytest.skip("../shared/facts/stripe-fixtures.json is not there")
    return dict(json.loads(FIXTURES.read_text())["resources"])


@pytest.fixture
def objects(client: stripe.StripeClient, standin: StripeStandIn) -> Objects:
    """One of each kind, as it came over the wire."""
    payer = client.v1.customers.create({"address": {"city": "Reno"}}).id
    paid = shop.paid(client, customer=payer, setup_future_usage="off_session")
    charge = client.v1.charges.retrieve(paid.latest_charge, {"expand": ["refunds"]})
    entry = client.v1.balance_transactions.retrieve(str(charge.balance_transaction))
    refund = client.v1.refunds.create({"payment_intent": paid.id})
    account = standin.account(shop.KEY)
    dispute = account.dispute(shop.paid(client).id)["id"]
    shop.paid(client, 90_000)
    standin.clock.advance(3 * 86400)
    payout = account.pay_out()["id"]
    endpoint = client.v1.webhook_endpoints.create({"url": "http://127.0.0.1:1/", "enabled_events": ["*"]})
    found = {
        "account": client.v1.accounts.retrieve_current(),
        "balance_transaction": entry,
        "charge": charge,
        "customer": client.v1.customers.retrieve(payer),
        "event": client.v1.events.retrieve(standin.account(shop.KEY).events[0]["id"]),
        "payment_intent": paid,
        "payment_method": client.v1.payment_methods.retrieve(paid.payment_method),
        "dispute": client.v1.disputes.retrieve(dispute),
        "payout": client.v1.payouts.retrieve(payout),
        "refund": refund,
        "webhook_endpoint": client.v1.webhook_endpoints.retrieve(endpoint.id),
    }
    return {kind: json.loads(str(one)) for kind, one in found.items()}


def differences(ours: Any, theirs: Any, path: str) -> Iterator[str]:
    """Where a field is missing, beyond, or of another type; null may stand for anything."""
    if ours is None or theirs is None:
        return
    if type(ours) is not type(theirs):
        yield f"{path}: {type(ours).__name__}, not {type(theirs).__name__}"
    elif isinstance(theirs, dict) and path.rsplit(".", maxsplit=1)[-1] not in FREE:
        if set(ours) != set(theirs):
            yield f"{path}: beyond {sorted(set(ours) - set(theirs))}, missing {sorted(set(theirs) - set(ours))}"
        for name in set(ours) & set(theirs):
            yield from differences(ours[name], theirs[name], f"{path}.{name}")


KINDS = [
    "account", "balance_transaction", "charge", "customer", "event", "payment_intent", "payment_method", "refund",
    "webhook_endpoint", "dispute", "payout",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_an_object_has_the_fields_of_stripe_s_own_example(expected: Objects, objects: Objects, kind: str) -> None:
    assert list(differences(objects[kind], expected[kind], kind)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_an_object_names_its_kind(objects: Objects, kind: str) -> None:
    assert objects[kind]["object"] == kind


def test_a_failed_charge_has_the_same_fields(
    expected: Objects, client: stripe.StripeClient, standin: StripeStandIn
) -> None:
    shop.declined(shop.paid, client, method="pm_card_chargeDeclined")
    (charge,) = standin.account(shop.KEY).charges
    assert set(charge) == set(expected["charge"]) - {"refunds"}


def test_an_intent_has_the_same_fields_in_every_state(
    expected: Objects, client: stripe.StripeClient, standin: StripeStandIn
) -> None:
    shop.intent(client)
    shop.intent(client, payment_method="pm_card_visa")
    shop.paid(client, method="pm_card_threeDSecureRequired")
    shop.declined(shop.paid, client, method="pm_card_chargeDeclined")
    client.v1.payment_intents.cancel(shop.intent(client).id)
    for made in standin.account(shop.KEY).payment_intents:
        assert list(differences(made, expected["payment_intent"], "payment_intent")) == []
