"""One contact sheet of every page: full, empty and worst, at both widths, light and dark, for somebody to look at.

PHONEPAY_TEST_SHOTS="home orders" takes these alone. Each world is made once and then only read. On the way each page
is held to what every page must be.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.http import HttpRequest, HttpResponse
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from phonepay.merchant.credentials import Connections
from phonepay.standins.stripe import StripeStandIn
from phonepay.standins.twilio.rest import TwilioStandIn
from phonepay.web.panel.guide import views as guide
from tests.browser.sandboxed import sandbox
from tests.browser.sheet import album, empty, full, worst
from tests.browser.sheet.camera import Camera
from tests.browser.sheet.shots import SHOTS
from tests.browser.sheet.worlds import World, people_of
from tests.events.chain import fresh_key
from tests.sandbox.playing import Sandbox
from tests.shop import Till

__all__ = ["sandbox"]


@pytest.fixture
def bank() -> Iterator[StripeStandIn]:
    """A Stripe of its own, whose clock can be turned."""
    with StripeStandIn() as standin:
        yield standin


@pytest.fixture
def exchange(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[TwilioStandIn]:
    """A Twilio with a number of each kind, for the pages that ask it.

    The pictures are of an installation with accounts: that both far ends are on this machine makes no sandbox of it.
    """
    monkeypatch.setattr(Connections, "stays_here", property(lambda _: False))
    account, token = settings.PHONEPAY_TWILIO_ACCOUNT_SID, settings.PHONEPAY_TWILIO_AUTH_TOKENS[0]
    numbers = ["+14155550142", "+14155550143", "+14155550144"]
    with TwilioStandIn(account_sid=account, auth_token=token, numbers=numbers) as standin:
        settings.PHONEPAY_TWILIO_API_BASE = standin.url
        standin.store.number(numbers[1])["voice_application_sid"] = "AP" + "3" * 32
        standin.store.number(numbers[2])["voice_url"] = "https://other.example/answer"
        standin.store.account["type"] = "Trial"
        yield standin


@pytest.fixture
def shop(
    exchange: TwilioStandIn,
    bank: StripeStandIn,
    settings: Settings,
    transactional_db: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Till:
    settings.PHONEPAY_STRIPE_SECRET_KEY = f"sk_test_{uuid4().hex}"
    settings.PHONEPAY_STRIPE_API_BASE = bank.url
    render: Callable[..., HttpResponse] = getattr(guide, "render")  # noqa: B009 - what the page imports is its own

    def broken(request: HttpRequest, *rest: object) -> HttpResponse:
        if "break" in request.GET:
            raise RuntimeError("asked for by the contact sheet")
        return render(request, *rest)

    monkeypatch.setattr(guide, "render", broken)
    fresh_key()
    return Till(bank, settings.PHONEPAY_STRIPE_SECRET_KEY)


@pytest.mark.parametrize("make", [full.make, empty.make, worst.make], ids=["full", "empty", "worst"])
def test_every_page_is_on_the_contact_sheet_and_fine(
    shop: Till, browser: Browser, live_server: LiveServer, make: Callable[[Till], World]
) -> None:
    world = make(shop)
    camera = Camera(browser, live_server.url, world, album.folder_of(world.name))
    wanted = os.environ.get("PHONEPAY_TEST_SHOTS", "").split()
    for shot in SHOTS:
        if shot.is_in(world.name) and (not wanted or shot.name in wanted):
            camera.take(shot)
    camera.close()
    album.lay_out(browser, world.name)
    assert camera.faults == [], "\n".join(camera.faults)


def test_the_sandbox_is_on_the_contact_sheet_and_fine(
    sandbox: Sandbox, browser: Browser, live_server: LiveServer
) -> None:
    world = World("sandbox")
    people_of(world)
    camera = Camera(browser, live_server.url, world, album.folder_of(world.name))
    for shot in SHOTS:
        if shot.is_in(world.name):
            camera.take(shot)
    camera.close()
    album.lay_out(browser, world.name)
    assert camera.faults == [], "\n".join(camera.faults)
