"""A day in the search: as people write it, and as the panel shows it to them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.utils.translation import override

from phonepay.web.panel.search_days import read_day

pytestmark = pytest.mark.usefixtures("on_a_monday")


@pytest.fixture
def on_a_monday() -> object:
    with time_machine.travel(datetime(2026, 11, 23, 15, tzinfo=UTC), tick=False):
        yield


@pytest.mark.parametrize(
    "words",
    [
        "2026-11-03",
        "11/3/2026",
        "3.11.2026",
        "3 Nov",
        "3 nov 2026",
        "Nov 3",
        "November 3, 2026",
        "Tue 3 Nov",
        "3. November",
    ],
)
def test_it_is_read_in_each_usual_spelling(words: str) -> None:
    assert read_day(words, month_first=True) == date(2026, 11, 3)


def test_where_the_day_comes_first_it_is_read_first() -> None:
    assert read_day("3/11/2026", month_first=False) == date(2026, 11, 3)


def test_today_and_yesterday_are_days() -> None:
    assert read_day("today", month_first=True) == date(2026, 11, 23)
    assert read_day("Yesterday", month_first=True) == date(2026, 11, 22)


def test_without_its_year_it_is_the_latest_such_day() -> None:
    assert read_day("24 Nov", month_first=True) == date(2025, 11, 24)


@pytest.mark.parametrize("words", ["3 nov", "mar 3 nov", "3 de noviembre de 2026"])
def test_a_reader_of_spanish_writes_spanish_months(words: str) -> None:
    with override("es"):
        assert read_day(words, month_first=False) == date(2026, 11, 3)


@pytest.mark.parametrize("words", ["31 Feb", "2026-13-01", "30.2.2026", "Ana Ruiz", "42.50", "order 12", "3 mo"])
def test_what_is_no_day_is_none(words: str) -> None:
    assert read_day(words, month_first=True) is None
