"""`phonepay fallback`."""

import pytest
from pytest_django import Settings

from tests.cli.conftest import Command

pytestmark = pytest.mark.django_db
BIN = "https://handler.twilio.com/twiml/EH0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def line(phonepay: Command) -> None:
    phonepay("line", "set", "--behavior", "fixed", "--amount", "42.50", "--currency", "usd", "--name", "Harbor Garage")


def test_it_prints_the_text_of_the_bin_for_this_installation(phonepay: Command) -> None:
    printed = phonepay("fallback", "--bin", BIN)
    assert printed.code == 0
    assert "https://pay.example/twilio/resume?locale=en-US" in printed.out and "Harbor Garage" in printed.out


def test_it_speaks_the_language_asked_for(phonepay: Command) -> None:
    assert "no pague otra vez" in phonepay("fallback", "--language", "es-MX").out


def test_a_language_that_is_not_spoken_is_refused(phonepay: Command) -> None:
    assert "Choose one of: en-US" in phonepay("fallback", "--language", "tlh").err


def test_an_address_that_is_no_bins_is_refused(phonepay: Command) -> None:
    assert phonepay("fallback", "--bin", "https://pay.example/twilio/fallback").code == 2


def test_without_a_public_address_twilio_could_not_come_back(phonepay: Command, settings: Settings) -> None:
    settings.PHONEPAY_PUBLIC_URL = None
    assert "PHONEPAY_PUBLIC_URL" in phonepay("fallback").err
