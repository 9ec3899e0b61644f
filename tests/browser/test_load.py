"""Loading a file of orders and taking an export, at the desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from phonepay.orders.models import Order
from phonepay.web.panel.load import views
from tests.browser.conftest import THEMES, WIDTHS, Visitor
from tests.orders.files import order
from tests.shop import Till
from tests.web.cast import a_day, person

LONG = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewiss"
ROWS = [
    "Invoice,Customer,Mobile,E-mail,Total,Deposit,Remarks",
    f"INV-2001,{LONG},+34 600 000 102,ana@example.com,99999.99,0,Call first",
    "INV-2002,Bo Lindqvist,(202) 555-0101,bo@example.com,42.50,10,",
    "INV-2003,Chidi Okafor,,,18.00,0,",
    "INV-2004,Dolores,,,free,0,",
    "INV-2005,Emeka,12,,18.00,0,4242 4242 4242 4242",
]


def file_of(folder: Path, rows: list[str]) -> str:
    path = folder / "orders of november.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_file_is_loaded(
    till: Till,
    visit: Callable[..., Visitor],
    width: str,
    theme: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert till.line.currency == "usd"
    order(till.shop, "INV-2003", 900)
    visitor = visit(person(), width=width, theme=theme)
    page = visitor.open("/orders/load")
    visitor.is_fine(f"load-upload-{width}-{theme}")
    page.get_by_label("File").set_input_files(file_of(tmp_path, ROWS))
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_label("Order number")).to_have_value("0")
    expect(page.get_by_label("Amount", exact=True)).to_have_value("4")
    visitor.is_fine(f"load-columns-{width}-{theme}")
    page.get_by_text("read it another way").click()
    visitor.is_fine(f"load-form-{width}-{theme}")
    page.get_by_role("button", name="Check the rows").click()
    expect(page.get_by_text("This cannot be read as an amount.")).to_be_visible()
    visitor.is_fine(f"load-check-{width}-{theme}")
    page.get_by_label("Leave out 2 rows").check()
    page.get_by_role("button", name="Load 2 and change 1").click()
    expect(page.get_by_role("heading", name="Loaded 2 orders")).to_be_visible()
    visitor.is_fine(f"load-done-{width}-{theme}")
    assert Order.objects.get(number="INV-2003").amount == 1800
    monkeypatch.setattr(views, "AT_ONCE_SECONDS", 0)
    page.get_by_role("link", name="Load another file").click()
    page.get_by_label("File").set_input_files(file_of(tmp_path, ["a,b", *(f"{n},42.50" for n in range(3_000))]))
    page.get_by_role("button", name="Upload").click()
    page.get_by_label("Order number").select_option("0")
    page.get_by_label("Amount", exact=True).select_option("1")
    page.get_by_role("button", name="Check the rows").click()
    expect(page.get_by_text("500 of about 3,000 rows")).to_be_visible()
    visitor.is_fine(f"load-reading-{width}-{theme}")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_list_is_exported(till: Till, visit: Callable[..., Visitor], width: str) -> None:
    a_day(till)
    visitor = visit(person(), width=width)
    page = visitor.open("/payments?kind=refund")
    page.get_by_text("Export these 2").click()
    visitor.is_fine(f"export-{width}")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    found: Any = download.value
    assert found.suggested_filename.startswith("payments-refunds-20")
    assert len(Path(found.path()).read_text(encoding="utf-8-sig").splitlines()) == 3
