"""Twilio's account, its numbers, the one that is wired, and what it did before."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings

from phonepay.events import types
from phonepay.events.models import Event
from phonepay.merchant import credentials
from phonepay.merchant.models import Line
from phonepay.people.permissions import NotAllowed
from phonepay.setup import numbers
from phonepay.setup.models import NumberWiring
from phonepay.setup.refusals import StepRefused
from phonepay.setup.steps import TWILIO, facts_of
from phonepay.setup.twilio_account import connect_twilio, look_again
from phonepay.standins.twilio.rest import TwilioStandIn
from tests.setup.conftest import NOW, NUMBER, OLIVIA, OSCAR, OTHER, SID, TOKEN

OLD = {"voice_url": "https://old.example/answer", "voice_method": "GET", "status_callback": "https://old.example/over"}
APPLICATION = "AP" + "3" * 32


def sid_of(twilio: TwilioStandIn, number: str = NUMBER) -> str:
    return str(twilio.store.number(number)["sid"])


def wire(twilio: TwilioStandIn, number: str = NUMBER, **more: Any) -> Any:
    return numbers.wire_number(number_sid=sid_of(twilio, number), by=OLIVIA, now=NOW, **more)


# --- the account ---


def test_a_good_account_is_kept_with_its_token(twilio: TwilioStandIn) -> None:
    looked = connect_twilio(account_sid=SID, auth_token=TOKEN, by=OLIVIA, now=NOW)
    assert credentials.current().twilio_account_sid == SID and credentials.current().twilio_auth_tokens == (TOKEN,)
    assert {each.phone_number for each in looked.numbers} == {NUMBER, OTHER}


def test_a_wrong_token_is_refused_and_nothing_is_kept(twilio: TwilioStandIn) -> None:
    with pytest.raises(StepRefused) as refused:
        connect_twilio(account_sid=SID, auth_token="0" * 32, by=OLIVIA, now=NOW)
    assert "does not take" in str(refused.value) and credentials.current().twilio_account_sid is None


def test_what_is_no_sid_and_no_token_is_refused_at_its_field(twilio: TwilioStandIn) -> None:
    with pytest.raises(StepRefused) as refused:
        connect_twilio(account_sid="SK" + "1" * 32, auth_token="nothing", by=OLIVIA, now=NOW)
    assert set(refused.value.problems) == {"twilio_account_sid", "twilio_auth_token"}


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"type": "Trial"}, "trial"),
        ({"owner_account_sid": "AC" + "9" * 32}, "subaccount"),
    ],
)
def test_what_kind_of_account_it_is_is_told(twilio: TwilioStandIn, facts: dict[str, str], told: str) -> None:
    twilio.store.account.update(facts)
    found = connect_twilio(account_sid=SID, auth_token=TOKEN, by=OLIVIA, now=NOW).findings
    assert any(told in each.what for each in found)


def test_a_suspended_account_is_refused(twilio: TwilioStandIn) -> None:
    twilio.store.account["status"] = "suspended"
    with pytest.raises(StepRefused, match="suspended"):
        connect_twilio(account_sid=SID, auth_token=TOKEN, by=OLIVIA, now=NOW)


def test_an_account_that_records_is_pointed_out(twilio: TwilioStandIn) -> None:
    twilio.store.records_all_calls = True
    found = connect_twilio(account_sid=SID, auth_token=TOKEN, by=OLIVIA, now=NOW).findings
    assert any("records every call" in each.what for each in found)


def test_an_account_that_does_something_else_is_pointed_out(twilio: TwilioStandIn) -> None:
    twilio.store.add_message({"From": NUMBER, "To": "+12025550123", "Body": "Your car is ready."})
    found = connect_twilio(account_sid=SID, auth_token=TOKEN, by=OLIVIA, now=NOW).findings
    assert any("1 text" in each.what and "subaccount" in each.mend for each in found)


def test_a_number_that_only_takes_texts_is_none_to_call(twilio: TwilioStandIn) -> None:
    twilio.store.number(OTHER)["capabilities"]["voice"] = False
    looked = connect_twilio(account_sid=SID, auth_token=TOKEN, by=OLIVIA, now=NOW)
    assert [each.phone_number for each in looked.numbers] == [NUMBER]


def test_without_an_account_there_is_nothing_to_look_at() -> None:
    assert look_again(now=NOW) is None


def test_an_operator_connects_no_account(twilio: TwilioStandIn) -> None:
    with pytest.raises(NotAllowed):
        connect_twilio(account_sid=SID, auth_token=TOKEN, by=OSCAR, now=NOW)


# --- the number ---


def test_the_chosen_number_comes_here_and_is_the_line_s(with_twilio: TwilioStandIn, line: Line) -> None:
    wire(with_twilio)
    there = with_twilio.addresses(NUMBER)
    assert str(there["voice_url"]).startswith("https://pay.example/twilio/voice")
    assert str(there["fallback_url"]).startswith("https://pay.example/twilio/fallback?locale=en-US")
    assert str(there["status_url"]).startswith("https://pay.example/twilio/status")
    assert list(Line.objects.values_list("phone_number", flat=True)) == [NUMBER]
    assert facts_of(TWILIO)["number"] == NUMBER


def test_a_second_number_is_a_line_of_its_own(with_twilio: TwilioStandIn, line: Line) -> None:
    wire(with_twilio)
    wire(with_twilio, OTHER)
    assert set(Line.objects.values_list("phone_number", flat=True)) == {NUMBER, OTHER}


def test_what_the_number_did_before_is_put_back(with_twilio: TwilioStandIn, line: Line) -> None:
    with_twilio.store.number(NUMBER).update(OLD)
    wire(with_twilio)
    numbers.put_back(phone_number=NUMBER, by=OLIVIA, now=NOW)
    assert {name: with_twilio.store.number(NUMBER)[name] for name in OLD} == OLD
    assert numbers.wired(NUMBER) is None
    assert Event.objects.filter(type__in=(types.NUMBER_WIRED, types.NUMBER_PUT_BACK)).count() == 2


def test_wired_twice_it_still_knows_what_was_before(with_twilio: TwilioStandIn, line: Line) -> None:
    with_twilio.store.number(NUMBER).update(OLD)
    wire(with_twilio)
    wire(with_twilio)
    (kept,) = NumberWiring.objects.all()
    assert kept.before["VoiceUrl"] == OLD["voice_url"]


def test_an_application_is_pointed_out_before_it_is_taken_off(with_twilio: TwilioStandIn, line: Line) -> None:
    with_twilio.store.number(NUMBER)["voice_application_sid"] = APPLICATION
    with pytest.raises(StepRefused, match=APPLICATION):
        wire(with_twilio)
    assert with_twilio.store.number(NUMBER)["voice_application_sid"] == APPLICATION
    wire(with_twilio, take_off=True)
    assert with_twilio.store.number(NUMBER)["voice_application_sid"] == ""
    numbers.put_back(phone_number=NUMBER, by=OLIVIA, now=NOW)
    assert with_twilio.store.number(NUMBER)["voice_application_sid"] == APPLICATION


def test_a_trunk_is_pointed_out_as_one(with_twilio: TwilioStandIn, line: Line) -> None:
    with_twilio.store.number(NUMBER)["trunk_sid"] = "TK" + "4" * 32
    with pytest.raises(StepRefused, match="a trunk"):
        wire(with_twilio)


def test_a_number_that_somebody_changed_since_is_left_alone(with_twilio: TwilioStandIn, line: Line) -> None:
    wire(with_twilio)
    with_twilio.store.number(NUMBER)["voice_url"] = "https://new.example/answer"
    with pytest.raises(StepRefused, match=r"new\.example"):
        numbers.put_back(phone_number=NUMBER, by=OLIVIA, now=NOW)
    assert with_twilio.store.number(NUMBER)["voice_url"] == "https://new.example/answer"
    numbers.put_back(phone_number=NUMBER, anyway=True, by=OLIVIA, now=NOW)
    assert with_twilio.store.number(NUMBER)["voice_url"] == ""


def test_a_number_that_was_not_wired_here_is_not_put_back(with_twilio: TwilioStandIn, line: Line) -> None:
    with pytest.raises(StepRefused, match="not known"):
        numbers.put_back(phone_number=NUMBER, by=OLIVIA, now=NOW)


def test_without_a_public_address_no_number_is_wired(
    with_twilio: TwilioStandIn, line: Line, settings: Settings
) -> None:
    settings.PHONEPAY_PUBLIC_URL = None
    with pytest.raises(StepRefused, match="no public address"):
        wire(with_twilio)
    assert with_twilio.store.number(NUMBER)["voice_url"] == ""


def test_a_number_of_nobody_is_refused(with_twilio: TwilioStandIn, line: Line) -> None:
    with pytest.raises(StepRefused, match="any more"):
        numbers.wire_number(number_sid="PN" + "0" * 32, by=OLIVIA, now=NOW)


def test_where_twilio_goes_away_what_was_before_is_known(
    with_twilio: TwilioStandIn, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    from phonepay.telephony.client import TwilioRest, TwilioUnreachable

    def gone(*_: Any, **__: Any) -> Any:
        raise TwilioUnreachable("Twilio did not answer (ConnectionError).")

    with_twilio.store.number(NUMBER).update(OLD)
    monkeypatch.setattr(TwilioRest, "wire", gone)
    with pytest.raises(StepRefused, match="did not do it"):
        wire(with_twilio)
    wiring = numbers.wired(NUMBER)
    assert wiring is not None and wiring.before["VoiceUrl"] == OLD["voice_url"]


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, "Nobody answers"),
        ({"voice_url": "https://demo.twilio.com/welcome/voice/"}, "Nobody answers"),
        (OLD, "old.example"),
        ({"voice_url": "https://pay.example/twilio/voice#rc=2"}, "come here already"),
        ({"voice_application_sid": APPLICATION}, "voice application"),
    ],
)
def test_what_a_number_does_now_is_told(with_twilio: TwilioStandIn, facts: dict[str, str], told: str) -> None:
    with_twilio.store.number(NUMBER).update(facts)
    looked = look_again(now=NOW)
    assert looked is not None
    (number,) = [each for each in looked.numbers if each.phone_number == NUMBER]
    assert told in numbers.does_now(number)
