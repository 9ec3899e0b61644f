"""Calls whose end Twilio could not tell: asked for, and closed."""

from collections.abc import Iterator
from typing import Any

import pytest

from phonepay.calls.due import run_due
from phonepay.standins.twilio.rest import TwilioStandIn
from tests.conftest import TEST_ENVIRONMENT
from tests.journeys.phone import Caller, Phone
from tests.journeys.shop import Shop


@pytest.fixture
def twilio(shop: Shop, phone: Phone, settings: Any) -> Iterator[TwilioStandIn]:
    """Twilio's REST interface knows the telephone's calls, but the status callback never comes."""
    account, token = (TEST_ENVIRONMENT[f"PHONEPAY_TWILIO_{name}"] for name in ("ACCOUNT_SID", "AUTH_TOKEN"))
    with TwilioStandIn(account_sid=account, auth_token=token) as standin:
        settings.PHONEPAY_TWILIO_API_BASE = standin.url
        phone.telephone.status_url = None
        phone.telephone.rest = standin
        yield standin


@pytest.fixture
def caller(twilio: TwilioStandIn, phone: Phone, shop: Shop) -> Caller:
    shop.line("fixed")
    caller = phone.dial()
    caller.press("1")
    return caller


def test_a_call_that_is_quiet_for_ten_minutes_is_asked_about(caller: Caller, shop: Shop) -> None:
    caller.hang_up()
    assert run_due(shop.clock.turn(minutes=9)) == 0
    assert run_due(shop.clock.turn(minutes=1, seconds=1)) == 1
    assert (shop.call.ended, shop.call.seconds) == ("hung_up", caller.call.duration)


def test_a_call_that_still_goes_on_is_left_alone(caller: Caller, shop: Shop) -> None:
    assert run_due(shop.clock.turn(minutes=11)) == 1
    assert shop.call.ended_at is None
    assert run_due(shop.clock.now) == 0
    assert run_due(shop.clock.turn(minutes=11)) == 1


def test_no_call_lasts_longer_than_four_hours(caller: Caller, shop: Shop) -> None:
    run_due(shop.clock.turn(hours=4, minutes=1))
    assert shop.call.ended == "hung_up"


def test_a_call_that_twilio_does_not_know_is_over(caller: Caller, shop: Shop) -> None:
    type(shop.call).objects.update(sid="CA" + "7" * 32)
    caller.forged = True
    run_due(shop.clock.turn(minutes=11))
    assert shop.call.ended == "hung_up"


def test_while_twilio_cannot_be_asked_nothing_is_decided(caller: Caller, shop: Shop, settings: Any) -> None:
    settings.PHONEPAY_TWILIO_API_BASE = "http://127.0.0.1:1"
    assert run_due(shop.clock.turn(minutes=11)) == 1
    assert shop.call.ended_at is None


def test_the_payment_of_a_call_found_over_is_closed(caller: Caller, shop: Shop) -> None:
    caller.hang_up()
    shop.work(minutes=11)
    shop.work(minutes=3)
    assert shop.statuses == ["abandoned"]
