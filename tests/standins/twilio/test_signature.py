"""The signature, held to the one of the real package."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from phonepay.standins.twilio.signature import sign, signed_address


def test_the_documented_vector_is_reproduced() -> None:
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    signature = sign("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form)
    assert signature == RequestValidator("12345").compute_signature("https://mycompany.com/myapp.php?foo=1&bar=2", form)


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=20)), st.text(alphabet="abc/?&=%+1", max_size=30))
def test_any_form_is_signed_as_the_package_signs_it(form: dict[str, str], path: str) -> None:
    url = f"https://pay.example/{path}"
    assert sign("token", url, form) == RequestValidator("token").compute_signature(url, form)


@pytest.mark.parametrize(
    ("url", "signed"),
    [
        ("https://pay.example:8443/voice?a=1#rc=2", "https://pay.example/voice?a=1"),
        ("http://pay.example:8080/voice", "http://pay.example:8080/voice"),
        ("https://user:secret@pay.example/voice", "https://pay.example/voice"),
        ("https://[2001:db8::1]:8443/voice", "https://[2001:db8::1]/voice"),
    ],
)
def test_port_password_and_fragment_are_left_out_as_documented(url: str, signed: str) -> None:
    assert signed_address(url) == signed
