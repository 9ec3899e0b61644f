"""The minutes that a step says are those that its pages ask of somebody who reads them whole."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from phonepay.setup.steps import STEPS, Step
from phonepay.standins.twilio.rest import TwilioStandIn
from tests.setup.conftest import NUMBER, SID, TOKEN
from tests.web.installer.test_walk import SHOP, by_code, owner

# Words a minute of somebody who reads instructions; seconds to fill in a field, or to fetch something from a console.
READ, FIELD, FETCHED = 200, 5, 20
# What is copied from a console or from a provider's page: Stripe's key; Twilio's SID and token; the address.
CONSOLES = {"stripe": 1, "twilio": 1, "reach": 1}


def pages_of(step: str, client: Client, twilio: TwilioStandIn, key: str) -> str:
    pages = client.get(f"/setup/{step}").content.decode()
    if step == "stripe":
        pages += client.post("/setup/stripe", {"key": key}).content.decode()
    if step == "twilio":
        client.post("/setup/twilio", {"twilio_account_sid": SID, "twilio_auth_token": TOKEN})
        pages += client.get("/setup/twilio/number").content.decode()
        assert NUMBER in pages
    return pages


def asked(pages: str) -> tuple[int, int]:
    """Words that are read and fields that are filled in; choices of a list are not read one by one."""
    mains = " ".join(re.findall(r"<main.*?</main>", pages, re.DOTALL))
    mains = re.sub(r"<option.*?</option>", " ", mains, flags=re.DOTALL)
    fields = len(re.findall(r'<(?:select|input type="(?:text|password|email|number)"|input name="\w+" type)', mains))
    fields += len(set(re.findall(r'<input type="radio" name="(\w+)"', mains)))
    return len(unescape(re.sub(r"<[^>]+>", " ", mains)).split()), fields


@pytest.mark.parametrize("step", STEPS, ids=[step.name for step in STEPS])
def test_a_step_says_the_time_that_its_pages_ask(key: str, twilio: TwilioStandIn, step: Step) -> None:
    client = by_code() if step.name == "owner" else owner()
    client.post("/setup/shop", SHOP)
    words, fields = asked(pages_of(step.name, client, twilio, key))
    needed = words / READ * 60 + fields * FIELD + CONSOLES.get(step.name, 0) * FETCHED
    assert needed * 0.75 <= step.seconds <= needed * 1.5, f"{words} words, {fields} fields: {needed:.0f} s"


def test_the_seven_steps_take_less_than_ten_minutes() -> None:
    assert sum(step.seconds for step in STEPS) < 10 * 60
