"""Tables as spreadsheets open them, CSV and XLSX, made row by row: memory does not grow with the rows.

The XLSX is written by hand (ECMA-376, parts 1 and 2: six short parts and one line a row), so that its first bytes leave
at once. XlsxWriter needs the whole table in a file of its own first: ten seconds for 100,000 rows, a hundred for
a million, while a browser and every proxy before us see nothing.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from xml.sax.saxutils import escape  # nosec B406 - it writes, and parses nothing

Cell = str | int | Decimal | datetime | None  # a datetime is written as its own clock shows it
Chunk = Sequence[Sequence[Cell]]

MOST_ROWS = 1_048_576  # of one sheet; Excel opens no more

# What a spreadsheet takes for a formula (OWASP, "CSV Injection"), the wide forms of Asian keyboards among them.
_FORMULA = "=+-@＝＋－＠"
# Where the list separator is another than the comma (in Spanish, say), a cell of ours begins anew within a text.
_SEPARATES = frozenset(";\t\r\n")
_BEGINS = (*_FORMULA, "\t", "\r", "\n")
_BEFORE_FORMULA = re.compile(rf'(?<![\s";])[\s";]++(?=[{re.escape(_FORMULA)}])')
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet counts days on nobody's clock
_DAY_SECONDS = 86_400
_WIDEST_TEXT = 32_767


def plain_text(text: str) -> str:
    """A text that no spreadsheet takes for a formula, whatever separates its cells: an apostrophe stands before it."""
    text = _BEFORE_FORMULA.sub(lambda found: found[0] + ("'" if _SEPARATES & set(found[0]) else ""), text)
    return f"'{text}" if text.startswith(_BEGINS) or text.lstrip().startswith(_BEGINS) else text


def csv_parts(header: Sequence[str], chunks: Iterable[Chunk]) -> Iterator[bytes]:
    """RFC 4180 in UTF-8 with its mark, by which a spreadsheet knows it; one part for each chunk of rows."""
    buffer = io.StringIO()
    write = csv.writer(buffer).writerow
    write([plain_text(each) for each in header])
    yield b"\xef\xbb\xbf" + _taken(buffer)
    for chunk in chunks:
        for row in chunk:
            write([_csv_cell(cell) for cell in row])
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8", "replace")


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, str):
        return plain_text(cell)
    return str(cell)


class _Pipe(io.RawIOBase):
    """What the archive is written into, and taken from again."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        part = bytes(memoryview(data))  # type: ignore[arg-type]  # zipfile gives bytes
        self._parts.append(part)
        return len(part)

    def taken(self) -> bytes:
        found, self._parts = b"".join(self._parts), []
        return found


def xlsx_parts(header: Sequence[str], chunks: Iterable[Chunk], *, title: str = "Sheet") -> Iterator[bytes]:
    """A workbook: typed cells, texts as texts. More rows than a sheet can have go on in a further one."""
    pipe = _Pipe()
    rest = iter(chunks)
    left: Chunk = ()
    sheets = 0
    more = True
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        while more:
            sheets += 1
            more, rows = False, 1
            with archive.open(f"xl/worksheets/sheet{sheets}.xml", "w", force_zip64=True) as sheet:
                sheet.write(_sheet_begins(header))
                for chunk in _first(left, rest):
                    fitting, left = chunk[: MOST_ROWS - rows], chunk[MOST_ROWS - rows :]
                    sheet.write("".join(map(_xlsx_row, fitting)).encode("utf-8"))
                    rows += len(fitting)
                    yield pipe.taken()
                    if left:
                        more = True
                        break
                sheet.write(b"</sheetData></worksheet>")
        for name, text in _frame(sheets, title).items():
            archive.writestr(name, _XML + text)
    yield pipe.taken()


def _first(left: Chunk, rest: Iterator[Chunk]) -> Iterator[Chunk]:
    if left:
        yield left
    yield from rest


def _xlsx_row(row: Sequence[Cell]) -> str:
    return f"<row>{''.join(map(_xlsx_cell, row))}</row>"


def _xlsx_cell(cell: Cell) -> str:
    if cell is None or cell == "":
        return "<c/>"
    if isinstance(cell, str):
        return _text_cell(cell, _TEXT)
    if isinstance(cell, datetime):
        passed = cell.replace(tzinfo=None) - _EPOCH
        return f'<c s="{_MOMENT}"><v>{passed.days + passed.seconds / _DAY_SECONDS:.8f}</v></c>'
    style = _DECIMALS.get(-int(cell.as_tuple().exponent), _NUMBER) if isinstance(cell, Decimal) else _NUMBER
    return f'<c s="{style}"><v>{cell}</v></c>'


def _text_cell(text: str, style: int) -> str:
    kept = escape(_NOT_IN_XML.sub("\ufffd", text[:_WIDEST_TEXT]))
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{kept}</t></is></c>'


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

# Places in the list of formats below.
_NUMBER, _TEXT, _MOMENT, _HEAD = 0, 1, 2, 3
_DECIMALS = {0: 4, 2: 5, 3: 6}
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm:ss"/>'
    '<numFmt numFmtId="165" formatCode="0.000"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="7">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    # A text for good: what begins like a formula stays a text when the cell is edited.
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
    '<xf numFmtId="1" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="2" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def _sheet_begins(header: Sequence[str]) -> bytes:
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{max(len(word) + 3, 14)}" customWidth="1"/>'
        for place, word in enumerate(header, 1)
    )
    head = "".join(_text_cell(word, _HEAD) for word in header)
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData><row>{head}</row>"
    ).encode()


def _frame(sheets: int, title: str) -> dict[str, str]:
    """The parts around the sheets."""
    name = re.sub(r"[\[\]:*?/\\']", " ", title)[:28]
    numbers = range(1, sheets + 1)
    listed = "".join(
        f'<sheet name="{escape(name, {chr(34): "&quot;"})}{f" {n}" if n > 1 else ""}" sheetId="{n}" r:id="rId{n}"/>'
        for n in numbers
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    typed = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for n in numbers
    )
    return {
        "xl/styles.xml": _STYLES,
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">{related}'
            f'<Relationship Id="rId{sheets + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{typed}</Types>'
        ),
    }
