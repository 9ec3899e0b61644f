"""<Pay>: the card's way from the keys to a payment method, and what goes wrong on it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from phonepay.standins.twilio import CallOver, Telephone
from tests.standins.twilio.paying import CARD, result, steps, takes_cards
from tests.standins.twilio.product import Product

Make = Callable[..., Telephone]


def test_a_card_becomes_a_payment_method(product: Product, stripe: Product, telephone: Make) -> None:
    takes_cards(product)
    call = telephone().dial()
    assert (call.state, call.listening_for) == ("paying", "payment-card-number")
    call.key_card(*CARD)
    assert call.said.endswith("success")
    form = result(product)
    assert form["PaymentToken"] == "pm_1"
    assert {name: form[name] for name in ("PaymentMethod", "PaymentCardNumber", "PaymentCardType")} == {
        "PaymentMethod": "credit-card",
        "PaymentCardNumber": "xxxxxxxxxxxx4242",
        "PaymentCardType": "visa",
    }
    assert (form["ExpirationDate"], form["SecurityCode"], form["PaymentCardPostalCode"]) == ("0330", "***", "94110")
    assert (form["ProfileId"], form["PaymentConfirmationCode"]) == ("", "")
    assert product.at("/paid")[0].query == "attempt=7"


def test_the_payment_method_is_made_under_the_connectors_own_key(
    product: Product, stripe: Product, telephone: Make
) -> None:
    takes_cards(product)
    telephone().dial().key_card(*CARD)
    (arrived,) = stripe.at("/v1/payment_methods")
    assert arrived.headers["authorization"] == "Bearer sk_test_1"
    assert arrived.form == {
        "type": "card",
        "card[number]": "4242424242424242",
        "card[exp_month]": "3",
        "card[exp_year]": "2030",
        "card[cvc]": "123",
        "billing_details[address][postal_code]": "94110",
    }


def test_the_card_number_is_told_to_nobody_but_the_connector(product: Product, telephone: Make) -> None:
    takes_cards(product)
    call = telephone().dial().key_card(*CARD)
    for arrived in product.arrived:
        assert b"4242424242" not in arrived.body
        assert "123" not in arrived.form.get("SecurityCode", "")
    assert "4242424242" not in call.transcript()


def test_every_step_is_told_to_the_status_callback(product: Product, telephone: Make) -> None:
    takes_cards(product)
    call = telephone().dial().key_card(*CARD)
    assert steps(product) == [
        ("payment-card-number", "1", ""),
        ("expiration-date", "1", ""),
        ("security-code", "1", ""),
        ("postal-code", "1", ""),
        ("payment-processing", "1", ""),
    ]
    last = product.at("/steps")[-1].form
    assert last["PaymentCardNumber"] == "xxxxxxxxxxxx4242"
    assert last["CallSid"] == call.sid
    assert "From" not in last
    assert len(call.turns) == 2


def test_fields_that_are_not_wanted_are_not_asked(product: Product, stripe: Product, telephone: Make) -> None:
    takes_cards(product, 'tokenType="payment-method" securityCode="false" postalCode="false"')
    telephone().dial().key_card(*CARD)
    assert [field for field, _, _ in steps(product)] == ["payment-card-number", "expiration-date", "payment-processing"]
    assert "card[cvc]" not in stripe.arrived[0].form


def test_a_literal_postal_code_is_passed_on_without_asking(product: Product, stripe: Product, telephone: Make) -> None:
    takes_cards(product, 'tokenType="payment-method" postalCode="10001"')
    telephone().dial().key_card(*CARD[:3])
    assert stripe.arrived[0].form["billing_details[address][postal_code]"] == "10001"
    assert result(product)["PaymentCardPostalCode"] == "10001"


@pytest.mark.parametrize(
    ("keys", "error"),
    [
        (("4242424242424241",), "invalid-card-number"),
        (("42424",), "invalid-card-number"),
        (("6011111111111117",), "invalid-card-type"),
        (("4242424242424242", "1326"), "invalid-date"),
        (("4242424242424242", "1026"), "invalid-date"),
        (("4242424242424242", "126"), "invalid-date"),
        (("4242424242424242", "1126", "12"), "invalid-security-code"),
        (("378282246310005", "1126", "123"), "invalid-security-code"),
        (("4242424242424242", "1126", "123", "941"), "invalid-postal-code"),
    ],
)
def test_what_is_keyed_wrong_is_asked_again(
    product: Product, telephone: Make, keys: tuple[str, ...], error: str
) -> None:
    takes_cards(product, 'tokenType="payment-method" maxAttempts="2" minPostalCodeLength="5"')
    call = telephone().dial().key_card(*keys)
    assert (call.state, call.attempt) == ("paying", 2)
    assert steps(product)[-1] == (call.listening_for, "2", error)


def test_a_card_is_good_to_the_end_of_its_month(product: Product, telephone: Make) -> None:
    takes_cards(product)
    telephone().dial().key_card("4242424242424242", "1126", "123", "94110")
    assert result(product)["Result"] == "success"


def test_an_american_express_card_has_a_code_of_four_digits(product: Product, telephone: Make) -> None:
    takes_cards(product)
    telephone().dial().key_card("378282246310005", "0330", "1234", "94110")
    assert (result(product)["PaymentCardType"], result(product)["SecurityCode"]) == ("amex", "****")


def test_discover_is_taken_where_it_is_named(product: Product, telephone: Make) -> None:
    takes_cards(product, 'tokenType="payment-method" validCardTypes="visa discover"')
    telephone().dial().key_card("6011111111111117", *CARD[1:])
    assert result(product)["PaymentCardType"] == "discover"


def test_silence_is_a_time_out_and_the_callback_calls_it_so(product: Product, telephone: Make) -> None:
    takes_cards(product, 'tokenType="payment-method" maxAttempts="2"')
    call = telephone().dial()
    start = call.clock
    call.wait()
    assert call.heard[1].at == pytest.approx(start + 10, abs=0.3)
    assert steps(product)[-1] == ("payment-card-number", "2", "input-timeout")


def test_a_fast_hand_keys_ahead_into_the_next_field(product: Product, telephone: Make) -> None:
    takes_cards(product)
    call = telephone().dial().press("".join(CARD), per_second=5)
    assert result(product)["Result"] == "success"
    assert all(heard.interrupted for heard in call.heard[1:4])


def test_keys_left_over_never_reach_the_next_gather(product: Product, telephone: Make) -> None:
    takes_cards(product)
    product.says("/paid", '<Gather action="/keyed"><Say>You have paid.</Say></Gather>')
    call = telephone().dial().press("".join(CARD) + "77", per_second=5)
    assert (call.state, call.last, call.heard[-1].interrupted) == ("listening", "You have paid.", False)
    call.wait()
    assert product.at("/keyed") == []


@pytest.mark.parametrize("before", [(), ("4242",), ("4242424242424242",), ("4242424242424242", "0330", "123")])
def test_star_ends_it_at_any_moment(product: Product, telephone: Make, before: tuple[str, ...]) -> None:
    takes_cards(product)
    call = telephone().dial()
    for keys in before:
        call.press(keys)
    call.press("*")
    assert result(product)["Result"] == "caller-interrupted-with-star"
    assert "PaymentToken" not in result(product)


def test_star_in_the_middle_of_the_words_ends_it_too(product: Product, telephone: Make) -> None:
    takes_cards(product)
    call = telephone().prepare()
    call.at("payment-card-number").press("*")
    call.start()
    assert call.heard[0].interrupted
    assert result(product)["Result"] == "caller-interrupted-with-star"


def test_used_up_attempts_are_told(product: Product, telephone: Make) -> None:
    takes_cards(product, 'tokenType="payment-method" maxAttempts="3"')
    telephone().dial().wait().wait().wait()
    assert result(product)["Result"] == "too-many-failed-attempts"
    assert [attempt for _, attempt, _ in steps(product)] == ["1", "2", "3", "3"]


def test_each_field_has_its_own_attempts(product: Product, telephone: Make) -> None:
    takes_cards(product, 'tokenType="payment-method" maxAttempts="2"')
    call = telephone().dial().wait().key_card("4242424242424242", "1326")
    call.key_card("4242424242424242", "0330", "123", "94110")
    assert result(product)["Result"] == "success"


def test_without_an_action_the_same_address_is_asked(product: Product, telephone: Make) -> None:
    product.says(
        "/voice", lambda arrived: f"<Say>{arrived.form['Result']}</Say>" if "Result" in arrived.form else "<Pay/>"
    )
    assert telephone().dial().press("*").last == "caller-interrupted-with-star"


def test_a_card_that_nobody_asks_for_cannot_be_keyed(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Gather/>")
    with pytest.raises(CallOver):
        telephone().dial().key_card(*CARD)
