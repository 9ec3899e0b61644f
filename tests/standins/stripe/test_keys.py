"""Secret keys: whose account, which mode, what a restricted one may not do."""

import base64

import httpx
import pytest
import stripe

from phonepay.standins.stripe import StripeStandIn
from tests.standins.stripe import shop


def test_a_key_opens_an_account_of_its_own(standin: StripeStandIn) -> None:
    first, second = shop.client(standin, "sk_test_a"), shop.client(standin, "sk_test_b")
    first.v1.customers.create()
    assert second.v1.customers.list().data == []
    assert first.v1.accounts.retrieve_current().id != second.v1.accounts.retrieve_current().id


def test_the_account_of_a_key_is_always_the_same(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    account = standin.account(shop.KEY)
    assert client.v1.accounts.retrieve_current().id == account.id
    with StripeStandIn() as another:
        assert another.account(shop.KEY).id == account.id


def test_both_modes_are_one_account_with_their_objects_apart(standin: StripeStandIn) -> None:
    test, live = shop.client(standin, "sk_test_shop"), shop.client(standin, "sk_live_shop")
    assert test.v1.accounts.retrieve_current().id == live.v1.accounts.retrieve_current().id
    assert (shop.intent(test).livemode, shop.intent(live).livemode) == (False, True)
    assert len(live.v1.payment_intents.list().data) == 1


def test_a_restricted_key_opens_the_same_account(standin: StripeStandIn) -> None:
    made = shop.intent(shop.client(standin, "sk_test_shop"))
    assert shop.client(standin, "rk_test_shop").v1.payment_intents.retrieve(made.id).id == made.id


def test_a_restricted_key_may_be_refused(standin: StripeStandIn) -> None:
    standin.account(shop.KEY).refuse("GET /v1/account", "POST /v1/webhook_endpoints*")
    restricted = shop.client(standin, "rk_test_shop")
    assert isinstance(shop.refused(restricted.v1.accounts.retrieve_current), stripe.PermissionError)
    assert restricted.v1.customers.create().id
    assert shop.client(standin, "sk_test_shop").v1.accounts.retrieve_current().id


def test_a_second_key_can_open_the_same_account(standin: StripeStandIn) -> None:
    standin.same_account("sk_test_shop", "sk_test_connector")
    method = shop.card(shop.client(standin, "sk_test_connector"))
    assert shop.paid(shop.client(standin), method=method).status == "succeeded"
    assert standin.account("sk_live_connector").id == standin.account("sk_test_shop").id


def test_an_account_in_use_cannot_be_joined_to_another(standin: StripeStandIn) -> None:
    shop.client(standin, "sk_test_connector").v1.customers.create()
    with pytest.raises(ValueError):
        standin.same_account("sk_test_shop", "sk_test_connector")


@pytest.mark.parametrize("key", ["pk_test_shop", "sk_test_", "nonsense", "sk_best_shop", "whsec_shop"])
def test_what_is_no_secret_key_is_refused(standin: StripeStandIn, key: str) -> None:
    error = shop.refused(shop.client(standin, key).v1.customers.list)
    assert isinstance(error, stripe.AuthenticationError) and error.http_status == 401
    assert key not in str(error) or len(key) < 9


def test_a_request_without_a_key_is_refused(standin: StripeStandIn) -> None:
    answer = httpx.get(f"{standin.url}/v1/customers")
    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_a_key_can_come_as_the_user_of_basic_authentication(standin: StripeStandIn) -> None:
    assert httpx.get(f"{standin.url}/v1/account", auth=("sk_test_shop", "")).status_code == 200
    for broken in ("Basic !!!", "Basic " + base64.b64encode(b"\xff").decode(), "Digest x"):
        assert httpx.get(f"{standin.url}/v1/account", headers={"Authorization": broken}).status_code == 401


def test_an_account_can_be_read_by_its_own_id_alone(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    account = standin.account(shop.KEY).id
    assert client.v1.accounts.retrieve(account).id == account
    assert isinstance(shop.refused(client.v1.accounts.retrieve, "acct_other"), stripe.PermissionError)


def test_there_are_no_connected_accounts(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    other = {"stripe_account": "acct_other"}
    assert isinstance(shop.refused(client.v1.customers.list, None, other), stripe.PermissionError)
    assert client.v1.customers.list(None, {"stripe_account": standin.account(shop.KEY).id}).data == []


def test_the_account_shows_the_prefix_of_its_statements(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    standin.account(shop.KEY).statement_descriptor_prefix = "CORNER SHOP"
    settings = client.v1.accounts.retrieve_current().settings
    assert settings is not None and settings.card_payments is not None
    assert settings.card_payments.statement_descriptor_prefix == "CORNER SHOP"
