"""What Twilio, its connector, or Stripe behind it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from phonepay.standins.twilio import Connector, Switches, Telephone
from phonepay.standins.twilio.conversation import APOLOGY
from tests.standins.twilio.paying import CARD, result, steps, takes_cards
from tests.standins.twilio.product import Product, Reply

Make = Callable[..., Telephone]


def test_an_action_that_is_not_https_ends_the_call(product: Product, telephone: Make) -> None:
    product.says("/voice", '<Pay action="http://pay.example/paid"/>')
    call = telephone().dial()
    assert (call.errors[0].code, call.said) == (64016, APOLOGY)


def test_an_action_on_loopback_needs_no_certificate(product: Product, telephone: Make) -> None:
    takes_cards(product)
    call = telephone(voice_url=f"{product.base}/voice", local_base="").dial().key_card(*CARD)
    assert call.last == "success"


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ('paymentConnector="Stripe_Prod"', "64004"),
        ('chargeAmount="-1"', "64003"),
        ('chargeAmount="1.005"', "64003"),
        ('chargeAmount="100.5" currency="jpy"', "64003"),
        ('chargeAmount="1000001"', "64003"),
        ('chargeAmount="NaN"', "64003"),
        ('tokenType="token"', "64020"),
        ('validCardTypes="visa,amex"', "64020"),
        ('paymentMethod="ach-debit"', "64013"),
        ('bankAccountType="consumer-checking"', "64017"),
        ('currency="dollars"', "64011"),
        ('input="speech"', "64020"),
    ],
)
def test_an_attribute_that_twilio_refuses_has_its_number(
    product: Product, telephone: Make, attributes: str, code: str
) -> None:
    takes_cards(product, attributes)
    call = telephone().dial()
    form = result(product)
    assert (form["Result"], form["PayErrorCode"]) == ("validation-error", code)
    assert [note.code for note in call.errors] == [int(code)]
    assert steps(product) == []


@pytest.mark.parametrize(
    ("settings", "attributes", "code"),
    [
        ({"token_types": frozenset()}, "", "64005"),
        ({"token_types": frozenset({"one-time"})}, 'tokenType="payment-method"', "64006"),
        ({"can_charge": False}, 'chargeAmount="1.00"', "64007"),
        ({"currencies": frozenset({"usd"})}, 'currency="eur"', "64011"),
    ],
)
def test_a_connector_may_not_be_able_to(
    product: Product, telephone: Make, settings: dict[str, frozenset[str]], attributes: str, code: str
) -> None:
    takes_cards(product, attributes)
    connector = Connector("http://127.0.0.1:9", "sk_test_1", **settings)  # type: ignore[arg-type]  # each by its name
    telephone(connectors={"Default": connector}).dial()
    assert result(product)["PayErrorCode"] == code


def test_a_test_connector_takes_test_cards_only(product: Product, stripe: Product, telephone: Make) -> None:
    takes_cards(product)
    telephone().dial().key_card("4539578763621486", *CARD[1:])
    form = result(product)
    assert (form["Result"], form["PayErrorCode"]) == ("payment-connector-error", "64022")
    assert "test cards" in form["PaymentError"]
    assert stripe.arrived == []


def test_a_live_connector_leaves_the_judgment_to_stripe(product: Product, stripe: Product, telephone: Make) -> None:
    takes_cards(product)
    telephone(connectors={"Default": Connector(stripe.base, "sk_live_1")}).dial().key_card(
        "4539578763621486", *CARD[1:]
    )
    assert result(product)["Result"] == "success"


def refusal(status: int, **error: str) -> Reply:
    """An error as Stripe answers it."""
    return Reply(json.dumps({"error": error | {"message": "No."}}), status, "application/json")


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (refusal(402, type="card_error", code="card_declined", decline_code="lost_card"), ("64012", "lost_card")),
        (refusal(400, type="invalid_request_error", code="parameter_unknown"), ("64010", "parameter_unknown")),
        (refusal(401, type="invalid_request_error"), ("64009", "invalid_request_error")),
        (refusal(500, type="api_error"), ("64002", "api_error")),
    ],
)
def test_a_refusal_of_stripe_is_a_connector_error(
    product: Product, stripe: Product, telephone: Make, reply: Reply, told: tuple[str, str]
) -> None:
    takes_cards(product)
    stripe.says("/v1/payment_methods", reply)
    telephone().dial().key_card(*CARD)
    form = result(product)
    assert form["Result"] == "payment-connector-error"
    assert (form["PayErrorCode"], form["ConnectorError"], form["PaymentError"]) == (*told, "No.")
    assert "PaymentToken" not in form


def test_an_unreachable_stripe_has_the_same_result(product: Product, telephone: Make) -> None:
    takes_cards(product)
    telephone(connectors={"Default": Connector("http://127.0.0.1:9", "sk_test_1")}).dial().key_card(*CARD)
    assert (result(product)["Result"], result(product)["PayErrorCode"]) == ("payment-connector-error", "64002")


def test_the_words_of_an_error_may_arrive_encoded(product: Product, telephone: Make) -> None:
    takes_cards(product, 'paymentConnector="No such"')
    telephone(switches=Switches(payment_error_encoded=True)).dial()
    assert "%20" in result(product)["PaymentError"]


def test_a_one_time_token_is_a_token(product: Product, telephone: Make) -> None:
    takes_cards(product, 'tokenType="one-time"')
    telephone().dial().key_card(*CARD)
    assert (result(product)["PaymentToken"], result(product)["ProfileId"]) == ("tok_1", "")


def test_a_reusable_token_has_a_customer(product: Product, telephone: Make) -> None:
    takes_cards(product, "")
    telephone().dial().key_card(*CARD)
    assert (result(product)["PaymentToken"], result(product)["ProfileId"]) == ("tok_1", "cus_2")


def test_a_charge_returns_a_code_and_no_token(product: Product, stripe: Product, telephone: Make) -> None:
    takes_cards(product, 'chargeAmount="42.50" currency="usd" description="Order 1042" tokenType="payment-method"')
    telephone().dial().key_card(*CARD)
    assert (result(product)["PaymentConfirmationCode"], result(product)["PaymentToken"]) == ("ch_2", "")
    charge = stripe.at("/v1/charges")[0].form
    assert charge == {"amount": "4250", "currency": "usd", "source": "tok_1", "description": "Order 1042"}
