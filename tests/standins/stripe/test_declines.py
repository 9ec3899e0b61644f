"""What Stripe's test cards do, and what a refused attempt leaves behind."""

import pytest
import stripe

from phonepay.standins.stripe import StripeStandIn, cards
from tests.standins.stripe import shop

REFUSED = [
    ("4000000000000002", "card_declined", "generic_decline"),
    ("4000000000009995", "card_declined", "insufficient_funds"),
    ("4000000000009987", "card_declined", "lost_card"),
    ("4000000000009979", "card_declined", "stolen_card"),
    ("4000000000006975", "card_declined", "card_velocity_exceeded"),
    ("4100000000000019", "card_declined", "fraudulent"),
    ("4000000000000069", "expired_card", None),
    ("4000000000000127", "incorrect_cvc", None),
    ("4000000000000119", "processing_error", None),
    ("4000000000000010", "incorrect_zip", None),
    ("4000000000000036", "incorrect_zip", None),
]
TAKEN = [
    ("4242424242424242", "visa", "credit"),
    ("4000056655665556", "visa", "debit"),
    ("5555555555554444", "mastercard", "credit"),
    ("2223003122003222", "mastercard", "credit"),
    ("5200828282828210", "mastercard", "debit"),
    ("378282246310005", "amex", "credit"),
    ("6011111111111117", "discover", "credit"),
    ("3056930009020004", "diners", "credit"),
    ("3566002020360505", "jcb", "credit"),
]
AUTHENTICATE = ["4000002500003155", "4000002760003184"]


@pytest.mark.parametrize(("number", "code", "decline_code"), REFUSED)
def test_a_refused_card_is_told_with_its_codes(
    client: stripe.StripeClient, number: str, code: str, decline_code: str | None
) -> None:
    error = shop.declined(shop.paid, client, method=shop.card(client, number))
    assert (error.http_status, error.code) == (402, code)
    assert shop.told(error).get("decline_code") == decline_code


@pytest.mark.parametrize(("number", "brand", "funding"), TAKEN)
def test_a_good_card_is_charged(client: stripe.StripeClient, number: str, brand: str, funding: str) -> None:
    made = shop.paid(client, method=shop.card(client, number), expand=["latest_charge"])
    face = made.latest_charge.payment_method_details.card
    assert (made.status, face.brand, face.funding, face.last4) == ("succeeded", brand, funding, number[-4:])


@pytest.mark.parametrize("name", sorted(cards.BY_NAME))
def test_every_name_of_a_test_card_is_a_card(client: stripe.StripeClient, name: str) -> None:
    assert client.v1.payment_methods.retrieve(f"pm_card_{name}").card.last4 == cards.BY_NAME[name][-4:]


def test_a_named_card_is_another_payment_method_each_time(client: stripe.StripeClient) -> None:
    first, second = shop.paid(client), shop.paid(client)
    assert first.payment_method != second.payment_method
    assert str(first.payment_method).startswith("pm_") and first.payment_method != "pm_card_visa"


def test_a_decline_leaves_a_failed_charge_and_an_intent_that_waits(
    client: stripe.StripeClient, standin: StripeStandIn
) -> None:
    made, method = shop.intent(client), shop.card(client, "4000000000009995")
    error = shop.declined(client.v1.payment_intents.confirm, made.id, {"payment_method": method})
    read = client.v1.payment_intents.retrieve(made.id)
    (charge,) = standin.account(shop.KEY).charges
    assert (read.status, read.payment_method, read.latest_charge) == ("requires_payment_method", None, charge["id"])
    assert read.last_payment_error is not None
    assert read.last_payment_error.payment_method.id == method
    assert read.last_payment_error.decline_code == "insufficient_funds"
    assert (charge["status"], charge["paid"], charge["failure_code"]) == ("failed", False, "card_declined")
    assert charge["outcome"]["reason"] == "insufficient_funds"
    assert shop.told(error)["payment_intent"]["id"] == made.id


def test_another_card_pays_the_same_intent(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    made = shop.intent(client)
    shop.declined(client.v1.payment_intents.confirm, made.id, {"payment_method": "pm_card_chargeDeclined"})
    done = client.v1.payment_intents.confirm(made.id, {"payment_method": "pm_card_visa"})
    assert (done.status, done.last_payment_error) == ("succeeded", None)
    assert [charge["status"] for charge in standin.account(shop.KEY).charges] == ["failed", "succeeded"]


def test_a_card_that_stripe_takes_for_fraud_is_blocked(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    shop.declined(shop.paid, client, method="pm_card_radarBlock")
    (charge,) = standin.account(shop.KEY).charges
    assert (charge["outcome"]["type"], charge["outcome"]["network_status"]) == ("blocked", "not_sent_to_network")


@pytest.mark.parametrize("number", AUTHENTICATE)
def test_a_card_that_wants_its_owner_to_act_waits_for_him(client: stripe.StripeClient, number: str) -> None:
    made = shop.paid(client, method=shop.card(client, number))
    assert (made.status, made.latest_charge) == ("requires_action", None)
    assert made.next_action is not None


@pytest.mark.parametrize("number", AUTHENTICATE)
@pytest.mark.parametrize("how", ["error_on_requires_action", "off_session"])
def test_where_nobody_can_act_such_a_card_is_declined(client: stripe.StripeClient, number: str, how: str) -> None:
    made = shop.intent(client)
    given = {"payment_method": shop.card(client, number), how: True}
    error = shop.declined(client.v1.payment_intents.confirm, made.id, given)
    assert error.code == "authentication_required"
    assert client.v1.payment_intents.retrieve(made.id).status == "requires_payment_method"


def test_a_waiting_intent_takes_another_card(client: stripe.StripeClient) -> None:
    made = shop.paid(client, method="pm_card_threeDSecureRequired")
    done = client.v1.payment_intents.confirm(made.id, {"payment_method": "pm_card_visa"})
    assert (done.status, done.next_action) == ("succeeded", None)


def test_a_wrong_number_is_refused_when_the_card_is_made(client: stripe.StripeClient) -> None:
    error = shop.declined(shop.card, client, "4242424242424241")
    assert (error.http_status, error.code, error.param) == (402, "incorrect_number", "number")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"exp_month": 13}, "invalid_expiry_month"),
        ({"exp_year": 2020}, "invalid_expiry_year"),
        ({"cvc": "12"}, "invalid_cvc"),
    ],
)
def test_a_card_with_a_wrong_detail_is_refused(
    client: stripe.StripeClient, given: dict[str, object], code: str
) -> None:
    assert shop.declined(shop.card, client, **given).code == code


def test_a_card_of_two_digit_year_is_taken(client: stripe.StripeClient) -> None:
    assert client.v1.payment_methods.retrieve(shop.card(client, exp_year=40)).card.exp_year == 2040


def test_real_cards_are_refused_in_test_mode_and_test_cards_in_live_mode(standin: StripeStandIn) -> None:
    test, live = shop.client(standin, "sk_test_shop"), shop.client(standin, "sk_live_shop")
    for client, number, code in (
        (test, "4111111111111111", "test_mode_live_card"),
        (live, "4242424242424242", "live_mode_test_card"),
    ):
        assert shop.told(shop.declined(shop.card, client, number))["decline_code"] == code
    made = shop.paid(live, method=shop.card(live, "4111111111111111"))
    assert (made.status, made.livemode) == ("succeeded", True)


def test_no_card_number_is_kept(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    shop.paid(client, method=shop.card(client))
    shop.declined(shop.card, client, "4242424242424241")
    kept = str(standin.account(shop.KEY).state()) + str(standin.requests)
    assert "424242424" not in kept
