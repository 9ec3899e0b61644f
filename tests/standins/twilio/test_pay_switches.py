"""What nobody knows about <Pay>, on each of its settings."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from phonepay.standins.twilio import Switches, Telephone
from tests.standins.twilio.paying import CARD, order_of_arrival, result, steps, takes_cards
from tests.standins.twilio.product import Product, Reply

Make = Callable[..., Telephone]


@pytest.mark.parametrize(("setting", "results"), [(True, ["caller-hung-up"]), (False, [])])
def test_the_action_after_a_hang_up(product: Product, telephone: Make, setting: bool, results: list[str]) -> None:
    takes_cards(product)
    call = telephone(switches=Switches(action_on_hangup=setting)).dial().press("4242").hang_up()
    assert call.ended_by == "caller"
    assert [arrived.form["Result"] for arrived in product.at("/paid")] == results


@pytest.mark.parametrize(("setting", "last"), [(False, "/status"), (True, "/paid")])
def test_the_action_after_a_hang_up_comes_before_or_after_the_end_is_told(
    product: Product, telephone: Make, setting: bool, last: str
) -> None:
    takes_cards(product)
    product.says("/status", Reply("", 204))
    switches = Switches(action_after_status=setting)
    telephone(switches=switches, status_url="https://pay.example/status").dial().hang_up()
    assert {arrived.path for arrived in product.arrived[-2:]} == {"/status", "/paid"}
    assert product.arrived[-1].path == last
    assert product.at("/paid")[0].form["CallStatus"] == "completed"


@pytest.mark.parametrize("setting", ["success", "caller-hung-up"])
def test_a_hang_up_while_the_connector_works(product: Product, stripe: Product, telephone: Make, setting: str) -> None:
    takes_cards(product)
    switches = Switches(hangup_while_processing=setting, processing_seconds=3)  # type: ignore[arg-type]  # both are settings
    call = telephone(switches=switches).dial()
    call.at("payment-processing").hang_up(after_seconds=4)
    call.key_card(*CARD)
    assert call.ended_by == "caller"
    assert len(stripe.arrived) == 1
    assert result(product)["Result"] == setting
    assert ("PaymentToken" in result(product)) == (setting == "success")


@pytest.mark.parametrize(("setting", "last"), [("action", "too-many-failed-attempts"), ("next-verb", "Fell through.")])
def test_after_the_last_attempt(product: Product, telephone: Make, setting: str, last: str) -> None:
    takes_cards(product)
    switches = Switches(after_last_attempt=setting)  # type: ignore[arg-type]  # both are settings
    assert telephone(switches=switches).dial().wait().last == last


@pytest.mark.parametrize(("setting", "asked"), [("tries", 2), ("retries", 3)])
def test_what_max_attempts_counts(product: Product, telephone: Make, setting: str, asked: int) -> None:
    takes_cards(product, 'tokenType="payment-method" maxAttempts="2"')
    switches = Switches(max_attempts_counts=setting)  # type: ignore[arg-type]  # both are settings
    call = telephone(switches=switches).dial()
    while call.state == "paying":
        call.wait()
    assert len(call.heard) - 1 == asked


@pytest.mark.parametrize(
    ("setting", "order", "first"),
    [
        ("in-order", ["/voice", "/steps", "/paid"], "payment-card-number"),
        ("after-action", ["/voice", "/paid", "/steps"], "payment-card-number"),
        ("reversed", ["/voice", "/steps", "/paid"], "payment-processing"),
    ],
)
def test_the_order_of_the_status_callbacks(
    product: Product, telephone: Make, setting: str, order: list[str], first: str
) -> None:
    takes_cards(product)
    telephone(switches=Switches(status_callbacks=setting)).dial().key_card(*CARD)  # type: ignore[arg-type]  # a setting
    assert order_of_arrival(product) == order
    assert steps(product)[0][0] == first
    assert len(steps(product)) == 5


def test_there_may_be_no_status_callbacks(product: Product, telephone: Make) -> None:
    takes_cards(product)
    telephone(switches=Switches(status_callbacks="none")).dial().key_card(*CARD)
    assert steps(product) == []


@pytest.mark.parametrize("setting", ["in-order", "after-action", "reversed"])
def test_status_callbacks_come_after_a_hang_up_too(product: Product, telephone: Make, setting: str) -> None:
    takes_cards(product)
    switches = Switches(status_callbacks=setting, action_on_hangup=False)  # type: ignore[arg-type]  # all are settings
    telephone(switches=switches).dial().hang_up()
    assert steps(product) == [("payment-card-number", "1", "")]


@pytest.mark.parametrize(
    ("setting", "number", "masked"),
    [
        ("x", "4242424242424242", "xxxxxxxxxxxx4242"),
        ("stars", "4242424242424242", "************4242"),
        ("last4", "4242424242424242", "4242"),
        ("dashed", "4242424242424242", "xxxx-xxxx-xxxx-4242"),
        ("dashed", "378282246310005", "xxxx-xxxxxx-x0005"),
    ],
)
def test_the_shape_of_the_masked_number(
    product: Product, telephone: Make, setting: str, number: str, masked: str
) -> None:
    takes_cards(product)
    code = "1234" if number.startswith("37") else "123"
    switches = Switches(masked_format=setting)  # type: ignore[arg-type]  # all are settings
    telephone(switches=switches).dial().key_card(number, "0330", code, "94110")
    assert result(product)["PaymentCardNumber"] == masked


def test_the_profile_of_a_payment_method(product: Product, telephone: Make) -> None:
    takes_cards(product)
    telephone(switches=Switches(profile_id="cus_9")).dial().key_card(*CARD)
    assert result(product)["ProfileId"] == "cus_9"


def test_a_field_may_end_only_after_silence(product: Product, telephone: Make) -> None:
    takes_cards(product)
    call = telephone(switches=Switches(field_ends="after-timeout")).dial().press("4242424242424242")
    assert call.listening_for == "payment-card-number"
    call.key_card("", "0330")
    assert call.wait().listening_for == "expiration-date"
    call.key_card("", *CARD[1:])
    assert result(product)["Result"] == "success"


@pytest.mark.parametrize(("setting", "attempt"), [("ignored", 1), ("ends-field", 2)])
def test_the_pound_key(product: Product, telephone: Make, setting: str, attempt: int) -> None:
    takes_cards(product, 'tokenType="payment-method" maxAttempts="2"')
    switches = Switches(pound_in_pay=setting)  # type: ignore[arg-type]  # both are settings
    call = telephone(switches=switches).dial().press("378282#")
    assert (call.listening_for, call.attempt) == ("payment-card-number", attempt)


@pytest.mark.parametrize("wrong", [{"masked_format": "?"}, {"keys_during_say": "lost"}, {"status_callbacks": ""}])
def test_a_setting_that_is_none_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="switch"):
        Switches(**wrong)


def test_calls_on_every_setting_can_go_at_the_same_time(product: Product, telephone: Make) -> None:
    takes_cards(product)
    variants = Switches.variants()
    with ThreadPoolExecutor(len(variants)) as pool:
        calls = list(pool.map(lambda switches: telephone(switches=switches).dial().key_card(*CARD), variants))
    assert [call.last for call in calls] == ["success"] * len(variants)
