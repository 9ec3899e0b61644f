"""The text of the TwiML Bin that speaks while we are down."""

from xml.etree import ElementTree as ET

import pytest

from phonepay.ivr.prompts import LOCALES
from phonepay.standins.twilio.bins import render
from phonepay.telephony.addresses import Addresses
from phonepay.telephony.fallback import hosted

BIN = "https://handler.twilio.com/twiml/EH0123456789abcdef0123456789abcdef"
HERE = Addresses("https://pay.example")


def verbs(text: str, **given: str) -> list[tuple[str, str]]:
    return [(verb.tag, (verb.text or "").strip()) for verb in ET.fromstring(render(text, given).encode())]  # noqa: S314 - ours


@pytest.mark.parametrize("locale", LOCALES)
def test_in_every_language_it_says_not_to_pay_again_and_comes_back_once(locale: str) -> None:
    text = hosted(addresses=HERE, locale=locale, shop="Tom & Jerry's", bin_address=BIN)
    (first, itself), *rest = verbs(text, ErrorUrl="https://pay.example/twilio/input/3")
    assert (first, rest) == ("Redirect", [])
    assert itself == f"{BIN}?failed=https://pay.example/twilio/input/3"
    failed = "https://pay.example/twilio/input/3"
    (said, words), (paused, _), (went, back) = verbs(text, failed=failed)
    assert (said, paused, went) == ("Say", "Pause", "Redirect")
    assert "Tom & Jerry's" in words and ("pay again until" in words or "pague otra vez hasta" in words)
    assert back == HERE.resume(locale)


def test_where_the_way_back_failed_too_it_says_goodbye() -> None:
    text = hosted(addresses=HERE, locale="en-US", shop="Harbor Garage", bin_address=BIN)
    [(_, itself)] = verbs(text, ErrorUrl=HERE.resume("en-US"))
    query = itself.partition("?")[2].partition("#")[0]
    given = dict(pair.split("=", 1) for pair in query.split("&"))
    (_, words), (last, _) = verbs(text, **given)
    assert words.endswith("Goodbye.") and last == "Hangup"


def test_without_the_bins_address_it_only_tries_to_come_back() -> None:
    text = hosted(addresses=HERE, locale="en-US")
    assert "{{" not in text
    assert [verb for verb, _ in verbs(text)] == ["Say", "Pause", "Redirect"]
    assert "until the shop has checked" in verbs(text)[0][1]


def test_braces_in_a_shops_name_are_no_template() -> None:
    assert "{{" not in hosted(addresses=HERE, locale="en-US", shop="{{From}}")
