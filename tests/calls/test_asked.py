"""What is kept of a request: nothing that could be a card's number, code, date, postal code or token."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.calls.asked import KEPT, ROUTES, Asked

SECRETS = ["4111111111111111", "4111 1111 1111 1111", "737", "1234", "0330", "94110", "94110-1234", "pm_1AbC", "tok_x"]
NAMES = [
    *KEPT, "Digits", "PaymentToken", "PaymentCardNumber", "SecurityCode", "ExpirationDate", "PaymentCardPostalCode",
    "ProfileId", "CallToken", "From", "To", "CallerName", "FromZip", "SpeechResult", "CallDuration", "Duration",
    "PaymentError", "ConnectorError", "ErrorUrl", "CallSid", "AccountSid",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("secret", SECRETS)
def test_no_parameter_brings_a_secret_in(name: str, secret: str) -> None:
    assert Asked("pay", {name: secret}).kept() == {"to": "pay"}


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=200)), st.text())
def test_whatever_comes_only_twilios_words_and_one_kind_of_code_are_kept(parameters: dict[str, str], to: str) -> None:
    kept = Asked(to, parameters).kept()
    assert kept.pop("to") in (*ROUTES, "")
    assert set(kept) <= set(KEPT)
    for name, value in kept.items():
        digits = re.sub(r"\D", "", value)
        assert not digits or (name == "PayErrorCode" and re.fullmatch("64[01]..", value))


def test_twilios_own_words_are_kept() -> None:
    asked = Asked(
        "pay", {"Result": "caller-interrupted-with-star", "CallStatus": "in-progress", "PayErrorCode": "64012"}
    )
    assert asked.kept() == {
        "to": "pay", "Result": "caller-interrupted-with-star", "CallStatus": "in-progress", "PayErrorCode": "64012"
    }  # fmt: skip
