"""`phonepay order load`: the panel's verbs, in the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from phonepay.orders.loading.models import Load, LoadPiece
from phonepay.orders.models import Order
from tests.cli.conftest import Command

pytestmark = pytest.mark.django_db

FILE = "Invoice,Total,Rest\n1042,42.50,1.00\n1043,18.00,2.00\n"


@pytest.fixture(autouse=True)
def a_line(phonepay: Command, db: None) -> None:
    phonepay("line", "set", "--behavior", "fixed-with-order", "--amount", "42.50")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_a_file_is_loaded(phonepay: Command, file: Path) -> None:
    printed = phonepay("order", "load", str(file))
    assert printed.code == 0 and "Loaded 2 orders." in printed.out
    assert sorted(Order.objects.values_list("number", "amount")) == [("1042", 4250), ("1043", 1800)]


def test_a_dry_run_changes_nothing_and_keeps_nothing(phonepay: Command, file: Path) -> None:
    printed = phonepay("order", "load", str(file), "--dry-run")
    assert "2 new" in printed.out and not Order.objects.exists() and not LoadPiece.objects.exists()


def test_a_column_can_be_named(phonepay: Command, file: Path) -> None:
    phonepay("order", "load", str(file), "--column", "amount=Rest")
    assert Order.objects.get(number="1042").amount == 100


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("--column", "amount=Sum"), 2, "There are: Invoice, Total, Rest."),
        (("--column", "price=Total"), 2, "There is no field price."),
        (("--currency", "xyz"), 1, "not a currency"),
    ],
)
def test_what_is_not_there_is_told(
    phonepay: Command, file: Path, words: tuple[str, ...], code: int, sentence: str
) -> None:
    printed = phonepay("order", "load", str(file), *words)
    assert printed.code == code and sentence in printed.err and not Order.objects.exists()


def test_errors_are_told_and_only_left_out_when_asked(phonepay: Command, file: Path) -> None:
    file.write_text(FILE + "1044,free,\n", encoding="utf-8")
    printed = phonepay("order", "load", str(file))
    assert printed.code == 1 and "line 4, amount 'free'" in printed.out and not Order.objects.exists()
    assert Load.objects.get().status == Load.Status.DISCARDED
    assert phonepay("order", "load", str(file), "--skip-errors").code == 0 and Order.objects.count() == 2


def test_unpaid_orders_are_changed_only_when_asked(phonepay: Command, file: Path) -> None:
    phonepay("order", "add", "1042", "1.00")
    phonepay("order", "load", str(file))
    assert Order.objects.get(number="1042").amount == 100
    assert phonepay("order", "load", str(file)).code == 1
    assert phonepay("order", "load", str(file), "--update").code == 0
    assert Order.objects.get(number="1042").amount == 4250


def test_a_file_that_is_not_there_is_told(phonepay: Command, tmp_path: Path) -> None:
    printed = phonepay("order", "load", str(tmp_path / "none.csv"))
    assert printed.code == 1 and "cannot be read" in printed.err
