"""The deeds of the set-up and of going live, for tests/web/deed_table.py."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from phonepay.events import types
from phonepay.payments.gateway import get_gateway
from phonepay.setup.models import SetUp
from tests.web.deeds import Deed, World, nothing

# What a browser says of a page that it trusts: the set-up takes nothing from others.
TRUSTED = {"Sec-Fetch-Site": "same-origin"}


def step(page: str, leaves: str, **typed: str) -> Deed:
    """A step of a set-up that goes on."""

    def do(world: World) -> Any:
        SetUp.objects.get_or_create(pk=1, defaults={"begun_at": timezone.now()})
        return world.client.post(f"/setup/{page}", typed, headers=TRUSTED)

    return Deed(leaves, do)


def compare(world: World) -> Any:
    typed = {"name": "Default", "account": get_gateway().account(), "mode": "test"}
    return step("consoles/connector", types.CONNECTOR_COMPARED, **typed).do(world)


WITHOUT_OWNER = "only while nobody owns it; the account that is made is recorded (tests/web/installer)"
AT_TWILIO = "Twilio is needed: tests/setup has the event"

SETUP_CHANGES: dict[str, Deed] = {
    "setup": nothing("the code only opens the way to the first owner, whose account is recorded"),
    "setup-try": nothing(WITHOUT_OWNER),
    "setup-owner": nothing(WITHOUT_OWNER),
    "setup-connect": nothing("it leads on; leaving the sandbox records itself"),
    "setup-shop": step(
        "shop", types.LINE_CHANGED, name="Harbor Two", currency="usd", time_zone="America/New_York", locale="en-US"
    ),
    "setup-reach": nothing("the verb that keeps an address records it; one of the environment is only looked at"),
    "setup-renewing": nothing("it waits"),
    "setup-database": nothing("the verb that keeps an address records it; else the data stay where they are"),
    "setup-stripe": step("stripe", types.WEBHOOK_MADE, key=""),
    "setup-twilio": nothing(AT_TWILIO),
    "setup-number": nothing(AT_TWILIO),
    "setup-behavior": step("behavior", types.LINE_CHANGED, behavior="caller", overage="off"),
    "setup-email": nothing("the keys that are kept, and the test that is sent, are recorded by their own verbs"),
    "setup-consoles": nothing("what the owner says to have done at Twilio, which nobody can check"),
    "setup-connector": Deed(types.CONNECTOR_COMPARED, compare),
    "setup-call": nothing("it only watches"),
    "setup-refund": nothing("the verb of refunds records it"),
    "setup-finish": step("finish", types.SETUP_FINISHED),
    "go-live": nothing("a live key is needed: tests/setup/test_connector.py has the event"),
    "go-live-call": nothing("a live key is needed: tests/web/installer/test_live.py has the event"),
    "go-live-refund": nothing("the verb of refunds records it"),
    "number-give-back": nothing(AT_TWILIO),
}
