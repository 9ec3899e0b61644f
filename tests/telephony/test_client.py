"""What is asked of Twilio: the account, its numbers, where their calls go, and whether a call is over."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
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


def test_the_account_is_told_with_its_state(client: TwilioRest) -> None:
    account = client.account()
    assert (account.sid, account.status) == (ACCOUNT, "active")


def test_all_its_numbers_are_told(client: TwilioRest) -> None:
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


# --- what is done about a number, and what is looked at of the account ---


def test_where_a_number_went_is_put_back_as_it_was(client: TwilioRest, twilio: TwilioStandIn) -> None:
    before = {"voice_url": "https://old.example/answer", "voice_method": "GET"}
    before["voice_application_sid"] = "AP" + "1" * 32
    twilio.store.number("+15550100").update(before)
    (number,) = [each for each in client.numbers() if each.phone_number == "+15550100"]
    told = client.wiring(number.sid)
    client.wire(number, Addresses("https://pay.example"), locale="en-US")
    client.set_wiring(number.sid, told)
    assert {name: twilio.store.number("+15550100")[name] for name in before} == before


def test_an_account_that_does_nothing_else(client: TwilioRest) -> None:
    use = client.use_since(datetime.now(UTC) - timedelta(days=30))
    assert (use.calls, use.texts) == (0, 0)


def test_an_account_that_texts_its_customers(client: TwilioRest, twilio: TwilioStandIn) -> None:
    twilio.store.add_message({"From": "+15550100", "To": "+12025550123", "Body": "Your car is ready."})
    assert client.use_since(datetime.now(UTC) - timedelta(days=30)).texts == 1


@pytest.mark.parametrize("records", [True, False])
def test_whether_the_account_records_every_call(client: TwilioRest, twilio: TwilioStandIn, records: bool) -> None:
    twilio.store.records_all_calls = records
    assert client.records_all_calls() is records


def test_what_cannot_be_asked_is_not_known() -> None:
    client = TwilioRest(ACCOUNT, TOKEN, "http://127.0.0.1:1")
    assert client.records_all_calls() is None and client.connectors() is None


def test_the_connectors_by_name(client: TwilioRest, twilio: TwilioStandIn) -> None:
    twilio.store.connectors = ["Default", "Stripe_Live"]
    assert client.connectors() == ["Default", "Stripe_Live"]


def test_an_account_of_its_own_has_no_parent(client: TwilioRest, twilio: TwilioStandIn) -> None:
    assert client.account().parent == ""
    twilio.store.account["owner_account_sid"] = "AC" + "9" * 32
    assert client.account().parent == "AC" + "9" * 32
