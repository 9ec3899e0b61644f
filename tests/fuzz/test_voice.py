"""Anything at all at the voice routes, signed by Twilio's own package or not: valid TwiML, or refused, and in time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from phonepay.calls.turns import UnknownCall
from phonepay.standins.twilio import twiml
from phonepay.telephony import twiml as ours
from phonepay.web.voice import urls
from tests.conftest import TEST_ENVIRONMENT
from tests.figures import quoted
from tests.fuzz.effort import Spent, examples
from tests.journeys.conftest import bank, clock, phone, phone_with, product, shop
from tests.journeys.phone import Phone
from tests.journeys.shop import LINE, Shop

__all__ = ["bank", "clock", "phone", "phone_with", "product", "shop"]

SIGNED, UNSIGNED = 400, 100
TOKEN = TEST_ENVIRONMENT["PHONEPAY_TWILIO_AUTH_TOKEN"]
ACCOUNT = TEST_ENVIRONMENT["PHONEPAY_TWILIO_ACCOUNT_SID"]
FORM = "application/x-www-form-urlencoded"
NAMES = [
    "CallSid", "From", "To", "Caller", "Called", "Digits", "FinishedOnKey", "CallStatus", "CallDuration", "Result",
    "PaymentToken", "PaymentCardNumber", "PaymentCardType", "PayErrorCode", "PaymentError", "DialCallStatus",
    "ApiVersion", "Direction", "ForwardedFrom", "CallerName", "FromCity", "SpeechResult", "ErrorCode", "ErrorUrl",
]  # fmt: skip
WORDS = [
    "", "1", "2", "9", "0", "#", "*", "1042", "1042#", "4242424242424242", "success", "caller-hung-up", "completed",
    "pm_card_visa", "visa", "xxxx-xxxx-xxxx-4242", "+12025550101", "anonymous", "-1", "1e9", "99999999999999999999",
    "0x10", "NaN", "null", "\x00", "١٢٣", "’; DROP TABLE calls_call; --", "<Response><Dial>1</Dial></Response>",
    "{{ 7 * 7 }}", "%s%n", "../../etc/passwd", "\u202e\ufeff\U0001f4b3", "true",
]  # fmt: skip
values = (
    st.sampled_from(WORDS)
    | st.text(max_size=40)
    | st.integers().map(str)
    | st.sampled_from(["x" * 20_000, "9" * 5_000])
)
pairs = st.lists(st.tuples(st.sampled_from(NAMES) | st.text(max_size=12), values), max_size=8)
raw = st.binary(max_size=60) | st.just(b"%ff%fe=%80") | st.just(b"&" * 1_500) | st.just(b"a=" + b"%00" * 300)


class Door:
    """The voice routes of a shop with a call that stands at the card."""

    def __init__(self, shop: Shop, sid: str) -> None:
        self._shop, self._sid = shop, sid
        self._client = Client(raise_request_exception=False, headers={"host": "pay.example"})
        self.routes = [str(each.pattern) for each in urls.urlpatterns]

    def path(self, route: str, number: int, known: bool) -> str:
        attempt = self._shop.payment.attempt if known else "00000000-0000-0000-0000-000000000007"
        return (
            f"/twilio/{route}".replace("<int:turn>", f"{number}")
            .replace("<int:said>", f"{number}")
            .replace("<uuid:attempt>", f"{attempt}")
        )

    def body(self, posted: list[tuple[str, str]], known: bool, more: bytes) -> bytes:
        usual = {
            "CallSid": self._sid if known else "CA" + "7" * 32,
            "AccountSid": ACCOUNT,
            "To": LINE,
            "From": "+15550123",
        }
        whole = [*usual.items(), *posted]
        return "&".join(f"{quote(name)}={quote(value)}" for name, value in whole).encode() + more

    def post(self, path: str, body: bytes, *, signed: bool) -> tuple[int, bytes]:
        headers = {"X-Twilio-Signature": _signature(path, body)} if signed else {}
        answer = self._client.post(path, body, FORM, headers=headers)
        return answer.status_code, answer.content


def _signature(path: str, body: bytes) -> str:
    try:
        posted = QueryDict(body)
    except Exception:  # what cannot be read as a form, Twilio could not have signed as one
        return "none"
    return str(RequestValidator(TOKEN).compute_signature(f"https://pay.example{path}", posted))


def is_valid(body: bytes) -> bool:
    """As Twilio reads it: its verbs and attributes only, nothing that it would warn of."""
    return twiml.parse(body).warnings == ()


@pytest.fixture
def door(phone: Phone, shop: Shop) -> Door:
    shop.line("caller-with-order")
    shop.order()
    caller = phone.dial()
    caller.then("1042#", "1")
    caller.forged = True
    return Door(shop, caller.sid)


@pytest.fixture
def spent() -> Iterator[Spent]:
    spent = Spent("voice requests")
    yield spent
    assert spent.is_bounded, f"{max(spent.seconds):.2f} s of processor time for one request"


def test_whatever_is_signed_gets_valid_twiml(door: Door, spent: Spent, caplog: pytest.LogCaptureFixture) -> None:
    outcomes: Counter[int] = Counter()

    @examples(SIGNED)
    @given(
        route=st.sampled_from(door.routes),
        number=st.integers(0, 12) | st.just(2**70),
        known=st.booleans(),
        mine=st.booleans(),
        posted=pairs,
        more=st.just(b"") | raw.map(lambda each: b"&" + each),
        query=st.sampled_from(["", "?locale=es-US", "?locale=%FF", "?a=1&a=2", "?" + "x" * 3_000]),
    )
    def anything(
        route: str, number: int, known: bool, mine: bool, posted: list[tuple[str, str]], more: bytes, query: str
    ) -> None:
        path = door.path(route, number, mine) + query
        body = door.body(posted, known, more)
        with spent.request():
            status, answer = door.post(path, body, signed=True)
        outcomes[status] += 1
        broken = [each for each in caplog.records if each.exc_info and each.exc_info[0] is not UnknownCall]
        caplog.clear()
        assert not broken, f"the apology hides {broken[0].exc_text}"
        if status == 200:
            assert is_valid(answer), answer
        else:
            # What is no form, or names another account, is as if it were not signed.
            assert status == 403 and not _is_ours(body), (status, path, body)

    anything()
    assert outcomes[200] > SIGNED // 2, outcomes
    quoted("fuzz-voice-signed", SIGNED)


def _is_ours(body: bytes) -> bool:
    """Whether it is a form that names our account, and no other beside it."""
    try:
        return QueryDict(body).get("AccountSid") == ACCOUNT
    except Exception:  # of too many fields, say
        return False


def test_whatever_is_not_signed_is_refused(door: Door, spent: Spent) -> None:
    routes = [route for route in door.routes if route != "fallback"]

    @examples(UNSIGNED)
    @given(route=st.sampled_from(routes), posted=pairs, more=raw, signature=st.none() | st.text("abc=+/", max_size=40))
    def anything(route: str, posted: list[tuple[str, str]], more: bytes, signature: str | None) -> None:
        client = Client(raise_request_exception=False)
        headers = {"X-Twilio-Signature": signature} if signature is not None else {}
        with spent.request():
            answer = client.post(door.path(route, 1, True), door.body(posted, True, more), FORM, headers=headers)
        assert (answer.status_code, answer.content) == (403, b"")

    anything()
    quoted("fuzz-voice-unsigned", UNSIGNED)


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/json", "text/xml", "", "x" * 500])
@pytest.mark.parametrize(
    "body", [b"", b"{}", b"--x\r\n", b"\xff" * 100, b"[" * 50_000], ids=["empty", "json", "part", "bytes", "deep"]
)
def test_another_kind_of_body_is_refused_or_answered(door: Door, kind: str, body: bytes) -> None:
    client = Client(raise_request_exception=False)
    assert client.post("/twilio/voice", body, kind, headers={"X-Twilio-Signature": "x"}).status_code == 403
    fallback = client.post("/twilio/fallback", body, kind)
    assert fallback.status_code == 200 and is_valid(fallback.content)


@given(locale=st.text(max_size=300))
def test_the_apology_is_valid_in_any_language(locale: str) -> None:
    assert is_valid(ours.apology(locale).encode())
