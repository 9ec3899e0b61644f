"""What goes wrong at the machines' doors is noted for the owner, in memory alone; what strangers send is not."""

from __future__ import annotations

from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone

from phonepay.alerts import notes
from phonepay.alerts.models import Alert
from phonepay.calls import opening
from phonepay.standins.twilio.signature import sign
from tests.conftest import TEST_ENVIRONMENT

ACCOUNT, TOKEN = TEST_ENVIRONMENT["PHONEPAY_TWILIO_ACCOUNT_SID"], TEST_ENVIRONMENT["PHONEPAY_TWILIO_AUTH_TOKEN"]
CALL = {"AccountSid": ACCOUNT, "CallSid": "CA" + "1" * 32, "To": "+12025550199", "From": "+12025550101"}


def noted() -> dict[str, int]:
    return {kind: found.times for (kind, _key), found in notes._noted.items()}


def send(path: str, token: str = TOKEN, **parameters: str) -> int:
    posted = CALL | parameters
    signed = {"X-Twilio-Signature": sign(token, f"https://pay.example{path}", posted)}
    return Client().post(path, posted, headers=signed).status_code


def test_a_request_that_breaks_inside_is_noted_and_writes_nothing() -> None:
    with mock.patch.object(opening, "handle_incoming", side_effect=RuntimeError("broken")):
        assert send("/twilio/voice") == 200
    assert noted() == {"voice_failed": 1}


def test_a_wrong_token_of_our_own_account_is_noted() -> None:
    assert send("/twilio/voice", token="0" * 32) == 403
    assert noted() == {"twilio_signature": 1}


@pytest.mark.parametrize("more", [{"AccountSid": "AC" + "f" * 32}, {"AccountSid": ""}])
def test_what_a_passing_stranger_sends_is_not_noted(more: dict[str, str]) -> None:
    assert send("/twilio/voice", token="0" * 32, **more) == 403
    assert noted() == {}


def test_what_is_not_signed_at_all_is_not_noted() -> None:
    assert Client().post("/twilio/voice", CALL).status_code == 403
    assert noted() == {}


@pytest.mark.parametrize("body", [b"\xff\xfe=\x00", b"a=" + b"b" * 3_000_000, b"&" * 5000])
def test_nonsense_breaks_nothing_and_is_not_noted(body: bytes) -> None:
    path = "/twilio/voice"
    form = "application/x-www-form-urlencoded"
    answer = Client().post(path, body, content_type=form, headers={"X-Twilio-Signature": "x"})
    assert answer.status_code == 403 and noted() == {}


def test_that_twilio_had_to_use_the_fallback_is_noted() -> None:
    assert send("/twilio/fallback") == 200
    assert Client().post("/twilio/fallback", CALL).status_code == 200
    assert noted() == {"fallback_used": 1}


def test_stripes_events_that_are_refused_are_noted() -> None:
    forged = {"Stripe-Signature": "t=1,v1=00"}
    assert Client().post("/stripe/webhook", b"{}", "application/json", headers=forged).status_code == 400
    assert Client().post("/stripe/webhook", b"{}", "application/json").status_code == 400
    assert noted() == {"stripe_signature": 1}


@pytest.mark.django_db
def test_what_was_noted_is_an_alert_seconds_later() -> None:
    for _ in range(3):
        send("/twilio/voice", token="0" * 32)
    notes.flush(now=timezone.now())
    assert (Alert.objects.get().kind, Alert.objects.get().count) == ("twilio_signature", 3)


def test_a_fallback_that_twilio_did_not_sign_is_answered_and_not_noted() -> None:
    assert send("/twilio/fallback", token="0" * 32) == 200
    assert noted() == {}
