"""Who may knock at Twilio's door, and what everybody else gets: 403, or TwiML that says nothing untrue; never a 500."""

import random
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils import timezone

from phonepay.calls.models import Call
from phonepay.events.actors import SYSTEM
from phonepay.merchant import credentials
from phonepay.merchant.credentials import keep
from phonepay.standins.twilio.signature import sign
from tests.conftest import TEST_ENVIRONMENT
from tests.journeys.phone import PUBLIC, TOKEN, Phone
from tests.journeys.shop import LINE, VISA, Shop
from tests.web.voice.stranger import APOLOGY, Stranger, at_the_card

ACCOUNT = TEST_ENVIRONMENT["PHONEPAY_TWILIO_ACCOUNT_SID"]

NO_CARD = "6f1c2a34-0000-4000-8000-000000000000"  # the same in every worker: it is part of the tests' names


def verbs(document: str) -> list[str]:
    """The verbs of a TwiML document, which must be one."""
    root = ET.fromstring(document)  # noqa: S314 - our own answer
    assert root.tag == "Response"
    return [verb.tag for verb in root]


def a_call(**parameters: str) -> dict[str, str]:
    return {"AccountSid": ACCOUNT, "CallSid": "CA" + "1" * 32, "To": LINE, "From": "+15550123", **parameters}


PATHS = [
    "/twilio/voice",
    "/twilio/input/1",
    f"/twilio/pay/{NO_CARD}",
    f"/twilio/pay/{NO_CARD}/fell-through",
    f"/twilio/pay/{NO_CARD}/status",
    f"/twilio/waiting/{NO_CARD}/1",
    "/twilio/person/1",
    "/twilio/status",
]


@pytest.mark.parametrize("path", PATHS)
def test_without_a_signature_nobody_comes_in(stranger: Stranger, path: str) -> None:
    assert stranger.sends("POST", path, urlencode(a_call()).encode())[0] == 403
    assert not Call.objects.exists()


@pytest.mark.parametrize("path", PATHS)
def test_a_wrong_token_does_not_open(phone: Phone, path: str) -> None:
    assert phone.send(path, token="0" * 32, **a_call()).status == 403


@pytest.mark.parametrize("path", PATHS)
def test_another_account_does_not_come_in(phone: Phone, path: str) -> None:
    assert phone.send(path, **a_call(AccountSid="AC" + "9" * 32)).status == 403


@pytest.mark.parametrize("path", [*PATHS, "/twilio/fallback"])
@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD", "DELETE"])
def test_only_post_is_served(stranger: Stranger, method: str, path: str) -> None:
    assert stranger.sends(method, path)[0] == 405


def test_a_signature_for_another_address_does_not_open(phone: Phone, stranger: Stranger) -> None:
    form = a_call()
    signature = sign(TOKEN, f"{PUBLIC}/twilio/status", form)
    body = urlencode(form).encode()
    assert stranger.sends("POST", "/twilio/voice", body, X_Twilio_Signature=signature)[0] == 403


def test_a_signature_for_other_parameters_does_not_open(stranger: Stranger) -> None:
    signature = sign(TOKEN, f"{PUBLIC}/twilio/voice", a_call())
    body = urlencode(a_call(From="+15550999")).encode()
    assert stranger.sends("POST", "/twilio/voice", body, X_Twilio_Signature=signature)[0] == 403


def test_the_host_that_a_stranger_names_signs_nothing(stranger: Stranger) -> None:
    form = a_call()
    signature = sign(TOKEN, "https://localhost/twilio/voice", form)
    body = urlencode(form).encode()
    assert stranger.sends("POST", "/twilio/voice", body, X_Twilio_Signature=signature, Host="localhost")[0] == 403


def test_a_rotated_token_opens_beside_the_new_one(phone: Phone, shop: Shop, settings: Any) -> None:
    shop.line("fixed")
    settings.PHONEPAY_TWILIO_AUTH_TOKENS = ["a" * 32, TOKEN]
    assert phone.send("/twilio/voice", **a_call()).status == 200
    assert phone.send("/twilio/voice", token="a" * 32, **a_call()).status == 200


def test_a_kept_token_opens_from_its_first_request_on(phone: Phone, shop: Shop, settings: Any) -> None:
    shop.line("fixed")
    settings.PHONEPAY_TWILIO_AUTH_TOKENS = ()
    assert phone.send("/twilio/voice", token="b" * 32, **a_call()).status == 403
    keep({"twilio_auth_token": "b" * 32}, by=SYSTEM, now=timezone.now())
    # As in another process, which has just read.
    credentials._cache.start_with({"twilio_auth_token": ("a" * 32,)}, seconds=60)
    assert phone.send("/twilio/voice", token="b" * 32, **a_call()).status == 200


@pytest.mark.parametrize("missing", ["PHONEPAY_PUBLIC_URL", "PHONEPAY_TWILIO_AUTH_TOKENS"])
def test_the_door_stays_shut_without_an_address_or_a_token(
    phone: Phone, shop: Shop, settings: Any, missing: str
) -> None:
    shop.line("fixed")
    setattr(settings, missing, None if missing == "PHONEPAY_PUBLIC_URL" else [])
    assert phone.send("/twilio/voice", **a_call()).status == 403


def test_parameters_that_may_be_added_after_signing_do_not_shut_it(
    phone: Phone, shop: Shop, stranger: Stranger
) -> None:
    shop.line("fixed")
    form = a_call()
    signature = sign(TOKEN, f"{PUBLIC}/twilio/voice", form)
    body = urlencode(form | {"StirVerstat": "TN-Validation-Passed-A", "CallToken": "x"}).encode()
    assert stranger.sends("POST", "/twilio/voice", body, X_Twilio_Signature=signature)[0] == 200


@pytest.mark.parametrize("path", PATHS[1:-1])
def test_a_call_that_never_came_in_hears_the_apology(phone: Phone, path: str, caplog: Any) -> None:
    answer = phone.send(path, **a_call())
    assert answer.status == 200
    heard = verbs(answer.body.decode())
    assert heard in (["Say", "Hangup"], [])  # a status is only acknowledged
    assert not Call.objects.exists()


def test_the_end_of_a_call_that_never_came_in_is_nothing(phone: Phone) -> None:
    answer = phone.send("/twilio/status", **a_call(CallStatus="completed", CallDuration="9"))
    assert (answer.status, verbs(answer.body.decode())) == (200, [])


def test_a_request_that_names_no_call_begins_none(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    assert APOLOGY in phone.send("/twilio/voice", To=LINE, From="+15550123").body.decode()
    assert not Call.objects.exists()


@pytest.mark.parametrize("tail", ["", "/fell-through"])
def test_another_call_cannot_touch_a_card(phone: Phone, shop: Shop, tail: str) -> None:
    shop.line("fixed")
    caller = at_the_card(phone, shop)
    payment = shop.payment
    other = phone.dial("+15550177")
    where_it_stands = other.request("/voice").body
    answer = phone.forge(other, f"/twilio/pay/{payment.attempt}{tail}", Result="success", PaymentToken="pm_card_visa")
    assert answer == where_it_stands
    assert shop.statuses == ["agreed"]
    assert "You have paid" in caller.pay_with(VISA)
    assert shop.payment.call_sid == caller.sid


def test_another_call_cannot_wait_for_a_charge(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    caller = at_the_card(phone, shop)
    caller.pay_with(VISA)
    other = phone.dial("+15550177")
    answer = phone.forge(other, f"/twilio/waiting/{shop.payment.attempt}/1")
    assert answer == other.request("/voice").body
    assert shop.confirmation not in answer


def test_a_transfer_that_never_was_ends_nothing(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    caller = phone.dial()
    assert "<Gather" in phone.forge(caller, "/twilio/person/1", DialCallStatus="completed")
    assert "You have paid" in caller.then("1", VISA)


ODD = [
    "4" * 100_000,
    "١٢٣",
    "\x00\x01\x02",
    "1'; DROP TABLE calls_call; --",
    "<Say>",
    "🧾" * 500,
    "ABCD",
    " ",
]
NAMES = [
    "Digits", "FinishedOnKey", "Result", "PaymentToken", "PaymentCardNumber", "PaymentCardType", "PayErrorCode",
    "DialCallStatus", "CallStatus", "CallDuration", "From", "To",
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD, ids=["huge", "arabic", "control", "sql", "markup", "emoji", "letters", "space"])
def test_odd_parameters_are_answered_with_twiml_at_every_step(phone: Phone, shop: Shop, odd: str) -> None:
    shop.line("fixed")
    caller = at_the_card(phone, shop)
    attempt = shop.payment.attempt
    parameters = dict.fromkeys(NAMES, odd) | {"To": LINE}
    for path in ("voice", "input/1", "input/2", f"waiting/{attempt}/1", "person/2", "status", f"pay/{attempt}"):
        answer = phone.send(f"/twilio/{path}", CallSid=caller.sid, **parameters)
        assert answer.status == 200, path
        verbs(answer.body.decode())
    caller.forged = True
    assert shop.bank.charges == []


@pytest.mark.parametrize("odd", ["١٢٣", "abc", "--", "9" * 40, "-5", ""])
def test_a_duration_that_is_none_is_not_kept(phone: Phone, shop: Shop, odd: str) -> None:
    shop.line("fixed")
    caller = phone.dial()
    phone.forge(caller, "/twilio/status", CallStatus="completed", CallDuration=odd)
    assert (shop.call.seconds, shop.call.ended) == (None, "hung_up")


@pytest.mark.parametrize("path", ["/twilio/input/99999999999999999999999", f"/twilio/waiting/{NO_CARD}/{'9' * 60}"])
def test_numbers_in_a_path_beyond_all_bounds(phone: Phone, shop: Shop, path: str) -> None:
    shop.line("fixed")
    caller = phone.dial()
    assert phone.forge(caller, path, Digits="1") == caller.request("/voice").body


def test_a_parameter_that_comes_twice_is_refused_or_read_once(phone: Phone, shop: Shop, stranger: Stranger) -> None:
    shop.line("fixed")
    caller = phone.dial()
    form = a_call(CallSid=caller.sid, Digits="1")
    body = urlencode(form).encode() + b"&Digits=2"
    signature = sign(TOKEN, f"{PUBLIC}/twilio/input/1", form)
    assert stranger.sends("POST", "/twilio/input/1", body, X_Twilio_Signature=signature)[0] == 403
    assert shop.payments == []


BODIES: list[tuple[bytes, str]] = [
    (b"\xff\xfe\xfa=\x80\x81&CallSid=%FF%FE", "application/x-www-form-urlencoded"),
    (b"a=1", "application/x-www-form-urlencoded; charset=utf-16"),
    (b"a=1", "application/x-www-form-urlencoded; charset=no-such-thing"),
    (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
    (b"broken", "multipart/form-data"),
    (b'{"CallSid": 1}', "application/json"),
    (b"&".join(b"a%d=1" % each for each in range(2000)), "application/x-www-form-urlencoded"),
    (b"", ""),
]


def test_a_body_beyond_all_bounds_is_refused(client: Client) -> None:
    # Not over HTTP: a server that refuses without reading breaks the pipe of whoever is still sending.
    form = "application/x-www-form-urlencoded"
    assert client.post("/twilio/voice", b"a=" + b"x" * 3_000_000, form).status_code == 403


@pytest.mark.parametrize(("body", "kind"), BODIES, ids=[str(place) for place in range(len(BODIES))])
def test_bodies_that_are_no_form_are_refused(stranger: Stranger, body: bytes, kind: str) -> None:
    headers = {"X_Twilio_Signature": "AAAA", "Content_Type": kind}
    assert stranger.sends("POST", "/twilio/voice", body, **headers)[0] == 403


def test_whatever_comes_is_never_a_failure_of_ours(stranger: Stranger) -> None:
    chance = random.Random(42)
    for _ in range(150):
        path = "/twilio/" + quote(chance.randbytes(chance.randrange(12)))
        body = chance.randbytes(chance.randrange(300))
        status, _ = stranger.sends("POST", path, body, X_Twilio_Signature=quote(chance.randbytes(8)))
        assert status in (403, 404)
