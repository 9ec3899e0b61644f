"""A look at the finished site: every link leads somewhere, and nothing is fetched from anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

FETCHED = {"link": "href", "script": "src", "img": "src", "source": "src", "iframe": "src", "video": "src"}


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if "id" in facts:
            self.anchors.add(facts["id"])
        if tag == "a" and "href" in facts:
            self.links.append(facts["href"])
        elif tag in FETCHED and FETCHED[tag] in facts:
            self.fetched.append(facts[FETCHED[tag]])
        if "srcset" in facts:
            self.fetched += [each.split()[0] for each in facts["srcset"].split(",")]


def look_at(site: Path) -> list[str]:
    """What is wrong, a line each."""
    pages = {path: _read(path) for path in sorted(site.rglob("*.html"))}
    return [
        f"{path.relative_to(site)}: {wrong}"
        for path, page in pages.items()
        for wrong in _wrong(path, page, pages, site)
    ]


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def _wrong(path: Path, page: _Page, pages: dict[Path, _Page], site: Path) -> Iterator[str]:
    for address in page.fetched:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            yield f"{address} is fetched from elsewhere"
        elif not _target(path, parts.path, site).is_file():
            yield f"{address} is not there"
    for address in page.links:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            continue
        target = _target(path, parts.path, site) if parts.path else path
        if not target.is_file():
            yield f"{address} leads nowhere"
        elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
            yield f"{address} leads to a page without that place"


def _target(path: Path, written: str, site: Path) -> Path:
    base = site if written.startswith("/") else path.parent
    target = (base / unquote(written).lstrip("/")).resolve()
    return target / "index.html" if target.is_dir() else target
