"""The doctor on Twilio's account and its numbers: what is missing beside the voice address, and who refuses whom."""

from __future__ import annotations

import pytest

from phonepay.merchant.models import Line
from phonepay.setup.health import twilio
from phonepay.standins.twilio.rest import TwilioStandIn
from tests.setup.conftest import NUMBER
from tests.setup.test_health import told

pytestmark = pytest.mark.django_db(transaction=True)


def numbers_told(line: Line, standin: TwilioStandIn, **addresses: str) -> str:
    standin.configure(NUMBER, voice_url="https://pay.example/twilio/voice", **addresses)
    line.phone_number = NUMBER
    return told(twilio.account_and_numbers([line], {}))


def test_a_number_without_its_fallback_or_status_address_is_told(with_twilio: TwilioStandIn, line: Line) -> None:
    found = numbers_told(line, with_twilio)
    assert "Calls to +15550100 come here." in found and "✗" not in found
    assert "has nothing to say on +15550100" in found and "phonepay fallback" in found
    assert "does not tell this server when a call to +15550100 ends" in found
    assert "https://pay.example/twilio/status" in found


def test_a_document_that_twilio_keeps_is_a_fallback_too(with_twilio: TwilioStandIn, line: Line) -> None:
    there = {"fallback_url": "https://handler.twilio.com/twiml/EH1", "status_url": "https://pay.example/twilio/status"}
    found = numbers_told(line, with_twilio, **there)
    assert "nothing to say" not in found and "does not tell" not in found


def test_that_twilio_does_not_answer_is_no_wrong_token(with_twilio: TwilioStandIn, line: Line) -> None:
    with_twilio.stop()
    found = told(twilio.account_and_numbers([line], {}))
    assert "Twilio does not answer" in found and "They can pay meanwhile" in found


def test_a_token_that_was_rotated_at_twilio_is_told_with_the_command(with_twilio: TwilioStandIn, line: Line) -> None:
    with_twilio.store.auth_token = "3" * 32
    found = told(twilio.account_and_numbers([line], {}))
    assert "does not take the account" in found and "phonepay keys set twilio-auth-token" in found
