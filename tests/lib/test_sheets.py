"""Tables for spreadsheets: typed, and nothing in them is ever run."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from phonepay.lib import sheets
from phonepay.lib.sheets import Chunk, csv_parts, plain_text, xlsx_parts

AT = datetime(2026, 11, 3, 14, 32, 5, tzinfo=UTC)
DANGEROUS = ["=1+1", "+14155550142", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", '=HYPERLINK("http://x","y")']


def read_csv(chunks: list[Chunk]) -> list[list[str]]:
    text = b"".join(csv_parts(["One", "Two"], chunks)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def read_xlsx(chunks: list[Chunk]) -> list[list[object]]:
    data = io.BytesIO(b"".join(xlsx_parts(["One", "Two"], chunks)))
    return [list(row) for row in CalamineWorkbook.from_filelike(data).get_sheet_by_index(0).iter_rows()]


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_formula_in_a_csv_begins_with_an_apostrophe(text: str) -> None:
    cell, beside = read_csv([[[text, "kept"]]])[1]
    assert cell.startswith("'") and cell.replace("'", "") == text and beside == "kept"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Ana;=1+1", "Ana;'=1+1"),
        ('Ana; "@SUM(A1);', "Ana; \"'@SUM(A1);"),
        ("Ana\n-1+1", "Ana\n'-1+1"),
        (" =1+1", "' =1+1"),
        ("Ana = 1 + 1; Bo", "Ana = 1 + 1; Bo"),
    ],
)
def test_no_text_begins_a_formula_where_cells_are_separated_by_something_else(text: str, kept: str) -> None:
    assert plain_text(text) == kept


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@given(rows=st.lists(st.lists(st.text(alphabet=';,"=+- \n\tx'), min_size=1)))
def test_no_cell_begins_a_formula_whatever_separates_them(separator: str, rows: list[list[str]]) -> None:
    read = csv.reader(io.StringIO(b"".join(csv_parts(["One"], [rows])).decode(), newline=""), delimiter=separator)
    assert not [cell for row in read for cell in row if cell.lstrip()[:1] in tuple("=+-@")]


@given(st.text())
def test_no_cell_of_a_csv_begins_a_formula(text: str) -> None:
    assert not plain_text(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2)))
def test_a_csv_says_what_was_put_in(rows: list[list[str]]) -> None:
    assert read_csv([rows])[1:] == [[plain_text(cell) for cell in row] for row in rows]


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_formula_in_an_xlsx_is_a_text(text: str) -> None:
    data = io.BytesIO(b"".join(xlsx_parts(["One"], [[[text]]])))
    with zipfile.ZipFile(data) as archive:
        sheet = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - we wrote it
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    assert not list(sheet.iter(f"{main}f"))
    assert [cell.get("t") for cell in sheet.iter(f"{main}c")] == ["inlineStr", "inlineStr"]


@given(st.lists(st.tuples(st.text(min_size=1), st.text(min_size=1))))
def test_any_text_makes_a_workbook_that_opens(rows: list[tuple[str, str]]) -> None:
    assert len(read_xlsx([rows])) == 1 + len(rows)


def test_amounts_are_numbers_and_times_are_times_in_an_xlsx() -> None:
    assert read_xlsx([[[Decimal("-42.50"), AT]]])[1] == [-42.5, datetime(2026, 11, 3, 14, 32, 5)]  # noqa: DTZ001


def test_amounts_and_times_are_plain_in_a_csv() -> None:
    assert read_csv([[[Decimal("-1234.50"), AT]]])[1] == ["-1234.50", "2026-11-03 14:32:05"]


def test_what_is_more_than_a_sheet_holds_goes_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 4)
    chunks: list[Chunk] = [[[n, "x"] for n in range(start, start + 5)] for start in (0, 5)]
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(xlsx_parts(["One", "Two"], chunks))))
    found = [row[0] for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()[1:]]
    assert found == [float(n) for n in range(10)]


def test_the_first_bytes_leave_before_the_second_chunk_is_made() -> None:
    made = []

    def chunks() -> object:
        for number in range(3):
            made.append(number)
            yield [[str(number), "x"]]

    assert list(islice(xlsx_parts(["One", "Two"], chunks()), 1)) and made == [0]  # type: ignore[arg-type]  # a generator
