"""Files as rows: each usual spelling of a CSV, workbooks, and what pretends to be one."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.lib.sheets import Cell, xlsx_parts
from phonepay.orders.loading import table
from phonepay.orders.loading.reasons import LoadRefused
from phonepay.orders.loading.table import Form, delimiter_of, encoding_of, kind_of, rows_of

LINES = [["Order", "Name", "Total"], ["1042", "Núñez, Ana", "42,50"], ["1043", 'The "Old" Inn', "1.000,00"]]


def written(delimiter: str = ",") -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(LINES)
    return buffer.getvalue()


def read(data: bytes) -> list[list[str]]:
    encoding = encoding_of(data)
    form = Form(kind_of(data), encoding, delimiter_of(data, encoding))
    return [cells for _, cells in rows_of(data, form)]


def workbook(*rows: list[Cell]) -> bytes:
    return b"".join(xlsx_parts([str(each) for each in rows[0]], [rows[1:]]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_usual_encoding_and_delimiter_is_found(encoding: str, delimiter: str) -> None:
    assert read(written(delimiter).encode(encoding)) == LINES


def test_rows_keep_the_line_that_they_stand_on() -> None:
    data = b'a,b\n\n1,"two\nlines"\n2,x\n'
    assert [line for line, _ in rows_of(data, Form("csv", "utf-8", ","))] == [1, 3, 5]


def test_a_workbook_is_read_with_its_numbers_plain() -> None:
    data = workbook(["Order", "Total"], [1042, 42], ["0043", "1.234,50"])
    rows = [cells for _, cells in rows_of(data, Form("xlsx"))]
    assert rows == [["Order", "Total"], ["1042", "42"], ["0043", "1.234,50"]]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"\xd0\xcf\x11\xe0 old", "old_excel"),
        (b"%PDF-1.7 ...", "not_a_table"),
        (b"\x89PNG\0\0\0\0", "not_a_table"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(LoadRefused) as refused:
        kind_of(data)
    assert refused.value.reason == reason


def archive(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name.replace("__", "/") + ".xml", data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04 not really", "not_a_workbook"),
        (archive(word__document=b"<x/>"), "not_a_workbook"),
        (archive(xl__workbook=b"<x/>", xl__sharedStrings=b" " * 130_000_000), "unpacks_too_big"),
        (
            archive(xl__workbook=b"<x/>", xl__worksheets__sheet1=b'<c r="A1"/><c r="XFD1048576"/>'),
            "too_many_rows",
        ),
    ],
)
def test_a_workbook_is_measured_before_it_is_opened(data: bytes, reason: str) -> None:
    with pytest.raises(LoadRefused) as refused:
        table.sheets_of(data)
    assert refused.value.reason == reason


def test_an_archive_that_lies_of_its_size_is_refused() -> None:
    data = bytearray(archive(xl__workbook=b"<x/>", xl__sharedStrings=b" " * 1_000_000))
    place = data.rfind(b"PK\x01\x02")
    data[place + 24 : place + 28] = (10).to_bytes(4, "little")  # the size that it says it unpacks to
    with pytest.raises(LoadRefused):
        table.sheets_of(bytes(data))


def test_a_quotation_mark_that_is_never_closed_is_told() -> None:
    data = b'a,b\n1,"' + b"x,y\n" * 100_000
    with pytest.raises(LoadRefused, match="quotation"):
        list(rows_of(data, Form("csv", "utf-8", ",")))


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading(data: bytes) -> None:
    try:
        rows = read(data)
    except LoadRefused:
        return
    assert all(isinstance(cell, str) for cells in rows for cell in cells)


_CELLS = st.text(st.characters(min_codepoint=33, max_codepoint=0x24F, exclude_characters="\x85\xa0"), min_size=1)


@given(st.lists(st.lists(_CELLS, min_size=2, max_size=4), min_size=1), st.sampled_from([",", ";", "\t", "|"]))
def test_what_was_written_is_read_with_its_own_form(rows: list[list[str]], delimiter: str) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    data = buffer.getvalue().encode()
    assert [cells for _, cells in rows_of(data, Form("csv", "utf-8", delimiter))] == rows
