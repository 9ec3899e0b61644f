"""A file as rows of texts: CSV of any usual delimiter and encoding, and XLSX. No Django, no database.

A workbook is measured before it is opened: what it unpacks to, and how far its sheets reach.
"""

from __future__ import annotations

import codecs
import csv
import io
import math
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import IO, Any

from phonepay.orders.loading.reasons import LoadRefused

ENCODINGS = {"utf-8": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}
DELIMITERS = (",", ";", "\t", "|")
MOST_BYTES = 25 * 1024 * 1024
MOST_ROWS = 200_000
MOST_LINES = 1_100_000  # blank ones among them: what a spreadsheet has at most
MOST_COLUMNS = 60
SAMPLE = 30
MOST_UNPACKED = 120 * 1024 * 1024
MOST_CELLS = 4_000_000
LONGEST_CELL = 1_000

_WORKBOOK, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_CELL = re.compile(rb"""<(?:\w+:)?(?:c|row)\b[^<>]*?\br\s*=\s*["']([A-Z]{0,3})(\d{1,9})["']""")
_BLOCK = 1 << 18


class Plain(str):
    """A number of a workbook's own, written with a point: no decimal mark of anybody's is in it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Form:
    """How a file is to be read."""

    kind: str
    encoding: str = ""
    delimiter: str = ""
    sheet: int = 0


Row = tuple[int, list[str]]  # its line in the file, from 1, and its cells


def kind_of(data: bytes) -> str:
    """`csv` or `xlsx`, from what is in it. Raises LoadRefused."""
    if not data.strip():
        raise LoadRefused("empty")
    if len(data) > MOST_BYTES:
        raise LoadRefused("too_big")
    if data.startswith(_OLD_WORKBOOK):
        raise LoadRefused("old_excel")
    if data.startswith(_WORKBOOK):
        return "xlsx"
    if not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and _guessed_utf16(data) is None:
        start = data[:4096]
        if start.count(0) or start.startswith((b"%PDF", b"{\\rtf", b"<!DOCTYPE", b"<html")):
            raise LoadRefused("not_a_table")
    return "csv"


def encoding_of(data: bytes) -> str:
    """By the mark at its start, else what it can be read as."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _guessed_utf16(data):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _guessed_utf16(data: bytes) -> str | None:
    """Without a mark: Latin text has a zero in every second byte."""
    start = data[:2000]
    half = max(len(start) // 2, 1)
    if start[1::2].count(0) > half * 0.6 and not start[0::2].count(0):
        return "utf-16-le"
    if start[0::2].count(0) > half * 0.6 and not start[1::2].count(0):
        return "utf-16-be"
    return None


def delimiter_of(data: bytes, encoding: str) -> str:
    """The one that cuts the first rows into the same number of cells, and into the most."""
    lines = list(islice(_text(data, encoding), SAMPLE))

    def quality(delimiter: str) -> tuple[float, int]:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if any(row)]
        except csv.Error:
            return 0.0, 0
        if not widths:
            return 0.0, 0
        usual = max(set(widths), key=widths.count)
        return (widths.count(usual) / len(widths), usual) if usual > 1 else (0.0, 1)

    return max(DELIMITERS, key=quality)


def _text(data: bytes, encoding: str) -> Iterator[str]:
    codec = {"utf-8": "utf-8-sig", "utf-16": "utf-16"}.get(encoding, "cp1252")
    if codec == "utf-16" and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        codec = _guessed_utf16(data) or "utf-16-le"
    for line in io.TextIOWrapper(io.BytesIO(data), encoding=codec, errors="replace", newline=""):
        yield line.replace("\0", "")


def rows_of(data: bytes, form: Form) -> Iterator[Row]:
    """All rows that are not blank, the header among them. Raises LoadRefused, also on the way."""
    rows = _of_workbook(data, form.sheet) if form.kind == "xlsx" else _of_csv(data, form)
    for count, (line, cells) in enumerate(rows):
        if count > MOST_ROWS:
            raise LoadRefused("too_many_rows")
        if len(cells) > MOST_COLUMNS:
            raise LoadRefused("too_many_columns")
        yield line, cells


def _of_csv(data: bytes, form: Form) -> Iterator[Row]:
    reader = csv.reader(_text(data, form.encoding), delimiter=form.delimiter or ",")
    line = 1
    try:
        for row in reader:
            while row and not row[-1].strip():
                row.pop()
            if row:
                yield line, [each.strip()[:LONGEST_CELL] for each in row]
            line = reader.line_num + 1
            if line > MOST_LINES:
                raise LoadRefused("too_many_rows")
    except csv.Error as error:
        raise LoadRefused("quote") from error


def about_rows(data: bytes, form: Form) -> int:
    """How many rows there are to read, blank ones among them."""
    if form.kind == "csv":
        return data.count(b"\n") + (not data.rstrip(b"\0").endswith(b"\n"))
    return sum(1 for _ in _of_workbook(data, form.sheet))


def sheets_of(data: bytes) -> list[str]:
    """The names of a workbook's sheets. Raises LoadRefused for what is none, or unpacks to too much."""
    return list(_opened(data).sheet_names)


def _of_workbook(data: bytes, sheet: int) -> Iterator[Row]:
    book = _opened(data)
    if not 0 <= sheet < len(book.sheet_names):
        raise LoadRefused("not_a_workbook")
    try:
        found = book.get_sheet_by_index(sheet)
    except _not_readable() as error:
        raise LoadRefused("not_a_workbook") from error
    first = (found.start or (0, 0))[0] + 1
    for line, row in enumerate(found.iter_rows(), first):
        cells = [_cell(each) for each in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield line, cells


def _opened(data: bytes) -> Any:
    """Formulas are read as the values that they had when the file was saved."""
    # Slow to import, and only needed here.
    from python_calamine import CalamineWorkbook

    clean = measured(data)
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(clean))
    except _not_readable() as error:
        raise LoadRefused("not_a_workbook") from error


def _not_readable() -> tuple[type[Exception], ...]:
    from python_calamine import CalamineError  # see _opened

    return CalamineError, OSError, ValueError


def measured(data: bytes) -> bytes:
    """The workbook packed anew from the parts that are needed, each unpacked block by block and counted meanwhile.

    So the reader sees nothing that was not measured, whatever the archive said of itself. Raises LoadRefused.
    """
    clean = io.BytesIO()
    unpacked = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(clean, "w", zipfile.ZIP_STORED) as kept:
            parts = [part for part in archive.infolist() if part.filename.endswith((".xml", ".rels"))]
            if "xl/workbook.xml" not in {part.filename for part in parts}:
                raise LoadRefused("not_a_workbook")
            for part in parts:
                unpacked += part.file_size
                if unpacked > MOST_UNPACKED:
                    raise LoadRefused("unpacks_too_big")
                with archive.open(part) as opened, kept.open(part.filename, "w") as copy:
                    _copy(opened, copy, sheet="worksheets/" in part.filename)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error) as error:
        raise LoadRefused("not_a_workbook") from error
    return clean.getvalue()


def _copy(opened: IO[bytes], copy: IO[bytes], *, sheet: bool) -> None:
    """The reader keeps a sheet as a full rectangle: two cells in opposite corners would take all memory."""
    rest, rows, columns = b"", 1, 1
    while block := opened.read(_BLOCK):  # never more than the size that was added up
        copy.write(block)
        if not sheet:
            continue
        text = rest + block
        for found in _CELL.finditer(text):
            rows, columns = max(rows, int(found[2])), max(columns, _column(found[1]))
        rest = text[text.rfind(b"<") :][-1024:]
    if rows * columns > MOST_CELLS:
        raise LoadRefused("too_many_rows" if rows > MOST_ROWS else "too_many_columns")


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value.strip()[:LONGEST_CELL]
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return "" if value is None else str(value)


def _number(value: float) -> str:
    if not math.isfinite(value):
        return ""
    if value == int(value):
        return Plain(int(value))
    return Plain(format(Decimal(repr(round(value, 6))), "f"))  # 0.1 + 0.2 is not 0.30000000000000004
