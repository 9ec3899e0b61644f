"""Twilio's signature: the page's own example, several values, rotated tokens, and all that it must not accept."""

import base64
import hashlib
import hmac

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from phonepay.telephony.signature import is_signed

# twilio.com/docs/usage/security, "Validating requests": its address, token, parameters and signature.
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
TOKEN = "12345"
FORM = "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212"
SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def check(
    form: str = FORM, signature: str | None = SIGNATURE, tokens: tuple[str, ...] = (TOKEN,), url: str = URL
) -> bool:
    return is_signed(url=url, parameters=QueryDict(form), signature=signature, tokens=tokens)


def by_hand(url: str, pairs: list[tuple[str, str]], token: str) -> str:
    text = url + "".join(name + value for name, value in sorted(set(pairs)))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def test_twilios_own_example() -> None:
    assert check()


@pytest.mark.parametrize("signature", [None, "", "AAAA", "é", SIGNATURE[:-1], SIGNATURE + "=", SIGNATURE.lower()])
def test_no_signature_or_a_wrong_one(signature: str | None) -> None:
    assert not check(signature=signature)


@pytest.mark.parametrize("tokens", [(), ("",), ("54321",), ("", "")])
def test_no_token_or_a_wrong_one(tokens: tuple[str, ...]) -> None:
    assert not check(tokens=tokens)


@pytest.mark.parametrize("tokens", [(TOKEN, "new"), ("new", TOKEN), ("", TOKEN)])
def test_any_of_the_tokens_will_do(tokens: tuple[str, ...]) -> None:
    assert check(tokens=tokens)


@pytest.mark.parametrize(
    "form",
    [FORM + "&Extra=1", FORM.replace("1234", "1235", 1), FORM.replace("&Digits=1234", ""), FORM + "&Digits=9", ""],
)
def test_other_parameters(form: str) -> None:
    assert not check(form=form)


@pytest.mark.parametrize(
    "url", ["http://mycompany.com/myapp.php?foo=1&bar=2", "https://mycompany.com/myapp.php", URL + "&x=1", ""]
)
def test_another_address(url: str) -> None:
    assert not check(url=url)


@pytest.mark.parametrize("extra", ["CallToken=x", "StirVerstat=TN-Validation-Passed-A", "CallToken=x&StirVerstat=y"])
def test_the_two_that_may_be_added_after_signing(extra: str) -> None:
    assert check(form=f"{FORM}&{extra}")


def test_the_two_that_may_be_added_when_they_are_signed() -> None:
    form = "A=1&StirVerstat=ok"
    assert check(form=form, signature=by_hand(URL, [("A", "1"), ("StirVerstat", "ok")], TOKEN))


@given(
    st.dictionaries(st.text("abcXYZ_", min_size=1, max_size=8), st.text(max_size=20), max_size=6),
    st.text("0123456789abcdef", min_size=32, max_size=32),
)
def test_what_is_signed_is_accepted_and_nothing_else(parameters: dict[str, str], token: str) -> None:
    query = QueryDict(mutable=True)
    query.update(parameters)
    signature = by_hand(URL, list(parameters.items()), token)
    assert is_signed(url=URL, parameters=query, signature=signature, tokens=(token,))
    query["Added"] = "1"
    assert not is_signed(url=URL, parameters=query, signature=signature, tokens=(token,))
