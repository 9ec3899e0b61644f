"""Every voice route, as the addresses of the product have them, wants Twilio's signature. A new one is held at once."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
import twilio.request_validator
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings

from phonepay.calls.models import Call
from phonepay.standins.twilio.signature import sign
from tests.conftest import TEST_ENVIRONMENT
from tests.figures import quoted
from tests.shop import make_line, make_shop

pytestmark = pytest.mark.django_db
ACCOUNT = TEST_ENVIRONMENT["PHONEPAY_TWILIO_ACCOUNT_SID"]
TOKEN = TEST_ENVIRONMENT["PHONEPAY_TWILIO_AUTH_TOKEN"]
PUBLIC = TEST_ENVIRONMENT["PHONEPAY_PUBLIC_URL"]
FORM = {"AccountSid": ACCOUNT, "CallSid": "CA" + "1" * 32, "To": "+12025550199", "From": "+14155550123", "Digits": "1"}
# Twilio asks it when all else has failed; it reads nothing, writes nothing and always says the same.
OPEN = {"twilio/fallback"}


def under(prefix: str, patterns: list[URLPattern | URLResolver], path: str = "") -> list[str]:
    """The paths of all routes that begin so."""
    found: list[str] = []
    for each in patterns:
        whole = path + str(each.pattern)
        found += under(prefix, each.url_patterns, whole) if isinstance(each, URLResolver) else [whole]
    return [each for each in found if each.startswith(prefix)]


ROUTES = under("twilio/", get_resolver().url_patterns)
SIGNED = sorted(set(ROUTES) - OPEN)


def address(route: str) -> str:
    values = {"uuid": str(UUID(int=7)), "int": "1", "str": "x", "slug": "x"}
    return "/" + re.sub(r"<(\w+):\w+>", lambda part: values[part[1]], route)


def ask(path: str, form: dict[str, str], signature: str | None, method: str = "POST", **headers: str) -> Any:
    given = headers | ({"X-Twilio-Signature": signature} if signature is not None else {})
    kind = "application/x-www-form-urlencoded"
    return Client(headers=given).generic(method, path, urlencode(form), content_type=kind)


def signed(path: str, form: dict[str, str] = FORM, *, token: str = TOKEN, base: str = PUBLIC) -> str:
    return str(sign(token, f"{base}{path}", form))


FORGERIES: dict[str, Callable[[str], Any]] = {
    "no signature": lambda path: ask(path, FORM, None),
    "an empty one": lambda path: ask(path, FORM, ""),
    "another token": lambda path: ask(path, FORM, signed(path, token="0" * 32)),
    "another path": lambda path: ask(path, FORM, signed("/twilio/other")),
    "another host": lambda path: ask(path, FORM, signed(path, base="https://evil.example"), Host="evil.example"),
    "the host of a proxy": lambda path: ask(
        path, FORM, signed(path, base="https://evil.example"), **{"X-Forwarded-Host": "evil.example"}
    ),
    "no encryption": lambda path: ask(path, FORM, signed(path, base=PUBLIC.replace("https", "http"))),
    "a query that was added": lambda path: ask(f"{path}?turn=2", FORM, signed(path)),
    "a parameter that was changed": lambda path: ask(path, FORM | {"Digits": "2"}, signed(path)),
    "a parameter that was added": lambda path: ask(path, FORM | {"Result": "success"}, signed(path)),
    "a parameter that was taken away": lambda path: ask(
        path, {name: value for name, value in FORM.items() if name != "Digits"}, signed(path)
    ),
    "another account": lambda path: ask(
        path, FORM | {"AccountSid": "AC" + "9" * 32}, signed(path, FORM | {"AccountSid": "AC" + "9" * 32})
    ),
    "no account": lambda path: ask(path, {"CallSid": "CA1"}, signed(path, {"CallSid": "CA1"})),
    "a signature cut short": lambda path: ask(path, FORM, signed(path)[:-1]),
}


def test_every_route_refuses_every_forgery() -> None:
    make_line(make_shop())
    refused = 0
    for route in SIGNED:
        for name, forgery in FORGERIES.items():
            answer = forgery(address(route))
            assert (answer.status_code, answer.content) == (403, b""), f"{route}: {name}"
            refused += 1
    assert not Call.objects.exists()
    quoted("voice-routes", len(SIGNED))
    quoted("voice-forgeries-refused", refused)


def test_every_route_opens_to_twilio_with_the_newest_token_and_with_the_one_before(settings: Settings) -> None:
    make_line(make_shop())
    settings.PHONEPAY_TWILIO_AUTH_TOKENS = ("a" * 32, TOKEN)
    for route in SIGNED:
        for token in settings.PHONEPAY_TWILIO_AUTH_TOKENS:
            answer = ask(address(route), FORM, signed(address(route), token=token))
            assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/xml"), route


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_every_route_takes_nothing_but_post(method: str) -> None:
    for route in ROUTES:
        path = address(route)
        assert ask(path, FORM, signed(path), method).status_code == 405, route


def test_signatures_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison is the vendor's, which looks at each character; nothing before it looks at the signature."""
    compared: list[tuple[str, str]] = []
    own = twilio.request_validator.compare

    def compare(one: str, other: str) -> bool:
        compared.append((one, other))
        return bool(own(one, other))

    monkeypatch.setattr(twilio.request_validator, "compare", compare)
    for forged in ("A" * 28, "B" * 28):
        ask("/twilio/voice", FORM, forged)
    assert {forged for _, forged in compared} == {"A" * 28, "B" * 28}
    assert len(compared) % 2 == 0
    source = inspect.getsource(own)
    assert "result &= c1 == c2" in source or "compare_digest" in source


def test_a_number_that_is_not_ours_is_refused() -> None:
    make_line(make_shop(), phone_number="+12025550199")
    for path in ("/twilio/voice", "/twilio/resume"):
        form = FORM | {"To": "+12025550111"}
        answer = ask(path, form, signed(path, form))
        assert answer.status_code == 200 and b"<Reject" in answer.content
    assert not Call.objects.exists()


def test_what_is_open_to_all_says_the_same_to_all_and_touches_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answers = {ask("/twilio/fallback", form, None).content for form in (FORM, {}, {"To": "x", "Digits": "9"})}
    assert len(answers) == 1
