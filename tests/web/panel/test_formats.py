"""How money and times are written for their reader."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from phonepay.web.panel import formats
from phonepay.web.panel.paging import Place, read_place

NOW = datetime(2026, 11, 23, 14, 32, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "currency", "language", "region", "written"),
    [
        (4250, "usd", "en", "US", "$42.50"),
        (-4250, "usd", "en", "US", "−$42.50"),
        (-123456789, "eur", "en", "US", "−€1,234,567.89"),
        (123456789, "eur", "es", "ES", "1.234.567,89\xa0€"),
        (4250, "jpy", "en", "US", "¥4,250"),
        (4250, "gbp", "en", "GB", "£42.50"),
    ],
)
def test_money(amount: int, currency: str, language: str, region: str, written: str) -> None:
    with translation.override(language):
        assert formats.money(amount, currency, region) == written


@pytest.mark.parametrize(
    ("back", "english", "spanish"),
    [
        (timedelta(0), "Today 14:32", "Hoy 14:32"),
        (timedelta(days=1), "Yesterday 14:32", "Ayer 14:32"),
        (timedelta(days=20), "Tue 3 Nov 14:32", "mar 3 nov 14:32"),
        (timedelta(days=385), "Mon 3 Nov 2025 14:32", "lun 3 nov 2025 14:32"),
    ],
)
def test_times(back: timedelta, english: str, spanish: str) -> None:
    with timezone.override(UTC):
        assert formats.moment(NOW - back, NOW) == english
        with translation.override("es"):
            assert formats.moment(NOW - back, NOW) == spanish


def test_today_is_a_day_of_the_clock_that_is_shown() -> None:
    late = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    with timezone.override(ZoneInfo("America/New_York")):
        assert formats.moment(late, late) == "Today 21:00"
        assert formats.day(date(2026, 11, 21), late) == "Yesterday"


def test_the_exact_time_has_its_zone() -> None:
    with timezone.override(ZoneInfo("America/New_York")):
        assert formats.exactly(NOW) == "Monday 23 November 2026, 09:32:00 Eastern Standard Time"


@given(st.datetimes(timezones=st.just(UTC)), st.text(alphabet="abcdef0123456789-", min_size=1))
def test_a_place_in_a_list_is_read_back(at: datetime, name: str) -> None:
    assert read_place(str(Place(at, name))) == Place(at, name)


@given(st.text())
def test_nonsense_is_the_top_of_the_list(text: str) -> None:
    place = read_place(text)
    assert place is None or place.at.tzinfo is not None
