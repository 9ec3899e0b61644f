"""Takes the pictures, and looks at each page while it is there: one browser, one page per width and person."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from tests.browser.conftest import AXE, THEMES, WIDTHS
from tests.browser.sheet.shots import FULL, OK, Shot
from tests.browser.sheet.worlds import World

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What Chromium itself says in the console of a page that answers an error.
ITS_OWN = "Failed to load resource: the server responded with a status of"


@dataclass
class Camera:
    """Pictures of one world. `faults` says what a page did that it must not do."""

    browser: Browser
    server: str
    world: World
    folder: Path
    faults: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)
    _pages: dict[tuple[str, str], Page] = field(default_factory=dict)
    _heard: list[str] = field(default_factory=list)

    def take(self, shot: Shot) -> None:
        """At each width in each theme. The theme is the browser's wish, so the page is loaded once for both."""
        for width in WIDTHS:
            try:
                self._look(shot, width)
            except Exception as error:  # the others have their pictures all the same
                if not self.browser.is_connected():
                    raise
                self._note(shot, width, True, str(error).splitlines()[0])
                self._forget(shot.who, width)

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def _look(self, shot: Shot, width: str) -> None:
        page = self._page(shot.who, width)
        self._heard.clear()
        self._wish(page, "light")
        page.set_viewport_size(_size(width))
        answer = page.goto(f"{self.server}{shot.path.format(**self.world.rows)}")
        if shot.do is not None:
            with page.expect_response(_is_page) if shot.status != OK else _Nothing() as posted:
                shot.do(page)
            answer = posted.value if shot.status != OK else answer
        self._note(
            shot, width, answer is not None and answer.status != shot.status, f"answers {answer and answer.status}"
        )
        # As tall as the page, so that what keeps to the lower edge is at the end of the picture.
        tall = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size(_size(width, tall))
        for theme in THEMES:
            self._wish(page, theme)
            page.screenshot(path=self.folder / f"{shot.name}--{width}--{theme}.png", animations="disabled")
            if width == "desk" and self.world.name == FULL:
                self._note_all(shot, f"{width}, {theme}", self._axe(page))
        self._note_width(shot, width, page)
        said = [each for each in self._heard if shot.status == OK or ITS_OWN not in each]
        self._note_all(shot, width, said)

    def _note_width(self, shot: Shot, width: str, page: Page) -> None:
        wide = page.evaluate(TOO_WIDE)
        self._note(shot, width, wide > 0, f"scrolls sideways by {wide} pixels")
        if width == "phone" and self.world.name == FULL:
            wide = page.evaluate(f"() => {{ document.documentElement.style.fontSize = '200%'; return {TOO_WIDE}; }}")
            self._note(shot, f"{width}, text of 200 %", wide > 0, f"scrolls sideways by {wide} pixels")

    def _note(self, shot: Shot, where: str, wrong: bool, what: str) -> None:
        if wrong:
            self.faults.append(f"{shot.name} ({self.world.name}, {where}): {what}")
            (self.folder / "faults.txt").write_text("\n".join(self.faults) + "\n", encoding="utf-8")

    def _note_all(self, shot: Shot, where: str, faults: list[str]) -> None:
        for fault in faults:
            self._note(shot, where, True, fault)

    def _axe(self, page: Page) -> list[str]:
        # By the debugger's protocol, which the page's Content-Security-Policy does not hold.
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS)
        return [f"{each['id']}: {node['html'][:160]}" for each in found["violations"] for node in each["nodes"]]

    def _wish(self, page: Page, theme: str) -> None:
        scheme: Any = theme
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")

    def _page(self, who: str, width: str) -> Page:
        if (who, width) not in self._pages:
            self._pages[who, width] = self._new_page(who, width)
        return self._pages[who, width]

    def _new_page(self, who: str, width: str) -> Page:
        touch, language = width == "phone", self.world.language
        context = self.browser.new_context(viewport=_size(width), has_touch=touch, locale=language)
        context.set_default_timeout(10_000)
        self._contexts.append(context)
        if key := self.world.sessions[who]:
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": self.server}])
        page = context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._heard.append(f"error: {error}"))
        page.on("request", self._notice)
        return page

    def _forget(self, who: str, width: str) -> None:
        if page := self._pages.pop((who, width), None):
            page.close()

    def _hear(self, message: ConsoleMessage) -> None:
        self._heard.append(f"says in the console: {message.text}")

    def _notice(self, request: Request) -> None:
        if not request.url.startswith((self.server, "data:", "blob:")):
            self._heard.append(f"asks others: {request.url}")


def _is_page(answer: Response) -> bool:
    return answer.request.is_navigation_request()


def _size(width: str, height: int = 0) -> Any:
    wide, high = WIDTHS[width]
    return {"width": wide, "height": max(high, height)}


class _Nothing:
    """Where no answer is waited for."""

    value = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...
