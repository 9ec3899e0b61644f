"""Customers, the cards attached to them, and which cards may be used again."""

import pytest
import stripe

from phonepay.standins.stripe import StripeStandIn
from tests.standins.stripe import shop


def customer(client: stripe.StripeClient) -> str:
    return client.v1.customers.create({"metadata": {"payment": "1"}}).id


def saved(client: stripe.StripeClient, method: str = "pm_card_visa") -> tuple[str, str]:
    """A customer and the card saved by a first payment."""
    payer = customer(client)
    made = shop.paid(client, method=method, customer=payer, setup_future_usage="off_session")
    return payer, made.payment_method


def test_a_customer_keeps_what_was_given(client: stripe.StripeClient) -> None:
    made = client.v1.customers.create({"name": "Ann", "email": "ann@shop.example", "address": {"city": "Reno"}})
    read = client.v1.customers.retrieve(made.id)
    assert (read.name, read.email) == ("Ann", "ann@shop.example")
    assert read.address is not None and read.address.city == "Reno"


def test_a_deleted_customer_is_only_a_mark(client: stripe.StripeClient) -> None:
    payer = customer(client)
    assert client.v1.customers.delete(payer).deleted
    assert client.v1.customers.retrieve(payer).deleted
    assert client.v1.customers.list().data == []
    assert shop.refused(client.v1.customers.delete, payer).code == "resource_missing"
    assert shop.refused(shop.intent, client, customer=payer).code == "resource_missing"


def test_a_first_payment_can_save_its_card(client: stripe.StripeClient) -> None:
    payer, method = saved(client)
    assert client.v1.payment_methods.retrieve(method).customer == payer
    assert [found.id for found in client.v1.payment_methods.list({"customer": payer}).data] == [method]
    assert [found.id for found in client.v1.customers.payment_methods.list(payer).data] == [method]


def test_a_saved_card_is_charged_again_without_its_owner(client: stripe.StripeClient) -> None:
    payer, method = saved(client)
    again = shop.paid(client, 1000, method=method, customer=payer, off_session=True)
    assert (again.status, again.customer) == ("succeeded", payer)


def test_a_declined_first_payment_saves_nothing(client: stripe.StripeClient) -> None:
    payer = customer(client)
    shop.declined(shop.paid, client, method="pm_card_chargeDeclined", customer=payer, setup_future_usage="off_session")
    assert client.v1.payment_methods.list({"customer": payer}).data == []


def test_a_card_used_without_a_customer_is_used_up(client: stripe.StripeClient) -> None:
    method = shop.card(client)
    shop.paid(client, method=method)
    error = shop.refused(shop.paid, client, method=method)
    assert error.http_status == 400 and "may not be used again" in str(error)
    assert shop.refused(client.v1.payment_methods.attach, method, {"customer": customer(client)}).http_status == 400


def test_a_customer_alone_does_not_save_the_card(client: stripe.StripeClient) -> None:
    payer, method = customer(client), shop.card(client)
    shop.paid(client, method=method, customer=payer)
    assert client.v1.payment_methods.retrieve(method).customer is None
    assert "may not be used again" in str(shop.refused(shop.paid, client, method=method, customer=payer))


def test_a_card_meant_for_the_future_can_be_attached_after_its_payment(client: stripe.StripeClient) -> None:
    payer, method = customer(client), shop.card(client)
    shop.paid(client, method=method, setup_future_usage="off_session")
    assert shop.refused(shop.paid, client, method=method).http_status == 400
    client.v1.payment_methods.attach(method, {"customer": payer})
    assert shop.paid(client, method=method, customer=payer, off_session=True).status == "succeeded"


@pytest.mark.parametrize("with_another", [True, False])
def test_a_saved_card_is_charged_for_its_own_customer_only(client: stripe.StripeClient, with_another: bool) -> None:
    _, method = saved(client)
    more = {"customer": customer(client)} if with_another else {}
    error = shop.refused(shop.paid, client, method=method, **more)
    assert (error.http_status, error.param) == (400, "payment_method")


def test_a_detached_card_cannot_be_used_again(client: stripe.StripeClient) -> None:
    payer, method = saved(client)
    assert client.v1.payment_methods.detach(method).customer is None
    assert "may not be used again" in str(shop.refused(shop.paid, client, method=method, customer=payer))
    assert shop.refused(client.v1.payment_methods.detach, method).http_status == 400


def test_the_cards_of_a_deleted_customer_are_detached(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    payer, method = saved(client)
    client.v1.customers.delete(payer)
    assert client.v1.payment_methods.retrieve(method).customer is None
    assert "payment_method.detached" in [event["type"] for event in standin.account(shop.KEY).events]


def test_a_card_can_be_attached_by_itself(client: stripe.StripeClient) -> None:
    payer = customer(client)
    method = client.v1.payment_methods.attach("pm_card_visa", {"customer": payer})
    assert method.customer == payer
    assert shop.refused(client.v1.payment_methods.attach, method.id, {"customer": customer(client)}).http_status == 400


def test_a_bad_card_is_refused_on_attaching(client: stripe.StripeClient) -> None:
    error = shop.declined(client.v1.payment_methods.attach, "pm_card_chargeDeclined", {"customer": customer(client)})
    assert error.code == "card_declined"


def test_one_card_attaches_and_declines_when_it_is_charged_later(client: stripe.StripeClient) -> None:
    payer, method = saved(client, shop.card(client, "4000000000000341"))
    assert shop.declined(shop.paid, client, method=method, customer=payer, off_session=True).code == "card_declined"


def test_a_card_can_come_from_a_test_token(client: stripe.StripeClient) -> None:
    made = client.v1.payment_methods.create({"type": "card", "card": {"token": "tok_mastercard"}})
    assert made.card is not None and made.card.brand == "mastercard"
    missing = {"type": "card", "card": {"token": "tok_none"}}
    assert shop.refused(client.v1.payment_methods.create, missing).code == "resource_missing"


def test_the_same_card_has_the_same_fingerprint_within_an_account(standin: StripeStandIn) -> None:
    here, there = shop.client(standin), shop.client(standin, "sk_test_other")

    def print_of(client: stripe.StripeClient, number: str = "4242424242424242") -> str:
        return str(client.v1.payment_methods.retrieve(shop.card(client, number)).card.fingerprint)

    assert print_of(here) == print_of(here)
    assert print_of(here) != print_of(there)
    assert print_of(here) != print_of(here, "5555555555554444")


def test_checks_are_made_of_what_was_given(client: stripe.StripeClient) -> None:
    face = {"number": "4000000000000044", "exp_month": 1, "exp_year": 2040}
    billing = {"address": {"postal_code": "94107"}}
    made = client.v1.payment_methods.create({"type": "card", "card": face, "billing_details": billing})
    assert made.card is not None
    assert (made.card.checks.cvc_check, made.card.checks.address_postal_code_check) == (None, "unavailable")


def test_a_card_of_another_account_is_missing(standin: StripeStandIn) -> None:
    method = shop.card(shop.client(standin, "sk_test_connector"))
    ours = shop.client(standin)
    attached = shop.refused(ours.v1.payment_methods.attach, method, {"customer": customer(ours)})
    assert (attached.http_status, attached.code) == (404, "resource_missing")
    charged = shop.refused(shop.paid, ours, method=method)
    assert (charged.http_status, charged.code, charged.param) == (400, "resource_missing", "payment_method")


def test_a_card_of_the_other_mode_is_missing(standin: StripeStandIn) -> None:
    method = shop.card(shop.client(standin, "sk_test_shop"))
    assert shop.refused(shop.paid, shop.client(standin, "sk_live_shop"), method=method).code == "resource_missing"


def test_the_owner_of_a_card_can_be_described_later(client: stripe.StripeClient) -> None:
    method = shop.card(client)
    changed = client.v1.payment_methods.update(method, {"billing_details": {"name": "Ann"}, "metadata": {"a": "b"}})
    assert (changed.billing_details.name, changed.metadata.to_dict()) == ("Ann", {"a": "b"})
