"""The life of a payment intent, told through the real package."""

import pytest
import stripe

from phonepay.standins.stripe import StripeStandIn
from tests.standins.stripe import shop


def test_an_intent_without_a_card_waits_for_one(client: stripe.StripeClient) -> None:
    made = shop.intent(client)
    assert (made.status, made.amount, made.currency, made.latest_charge) == (
        "requires_payment_method",
        4250,
        "usd",
        None,
    )


def test_an_intent_with_a_card_waits_for_its_confirmation(client: stripe.StripeClient) -> None:
    made = shop.intent(client, payment_method=shop.card(client))
    assert made.status == "requires_confirmation"


def test_confirming_with_a_card_charges_it(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    made = client.v1.payment_intents.confirm(shop.intent(client).id, {"payment_method": shop.card(client)})
    assert (made.status, made.amount_received) == ("succeeded", 4250)
    (charge,) = standin.account(shop.KEY).charges
    assert (charge["id"], charge["paid"], charge["amount_captured"]) == (made.latest_charge, True, 4250)


def test_an_intent_can_be_made_and_confirmed_at_once(client: stripe.StripeClient) -> None:
    assert shop.paid(client).status == "succeeded"


def test_the_latest_charge_can_be_read_along(client: stripe.StripeClient) -> None:
    made = shop.paid(client)
    read = client.v1.payment_intents.retrieve(made.id, {"expand": ["latest_charge.balance_transaction"]})
    assert isinstance(read.latest_charge, stripe.Charge)
    entry = read.latest_charge.balance_transaction
    assert isinstance(entry, stripe.BalanceTransaction) and entry.net == 4250 - entry.fee


def test_a_paid_intent_cannot_be_confirmed_again(client: stripe.StripeClient) -> None:
    made = shop.paid(client)
    error = shop.refused(client.v1.payment_intents.confirm, made.id, {"payment_method": "pm_card_visa"})
    assert (error.http_status, error.code) == (400, "payment_intent_unexpected_state")
    assert shop.told(error)["payment_intent"]["status"] == "succeeded"


def test_a_paid_intent_cannot_be_cancelled(client: stripe.StripeClient) -> None:
    error = shop.refused(client.v1.payment_intents.cancel, shop.paid(client).id)
    assert (error.http_status, error.code) == (400, "payment_intent_unexpected_state")


def test_a_cancelled_intent_says_when_and_why_and_takes_no_card(client: stripe.StripeClient) -> None:
    made = client.v1.payment_intents.cancel(shop.intent(client).id, {"cancellation_reason": "abandoned"})
    assert (made.status, made.canceled_at, made.cancellation_reason) == ("canceled", shop.NOW, "abandoned")
    error = shop.refused(client.v1.payment_intents.confirm, made.id, {"payment_method": "pm_card_visa"})
    assert error.code == "payment_intent_unexpected_state"
    assert shop.refused(client.v1.payment_intents.cancel, made.id).code == "payment_intent_unexpected_state"


def test_a_confirmation_without_any_card_is_refused(client: stripe.StripeClient) -> None:
    error = shop.refused(client.v1.payment_intents.confirm, shop.intent(client).id)
    assert error.code == "payment_intent_unexpected_state"


def test_an_open_intent_can_be_changed(client: stripe.StripeClient) -> None:
    made = shop.intent(client, metadata={"order": "1", "line": "2"})
    changed = client.v1.payment_intents.update(made.id, {"amount": 5000, "metadata": {"order": "7", "line": ""}})
    assert (changed.amount, changed.metadata.to_dict()) == (5000, {"order": "7"})


def test_the_amount_of_a_paid_intent_stays(client: stripe.StripeClient) -> None:
    made = shop.paid(client)
    assert shop.refused(client.v1.payment_intents.update, made.id, {"amount": 1}).http_status == 400
    renamed = client.v1.payment_intents.update(made.id, {"description": "Order 7", "metadata": {"order": "7"}})
    assert (renamed.amount, renamed.description) == (4250, "Order 7")


def test_a_charge_carries_the_metadata_of_its_intent(client: stripe.StripeClient) -> None:
    made = shop.paid(client, metadata={"order": "7"}, statement_descriptor_suffix="ORD 7", receipt_email="a@b.example")
    charge = client.v1.charges.retrieve(made.latest_charge)
    assert charge.metadata.to_dict() == {"order": "7"}
    assert charge.calculated_statement_descriptor == "PHONE SHOP* ORD 7"
    assert charge.receipt_email == "a@b.example"


@pytest.mark.parametrize(("currency", "amount"), [("usd", 49), ("gbp", 29), ("jpy", 49), ("eur", 0), ("hkd", 399)])
def test_an_amount_below_the_minimum_is_too_small(client: stripe.StripeClient, currency: str, amount: int) -> None:
    error = shop.refused(shop.intent, client, amount, currency=currency)
    assert (error.http_status, error.code, error.param) == (400, "amount_too_small", "amount")


@pytest.mark.parametrize(("currency", "amount"), [("usd", 50), ("gbp", 30), ("jpy", 50), ("USD", 99_999_999)])
def test_the_minimum_itself_is_charged(client: stripe.StripeClient, currency: str, amount: int) -> None:
    made = shop.paid(client, amount, currency=currency)
    assert (made.amount_received, made.currency) == (amount, currency.lower())


def test_an_amount_of_nine_digits_is_too_large(client: stripe.StripeClient) -> None:
    assert shop.refused(shop.intent, client, 100_000_000).code == "amount_too_large"


def test_amounts_with_three_decimals_end_in_zero(client: stripe.StripeClient) -> None:
    assert shop.paid(client, 5120, currency="kwd").status == "succeeded"
    assert shop.refused(shop.intent, client, 5124, currency="kwd").http_status == 400


def test_an_unknown_currency_is_refused(client: stripe.StripeClient) -> None:
    assert shop.refused(shop.intent, client, currency="zzz").param == "currency"


@pytest.mark.parametrize("suffix", ["1234", "A*B", 'A"B', "A<B", "A\\B", "A'B", "ORDER 123456789", "ÄB"])
def test_a_descriptor_suffix_that_no_statement_may_show_is_refused(client: stripe.StripeClient, suffix: str) -> None:
    error = shop.refused(shop.intent, client, statement_descriptor_suffix=suffix)
    assert (error.http_status, error.param) == (400, "statement_descriptor_suffix")


def test_a_whole_descriptor_is_refused_for_cards(client: stripe.StripeClient) -> None:
    assert shop.refused(shop.intent, client, statement_descriptor="PHONE SHOP").param == "statement_descriptor"


def test_a_shorter_prefix_leaves_more_room_for_the_suffix(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    standin.account(shop.KEY).statement_descriptor_prefix = "SHOP"
    assert shop.intent(client, statement_descriptor_suffix="ORDER 123456789").statement_descriptor_suffix


@pytest.mark.parametrize("name", ["error_on_requires_action", "off_session"])
def test_what_belongs_to_a_confirmation_is_refused_without_one(client: stripe.StripeClient, name: str) -> None:
    assert shop.refused(shop.intent, client, **{name: True}).param == name


def test_without_a_word_on_types_a_confirmation_needs_a_return_address(client: stripe.StripeClient) -> None:
    made = client.v1.payment_intents.create({"amount": 4250, "currency": "usd"})
    assert (
        shop.refused(client.v1.payment_intents.confirm, made.id, {"payment_method": "pm_card_visa"}).param
        == "return_url"
    )
    given = {"payment_method": "pm_card_visa", "return_url": "https://shop.example/back"}
    assert client.v1.payment_intents.confirm(made.id, given).status == "succeeded"


def test_without_redirects_a_confirmation_needs_no_return_address(client: stripe.StripeClient) -> None:
    automatic = {"enabled": True, "allow_redirects": "never"}
    given = {"amount": 4250, "currency": "usd", "automatic_payment_methods": automatic}
    made = client.v1.payment_intents.create({**given, "confirm": True, "payment_method": "pm_card_visa"})
    assert made.status == "succeeded"


def test_payment_method_types_are_gone_from_the_version_of_the_package(client: stripe.StripeClient) -> None:
    given = {"amount": 4250, "currency": "usd", "payment_method_types": ["card"]}
    assert shop.refused(client.v1.payment_intents.create, given).code == "payment_method_types_no_longer_supported"
    old = {"stripe_version": "2025-09-30.clover"}
    assert client.v1.payment_intents.create(given, old).payment_method_types == ["card"]


def test_moto_is_an_unknown_parameter_until_stripe_enables_it(
    client: stripe.StripeClient, standin: StripeStandIn
) -> None:
    options = {"card": {"moto": True}}
    given = {"payment_method": "pm_card_authenticationRequired", "payment_method_options": options}
    made = shop.intent(client)
    error = shop.refused(client.v1.payment_intents.confirm, made.id, given)
    assert (error.code, error.param) == ("parameter_unknown", "payment_method_options[card][moto]")
    standin.account(shop.KEY).moto = True
    assert client.v1.payment_intents.confirm(made.id, given).status == "succeeded"


def test_moto_is_given_at_the_confirmation_only(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    standin.account(shop.KEY).moto = True
    error = shop.refused(shop.intent, client, payment_method_options={"card": {"moto": True}})
    assert error.param == "payment_method_options[card][moto]"


def test_moto_does_not_go_with_on_session(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    standin.account(shop.KEY).moto = True
    options = {"card": {"moto": True}}
    made = shop.intent(client, setup_future_usage="on_session")
    given = {"payment_method": "pm_card_visa", "payment_method_options": options}
    assert shop.refused(client.v1.payment_intents.confirm, made.id, given).http_status == 400


def test_types_are_allowed_or_excluded_and_cards_stay(client: stripe.StripeClient) -> None:
    error = shop.refused(shop.intent, client, excluded_payment_method_types=["link"])
    assert error.code == "parameters_exclusive"
    plain = {"amount": 4250, "currency": "usd"}
    without_cards = {**plain, "excluded_payment_method_types": ["card"]}
    assert shop.refused(client.v1.payment_intents.create, without_cards).param == "excluded_payment_method_types"
    without_link = {**plain, "excluded_payment_method_types": ["link"]}
    assert client.v1.payment_intents.create(without_link).excluded_payment_method_types == ["link"]


def test_types_can_be_limited_at_the_confirmation(client: stripe.StripeClient) -> None:
    made = client.v1.payment_intents.create({"amount": 4250, "currency": "usd"})
    given = {"payment_method": "pm_card_visa", "allowed_payment_method_types": ["card"]}
    assert client.v1.payment_intents.confirm(made.id, given).payment_method_types == ["card"]


def test_another_amount_than_the_one_to_confirm_is_not_charged(client: stripe.StripeClient) -> None:
    made = shop.intent(client)
    given = {"payment_method": "pm_card_visa", "amount_to_confirm": 4251}
    assert shop.refused(client.v1.payment_intents.confirm, made.id, given).param == "amount_to_confirm"


def test_an_unknown_intent_is_missing(client: stripe.StripeClient) -> None:
    error = shop.refused(client.v1.payment_intents.retrieve, "pi_none")
    assert (error.http_status, error.code) == (404, "resource_missing")
