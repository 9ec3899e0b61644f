"""A real browser against a real server: Debian's Chromium, the product's own settings, Stripe's stand-in behind.

A test asks for `visit`: somebody on a page of a width and a theme. `PHONEPAY_TEST_PICTURES=/a/folder` keeps
a picture of each page that was looked at.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from phonepay.people.models import User
from tests.payments.conftest import stripe_standin, till
from tests.web.cast import PASSWORD, signed_in

__all__ = ["stripe_standin", "till"]

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
DESK, PHONE = (1280, 800), (360, 740)
WIDTHS = {"desk": DESK, "phone": PHONE}
THEMES = ("light", "dark")
AXE = Path(__file__).with_name("axe.min.js")

expect.set_options(timeout=10_000)
# Playwright keeps an event loop in the thread of the test, which Django takes for a server that must not wait.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not Path(CHROMIUM).exists():
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine (apt install chromium)"))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": ["--no-sandbox", "--force-color-profile=srgb"]}


@dataclass
class Visitor:
    """Somebody at a page, and what the page did that it should not have done."""

    page: Page
    context: BrowserContext
    server: str
    said: list[str] = field(default_factory=list)
    abroad: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.server}{path}")
        return self.page

    def sign_in(self, user: User) -> None:
        """By the form."""
        page = self.open("/sign-in")
        page.get_by_label("E-mail").fill(user.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "sign-in" not in url)

    def say_who(self) -> None:
        """What changes money, keys, people or a sign-in asks for the password once more, then goes on by itself."""
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Go on").click()
        self.page.wait_for_url(lambda url: "sign-in" not in url)

    def hear(self, message: ConsoleMessage) -> None:
        self.said.append(f"{message.type}: {message.text}")

    def notice(self, request: Request) -> None:
        if not request.url.startswith((self.server, "data:", "blob:")):
            self.abroad.append(request.url)

    def is_fine(self, name: str = "") -> None:
        """axe finds nothing, nothing was said in the console or asked of a third party, nothing scrolls sideways."""
        assert_page_is_fine(self, name)


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Visitor]]:
    """Make a visitor: `visit(user, width="phone", theme="dark")`; without a user nobody is signed in."""
    contexts: list[BrowserContext] = []

    def make(
        user: User | None = None, *, width: str = "desk", theme: str = "light", ago: float = 0, **options: Any
    ) -> Visitor:
        size = {"width": WIDTHS[width][0], "height": WIDTHS[width][1]}
        scheme: Any = theme
        context = browser.new_context(viewport=size, color_scheme=scheme, has_touch=width == "phone", **options)
        contexts.append(context)
        context.set_default_timeout(10_000)
        if user is not None:
            key = signed_in(user, ago=ago).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
        page = context.new_page()
        visitor = Visitor(page, context, live_server.url)
        page.on("console", visitor.hear)
        page.on("pageerror", lambda error: visitor.said.append(f"error: {error}"))
        page.on("request", visitor.notice)
        return visitor

    yield make
    for context in contexts:
        context.close()


def assert_page_is_fine(visitor: Visitor, name: str = "") -> None:
    """What every page must be, at any width and in any theme; with a name and a folder for it, a picture is kept."""
    page = visitor.page
    page.wait_for_load_state("load")
    if name and (folder := os.environ.get("PHONEPAY_TEST_PICTURES")):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} scrolls sideways by {wide} pixels"
    # The checker is evaluated by the debugger's protocol, which the page's Content-Security-Policy does not hold.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", tags)["violations"]
    told = [f"{each['id']}: {node['html'][:200]} {node['failureSummary']}" for each in found for node in each["nodes"]]
    assert not told, "\n".join(told)
    assert visitor.said == [], f"{page.url} said in the console: {visitor.said}"
    assert visitor.abroad == [], f"{page.url} asked others: {visitor.abroad}"
