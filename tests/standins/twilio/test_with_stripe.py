"""The telephone's cards in the Stripe stand-in, used by the real Stripe package."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import stripe as stripe_package

from phonepay.standins.stripe import StripeStandIn
from phonepay.standins.stripe.cards import BY_NUMBER
from phonepay.standins.twilio import Connector, Telephone
from phonepay.standins.twilio.cards import TEST_NUMBERS
from tests.standins.twilio.paying import CARD, result, takes_cards
from tests.standins.twilio.product import Product

Make = Callable[..., Telephone]


@pytest.fixture
def bank() -> Iterator[StripeStandIn]:
    with StripeStandIn() as bank:
        yield bank


def client_of(bank: StripeStandIn, key: str) -> stripe_package.StripeClient:
    """The package's client for the stand-in, under a key of its own."""
    return stripe_package.StripeClient(key, base_addresses={"api": bank.url})


def pay_with(bank: StripeStandIn, key: str, token: str) -> stripe_package.PaymentIntent:
    """Charge a payment method under a key."""
    return client_of(bank, key).v1.payment_intents.create(
        {
            "amount": 4250,
            "currency": "usd",
            "payment_method": token,
            "allowed_payment_method_types": ["card"],
            "confirm": True,
        }
    )


def test_the_payment_method_can_be_charged_by_the_connectors_account(
    product: Product, telephone: Make, bank: StripeStandIn
) -> None:
    takes_cards(product)
    telephone(connectors={"Default": Connector(bank.url, "sk_test_shop")}).dial().key_card(*CARD)
    assert pay_with(bank, "sk_test_shop", result(product)["PaymentToken"]).status == "succeeded"


def test_the_payment_method_is_unknown_to_another_account(
    product: Product, telephone: Make, bank: StripeStandIn
) -> None:
    takes_cards(product)
    telephone(connectors={"Default": Connector(bank.url, "sk_test_twilio")}).dial().key_card(*CARD)
    with pytest.raises(stripe_package.InvalidRequestError) as refused:
        pay_with(bank, "sk_test_shop", result(product)["PaymentToken"])
    assert refused.value.code == "resource_missing"


def test_a_declined_card_is_keyed_without_trouble(product: Product, telephone: Make, bank: StripeStandIn) -> None:
    takes_cards(product)
    connectors = {"Default": Connector(bank.url, "sk_test_shop")}
    telephone(connectors=connectors).dial().key_card("4000000000009995", *CARD[1:])
    assert result(product)["Result"] == "success"
    with pytest.raises(stripe_package.CardError) as refused:
        pay_with(bank, "sk_test_shop", result(product)["PaymentToken"])
    assert refused.value.error is not None
    assert refused.value.error.decline_code == "insufficient_funds"


def test_every_card_that_the_bank_knows_can_be_keyed() -> None:
    assert set(BY_NUMBER) <= TEST_NUMBERS
