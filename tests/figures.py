"""Numbers that a page of docs quotes, held to what the tests find.

A page marks each number with a comment that nobody sees when it is read:

    Of 10,000 calls of one caller <!-- figure: one-caller-let-through -->7<!-- /figure --> reached the card.

and a test that has found the number says so:

    quoted("one-caller-let-through", through)

It fails where no page quotes the figure, or one says another number. With PHONEPAY_TEST_WRITE_FIGURES=1 the page is
written instead, so that nobody copies numbers by hand. `tests/tooling/test_figures.py` fails on a mark that no test
states. A figure is a whole number, a plain decimal or a word: write `1234`, the page may read `1,234`.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"
MARK = re.compile(r"(<!-- figure: (?P<name>[a-z0-9-]+) -->)(?P<shown>.*?)(<!-- /figure -->)")


def quoted(name: str, value: float | str, *, docs: Path = DOCS) -> None:
    """State a figure. AssertionError where no page quotes it, or one says another.

    `value` is shown as it is, whole numbers with commas between thousands.
    """
    shown = f"{value:,}" if isinstance(value, int) else str(value)
    pages = {page: text for page in sorted(docs.glob("*.md")) if name in marks(text := page.read_text("utf-8"))}
    assert pages, f"no page of docs/ quotes the figure {name!r}: mark it, or do not state it"
    for page, text in pages.items():
        if set(marks(text)[name]) == {shown}:
            continue
        if os.environ.get("PHONEPAY_TEST_WRITE_FIGURES") == "1":
            page.write_text(MARK.sub(lambda mark: _with(mark, name, shown), text), "utf-8")
            continue
        says = ", ".join(sorted(set(marks(text)[name])))
        raise AssertionError(
            f"docs/{page.name} says {says} for {name!r}, and the test found {shown}: "
            "run it with PHONEPAY_TEST_WRITE_FIGURES=1, look at the change, and keep it if it is right"
        )


def marks(text: str) -> dict[str, list[str]]:
    """What a page says for each figure that it quotes."""
    found: dict[str, list[str]] = {}
    for mark in MARK.finditer(text):
        found.setdefault(mark["name"], []).append(mark["shown"])
    return found


def _with(mark: re.Match[str], name: str, shown: str) -> str:
    return f"{mark[1]}{shown}{mark[4]}" if mark["name"] == name else mark[0]
