"""Files of orders of any content: read or refused with a reason, in bounded memory and time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from phonepay.lib.sheets import xlsx_parts
from phonepay.orders.loading import table
from phonepay.orders.loading.reasons import LoadRefused
from phonepay.people.models import Role
from tests.figures import quoted
from tests.fuzz.effort import Spent, examples, memory_below
from tests.shop import make_line, make_shop
from tests.web.cast import person, signed_in

ANY, THROUGH_THE_DOOR = 400, 60

HEADERS = ["Order", "Amount due", "Customer", "Phone", "Total", "=1+1", "", "\ufeffOrder", "Número"]
CELLS = [
    "1042", "42.50", "42,50", "1.234,56", "$ 42", "-1", "1e309", "NaN", "0" * 400, "=HYPERLINK(\"http://x\";\"y\")",
    "@SUM(A1)", "+1", "\t1", "\"", "'", "\x00", "\x1b[31m", "Ana Ruiz", "\u202eAna", "\U0001f4b3" * 50, "x" * 40_000,
    "4242 4242 4242 4242", "2026-11-26", "٣٤", "a\nb", "",
]  # fmt: skip
cells = st.sampled_from(CELLS) | st.text(max_size=20)
rows = st.lists(st.lists(cells, max_size=8), max_size=12)


@pytest.fixture
def spent() -> Iterator[Spent]:
    spent = Spent("files of orders")
    yield spent
    assert spent.is_bounded, f"{max(spent.seconds):.2f} s of processor time for one file"


def text_of(header: list[str], found: list[list[str]], delimiter: str, quoted_cells: bool) -> str:
    def written(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if quoted_cells else cell

    return "\r\n".join(delimiter.join(map(written, row)) for row in [header, *found])


def read(data: bytes) -> None:
    """As the product does: find out what it is, then all rows."""
    try:
        kind = table.kind_of(data)
        if kind == "xlsx":
            names = table.sheets_of(data)
            form = table.Form(kind, sheet=len(names) - 1)
        else:
            encoding = table.encoding_of(data)
            form = table.Form(kind, encoding, table.delimiter_of(data, encoding))
        for line, found in table.rows_of(data, form):
            assert line > 0 and len(found) <= table.MOST_COLUMNS
            assert all(len(cell) <= table.LONGEST_CELL for cell in found)
        table.about_rows(data, form)
    except LoadRefused as refused:
        assert str(refused)


def test_any_text_in_any_encoding_is_read_or_refused(spent: Spent) -> None:
    @examples(ANY)
    @given(
        header=st.lists(st.sampled_from(HEADERS), max_size=8),
        found=rows,
        delimiter=st.sampled_from([",", ";", "\t", "|", ":", "\x1f"]),
        encoding=st.sampled_from(
            ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32", "cp037"]
        ),
        quoted_cells=st.booleans(),
        cut=st.integers(0, 40),
        noise=st.binary(max_size=20),
    )
    def anything(
        header: list[str],
        found: list[list[str]],
        delimiter: str,
        encoding: str,
        quoted_cells: bool,
        cut: int,
        noise: bytes,
    ) -> None:
        data = text_of(header, found, delimiter, quoted_cells).encode(encoding, "replace")
        with spent.request():
            read(data[cut:] + noise)

    anything()


def workbook(sheet: str | bytes, *, more: dict[str, bytes] | None = None) -> bytes:
    """A workbook of our own writing with one part of it in another form."""
    made = io.BytesIO(b"".join(xlsx_parts(["Order", "Amount"], iter([[("1042", 4250)]]), title="Orders")))
    out = io.BytesIO()
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            data = source.read(part)
            if "worksheets/" in part.filename:
                data = sheet.encode() if isinstance(sheet, str) else sheet
            target.writestr(part.filename, (more or {}).pop(part.filename, data) if more else data)
        for name, data in (more or {}).items():
            target.writestr(name, data)
    return out.getvalue()


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
)
LAUGHS = (
    '<!DOCTYPE l [<!ENTITY l0 "lol">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)) + "]>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
BOMBS: dict[str, bytes] = {
    "a billion laughs": workbook(LAUGHS + SHEET % '<row r="1"><c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row>'),
    "an entity of a file": workbook(
        OUTSIDE + SHEET % '<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row>'
    ),
    "opposite corners": workbook(
        SHEET % '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    ),
    "a thousand columns": workbook(
        SHEET % ('<row r="1">' + "".join(f"<c><v>{n}</v></c>" for n in range(1_000)) + "</row>")
    ),
    "one huge cell": workbook(
        SHEET % f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 5_000_000}</t></is></c></row>'
    ),
    "it unpacks to much": workbook(b" " * 130_000_000),
    "formulas": workbook(SHEET % '<row r="1"><c r="A1"><f>WEBSERVICE("http://x")</f><v>7</v></c></row>'),
    "deep": workbook("<a>" * 100_000),
    "no XML": workbook(b"\x00\xff" * 100),
    "a path outside": workbook(SHEET % "", more={"../../../tmp/x.xml": b"<x/>", "/etc/x.xml": b"<x/>"}),
    "a column beyond all": workbook(SHEET % '<row r="999999999"><c r="ZZZ999999999"><v>1</v></c></row>'),
    "a number beyond all": workbook(SHEET % '<row r="1"><c r="A1"><v>1e999</v></c><c r="B1"><v>-1e308</v></c></row>'),
    "a zip in a zip": workbook(SHEET % "", more={"xl/worksheets/sheet9.xml": workbook(SHEET % "")}),
    "half of one": workbook(SHEET % "")[:600],
}


@pytest.mark.parametrize("data", BOMBS.values(), ids=list(BOMBS))
def test_a_workbook_that_is_a_bomb_is_refused_or_read_in_bounds(data: bytes) -> None:
    with memory_below(260):  # what is measured may be 120 MB unpacked, and is kept twice for a moment
        read(data)


TEXT_BOMBS: dict[str, bytes] = {
    "one huge cell": b"Order,Amount\n" + b"x" * 5_000_000,
    "an open quote": b'Order,Amount\n"' + b"1042,4\n" * 300_000,
    "thousands of columns": b",".join(b"c%d" % n for n in range(20_000)) + b"\n1,2\n",
    "thousands of delimiters": b"Order,Amount\n" + b"," * 2_000_000,
    "blank lines": b"Order,Amount\n" + b"\n" * 1_200_000,
    "zeros": b"Order,Amount\n" + b"\x00" * 1_000_000,
    "only quotes": b'"' * 1_000_000,
    "carriage returns": b"Order,Amount\r" * 20_000,
    "a mark and nothing": b"\xff\xfe",
    "half a letter of UTF-16": b"\xff\xfeO\x00r",
}


@pytest.mark.parametrize("data", TEXT_BOMBS.values(), ids=list(TEXT_BOMBS))
def test_a_text_that_is_a_bomb_is_refused_or_read_in_bounds(data: bytes) -> None:
    with memory_below(120):
        read(data)


@pytest.mark.django_db
def test_at_the_door_no_file_breaks_the_page(spent: Spent) -> None:
    make_line(make_shop())
    client = signed_in(person(Role.OPERATOR))
    client.raise_request_exception = False
    spoiled = st.sampled_from([data for data in BOMBS.values() if len(data) < 100_000])

    @examples(THROUGH_THE_DOOR)
    @given(
        found=rows,
        name=st.sampled_from(
            ["orders.csv", "../../x.csv", "a" * 300 + ".csv", "", "x.xlsx", "\u202evsc.exe", "a\x00b"]
        ),
        whole=st.none() | spoiled | st.binary(max_size=200),
        typed=st.fixed_dictionaries(
            {"step": st.sampled_from(["match", "form", "confirm", "discard", "x", ""])},
            optional={
                each: st.sampled_from(["0", "1", "-1", "9" * 30, "٣", "x", "usd", ".", ",", "\x00", "utf-8", ";"])
                for each in (
                    "number",
                    "amount",
                    "customer_name",
                    "currency",
                    "mark",
                    "sheet",
                    "encoding",
                    "delimiter",
                    "headed",
                )
            },
        ),
    )
    def anything(found: list[list[str]], name: str, whole: bytes | None, typed: dict[str, str]) -> None:
        data = whole if whole is not None else text_of(["Order", "Amount due"], found, ",", True).encode()
        with spent.request():
            answer = client.post("/orders/load", {"file": SimpleUploadedFile(name or "x", data)})
        assert answer.status_code in (200, 302)
        if answer.status_code == 302:
            page = answer.headers["Location"]
            for _ in range(2):
                with spent.request():
                    assert client.post(page, typed).status_code in (200, 302)
            assert client.get(page).status_code == 200
            assert b"".join(client.get(f"{page}/errors.csv"))

    anything()
    quoted("fuzz-files", ANY + THROUGH_THE_DOOR + len(BOMBS) + len(TEXT_BOMBS))


def test_without_signing_in_no_file_is_taken_in(db: None) -> None:
    answer = Client().post("/orders/load", {"file": SimpleUploadedFile("x.csv", b"a,b\n")})
    assert answer.headers["Location"].startswith("/sign-in")
