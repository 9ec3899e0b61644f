"""The sandbox behind a real browser, and somebody at its telephone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from phonepay.calls import ending
from phonepay.cli import sandbox_child
from phonepay.ivr import turn
from phonepay.setup.sandbox import is_on
from tests.sandbox.playing import Sandbox, playing, without_keys

PAGE = "/try-the-line/telephone"


@pytest.fixture
def sandbox(
    live_server: LiveServer, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Sandbox]:
    without_keys(settings, tmp_path)
    monkeypatch.setattr(turn, "EARLIEST_ANSWER", 0.0)
    monkeypatch.setattr(ending, "UNHEARD", timedelta(0))
    monkeypatch.setattr(sandbox_child, "HEARD_AFTER", 0.0)
    monkeypatch.setattr("phonepay.setup.sandbox.GONE_WITHIN", 0.0)  # here no serve ends them
    with playing(live_server.url) as sandbox:
        yield sandbox
        if is_on():
            sandbox.judge()


def listens(page: Page, *words: str) -> None:
    """Wait until the line has said this and listens."""
    for each in words:
        expect(page.locator("#heard .voice").filter(has_text=each).last).to_be_visible()
    expect(page.locator("#telephone:not([data-state=busy])")).to_be_visible()


def calls(page: Page) -> None:
    """A new call, whatever went on before."""
    hang_up = page.locator("#handset-end button[value=hang_up]")
    if hang_up.count():
        hang_up.click()
    page.locator("#telephone button[value=call]").first.click()
    expect(page.locator("#telephone[data-state=listening] #heard")).to_be_visible()
    listens(page, "Enter your order number")


def reaches_the_card(page: Page) -> None:
    calls(page)
    page.keyboard.type(page.locator(".to-key b").first.inner_text())
    listens(page, "To pay, press 1")
    page.locator(".key[value='1']").click()
    listens(page, "charge this card again")
    page.locator(".key[value='2']").click()
    expect(page.get_by_role("button", name="The card is accepted")).to_be_visible()


def pays(page: Page) -> None:
    reaches_the_card(page)
    page.get_by_role("button", name="The card is accepted").click()
    expect(page.get_by_role("link", name="Look at the payment")).to_be_visible()
    listens(page, "You have paid")
