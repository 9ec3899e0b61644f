"""What is asked of Twilio: the account, its numbers, where their calls go, and whether a call is over."""

from collections.abc import Iterator
from typing import Any

import pytest

from phonepay.standins.twilio.rest import TwilioStandIn
from phonepay.telephony.addresses import Addresses
from phonepay.telephony.client import TwilioRest, TwilioUnreachable, get_client
from tests.conftest import TEST_ENVIRONMENT

ACCOUNT, TOKEN = (TEST_ENVIRONMENT[f"PHONEPAY_TWILIO_{name}"] for name in ("ACCOUNT_SID", "AUTH_TOKEN"))


@pytest.fixture
def twilio() -> Iterator[TwilioStandIn]:
    with TwilioStandIn(account_sid=ACCOUNT, auth_token=TOKEN, numbers=["+15550100", "+15550101"]) as standin:
        yield standin


@pytest.fixture
def client(twilio: TwilioStandIn) -> TwilioRest:
    return TwilioRest(ACCOUNT, TOKEN, twilio.url)


def test_the_account(client: TwilioRest) -> None:
    account = client.account()
    assert (account.sid, account.status) == (ACCOUNT, "active")


def test_its_numbers(client: TwilioRest) -> None:
    assert sorted(number.phone_number for number in client.numbers()) == ["+15550100", "+15550101"]


def test_a_number_is_wired_to_us(client: TwilioRest, twilio: TwilioStandIn) -> None:
    (number,) = [each for each in client.numbers() if each.phone_number == "+15550100"]
    here = Addresses("https://pay.example")
    wired = client.wire(number, here, locale="es-US")
    assert (wired.voice_url, wired.status_url) == (here.voice(), here.status())
    assert wired.fallback_url == here.fallback("es-US")
    assert wired.overridden_by == ""
    assert twilio.addresses("+15550100")["voice_url"] == here.voice()


@pytest.mark.parametrize("base", ["http://127.0.0.1:1", "http://127.0.0.1:1/"])
def test_no_answer_is_told_as_such(base: str) -> None:
    with pytest.raises(TwilioUnreachable) as refused:
        TwilioRest(ACCOUNT, TOKEN, base).account()
    assert refused.value.status == 0


def test_a_wrong_token_is_told_as_such(twilio: TwilioStandIn) -> None:
    with pytest.raises(TwilioUnreachable) as refused:
        TwilioRest(ACCOUNT, "0" * 32, twilio.url).account()
    assert refused.value.status == 401


def test_a_call_that_never_was(client: TwilioRest) -> None:
    with pytest.raises(TwilioUnreachable) as refused:
        client.call_status("CA" + "0" * 32)
    assert refused.value.status == 404


@pytest.mark.parametrize("missing", ["PHONEPAY_TWILIO_ACCOUNT_SID", "PHONEPAY_TWILIO_AUTH_TOKENS"])
def test_without_an_account_nobody_is_asked(settings: Any, missing: str) -> None:
    setattr(settings, missing, "" if missing.endswith("SID") else [])
    assert get_client() is None


def test_the_newest_token_is_the_one_that_signs_in(settings: Any, twilio: TwilioStandIn) -> None:
    settings.PHONEPAY_TWILIO_API_BASE = twilio.url
    settings.PHONEPAY_TWILIO_AUTH_TOKENS = [TOKEN, "older"]
    client = get_client()
    assert client is not None and client.account().sid == ACCOUNT
