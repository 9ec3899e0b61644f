"""What a request to Stripe is called: never by an id."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.measuring.operations import WORDS, operation_of


@pytest.mark.parametrize(
    ("method", "url", "name"),
    [
        ("post", "https://api.stripe.com/v1/payment_intents", "POST payment_intents"),
        ("post", "https://api.stripe.com/v1/payment_intents/pi_abc/confirm", "POST payment_intents/*/confirm"),
        ("get", "http://127.0.0.1:9/v1/events?limit=100&starting_after=evt_1", "GET events"),
        ("get", "https://api.stripe.com/v1/radar/early_fraud_warnings/issfr_1", "GET radar/early_fraud_warnings/*"),
    ],
)
def test_an_address_is_named_without_its_ids(method: str, url: str, name: str) -> None:
    assert operation_of(method, url) == name


@given(parts=st.lists(st.text("abcdefghijklmnopqrstuvwxyz_0123456789", min_size=1), max_size=5))
def test_whatever_is_asked_only_known_words_are_named(parts: list[str]) -> None:
    name = operation_of("GET", "https://api.stripe.com/v1/" + "/".join(parts))
    assert set(re.split(r"[ /]", name)) <= WORDS | {"GET", "*", ""}
