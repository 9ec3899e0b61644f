"""Lays the pictures out: one page that holds them all, and sheets of small ones to look over at once."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.conftest import THEMES, WIDTHS
from tests.browser.sheet.shots import SETS, SHOTS, Shot

FOLDER = Path(__file__).resolve().parents[3] / ".test" / "contact-sheet"
SMALL = {"desk": 480, "phone": 220}  # pixels wide
ROW = {"desk": 4, "phone": 8}  # pictures
MOST = {"desk": 24, "phone": 48}  # pictures on a sheet: Chromium's pictures end at 16,384 pixels

STYLE = """
body { margin: 0; padding: 24px; background: #d9d9d6; color: #222; font: 14px/1.4 system-ui, sans-serif; }
h1 { font-size: 20px; margin: 0 0 16px; } h2 { font-size: 15px; margin: 32px 0 8px; }
nav a { margin-right: 16px; }
.row { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start; }
figure { margin: 0; } figcaption { font-size: 12px; margin-bottom: 4px; max-width: 480px; }
img { display: block; object-fit: cover; object-position: top; border: 1px solid #aaa; background: #fff; }
.desk img { width: 480px; max-height: 620px; } .phone img { width: 220px; max-height: 620px; }
"""


@contextmanager
def held() -> Iterator[None]:
    """Two processes may finish their worlds at once."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def folder_of(world: str) -> Path:
    """Where the pictures of a world go, emptied."""
    folder = FOLDER / world
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    return folder


def lay_out(browser: Browser, world: str) -> Path:
    """Write the index of all that is there, and the sheets of this world. Returns the index."""
    for width in WIDTHS:
        _sheets(browser, world, width)
    with held():
        index = FOLDER / "index.html"
        index.write_text(_page("Contact sheet", _index()), encoding="utf-8")
    return index


def _index() -> str:
    sheets = sorted(path.name for path in FOLDER.glob("sheet-*.png"))
    ways = "".join(f'<a href="{escape(name)}">{escape(name)}</a>' for name in sheets)
    return f"<nav>{ways}</nav>" + "".join(_shot(shot) for shot in SHOTS)


def _shot(shot: Shot) -> str:
    pictures = [_figure(world, shot, width, theme) for world in SETS for width in WIDTHS for theme in THEMES]
    why = {"empty": shot.empty, "worst": shot.worst}
    reasons = "".join(f"<p>Not {name}: {escape(reason)}.</p>" for name, reason in why.items() if reason)
    return f'<h2 id="{shot.name}">{shot.name}</h2><div class="row">{"".join(pictures)}</div>{reasons}'


def _figure(world: str, shot: Shot, width: str, theme: str) -> str:
    path = f"{world}/{shot.name}--{width}--{theme}.png"
    if not (FOLDER / path).exists():
        return ""
    said = f"{shot.name}: {world}, {WIDTHS[width][0]}, {theme}"
    image = f'<a href="{path}"><img loading="lazy" src="{path}" alt="{said}"></a>'
    return f'<figure class="{width}"><figcaption>{said}</figcaption>{image}</figure>'


def _sheets(browser: Browser, world: str, width: str) -> None:
    """Several where the pictures are many, each of what a screenshot can hold."""
    for old in FOLDER.glob(f"sheet-{world}-{width}-*.png"):
        old.unlink()
    pairs = [_figure(world, shot, width, theme) for shot in SHOTS for theme in THEMES]
    pictures = [each.replace(' loading="lazy"', "") for each in pairs if each]
    page = browser.new_page(viewport={"width": ROW[width] * (SMALL[width] + 18) + 48, "height": 800})
    for number, start in enumerate(range(0, len(pictures), MOST[width]), start=1):
        _sheet(pictures[start : start + MOST[width]], source := FOLDER / f".sheet-{world}-{width}.html", world)
        page.goto(source.as_uri())
        page.screenshot(path=FOLDER / f"sheet-{world}-{width}-{number}.png", full_page=True)
        source.unlink()
    page.close()


def _sheet(pictures: Sequence[str], source: Path, world: str) -> None:
    source.write_text(_page(world, f'<div class="row">{"".join(pictures)}</div>'), encoding="utf-8")


def _page(title: str, body: str) -> str:
    head = f'<meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body><h1>{title}</h1>{body}</body></html>'
