"""A number in docs is what a test has found: the page cannot say another, and no mark is without a test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.figures import DOCS, MARK, marks, quoted


def page(folder: Path, text: str) -> Path:
    made = folder / "security.md"
    made.write_text(text, "utf-8")
    return made


def test_a_page_that_says_what_was_found_passes(tmp_path: Path) -> None:
    page(tmp_path, "Let through: <!-- figure: let-through -->1,207<!-- /figure --> calls.")
    quoted("let-through", 1207, docs=tmp_path)


def test_a_page_that_says_another_number_fails(tmp_path: Path) -> None:
    page(tmp_path, "Let through: <!-- figure: let-through -->7<!-- /figure --> calls.")
    with pytest.raises(AssertionError, match="says 7 for 'let-through', and the test found 8"):
        quoted("let-through", 8, docs=tmp_path)


def test_a_figure_that_no_page_quotes_fails(tmp_path: Path) -> None:
    page(tmp_path, "Nothing.")
    with pytest.raises(AssertionError, match="no page"):
        quoted("let-through", 8, docs=tmp_path)


def test_a_figure_is_written_on_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = page(tmp_path, "<!-- figure: a -->?<!-- /figure --> and <!-- figure: b -->2<!-- /figure -->")
    monkeypatch.setenv("PHONEPAY_TEST_WRITE_FIGURES", "1")
    quoted("a", 1000, docs=tmp_path)
    assert marks(made.read_text("utf-8")) == {"a": ["1,000"], "b": ["2"]}


def test_every_mark_in_docs_is_stated_by_a_test(repository: Path) -> None:
    stated = {
        name
        for test in (repository / "tests").rglob("*.py")
        if test.name not in {"test_figures.py", "figures.py"}
        for name in re.findall(r'quoted\(\s*"([a-z0-9-]+)"', test.read_text("utf-8"))
    }
    quotes = {mark["name"] for each in DOCS.glob("*.md") for mark in MARK.finditer(each.read_text("utf-8"))}
    assert quotes <= stated, f"no test states {sorted(quotes - stated)}"
