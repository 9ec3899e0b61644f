"""When a person answers: written by people, kept per weekday, looked at on the shop's clock."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.merchant.hours import DAYS, format_hours, is_open, parse_hours
from phonepay.merchant.lines import person_is_open
from phonepay.merchant.models import Line, Merchant


def test_days_and_hours_are_kept_per_weekday() -> None:
    assert parse_hours("mon-tue 09:00-17:00, sat 10:00-13:00") == {
        "0": [["09:00", "17:00"]],
        "1": [["09:00", "17:00"]],
        "5": [["10:00", "13:00"]],
    }


def test_always_is_no_hours_at_all() -> None:
    assert parse_hours("always") == {} and is_open({}, datetime(2026, 11, 23, 3))  # noqa: DTZ001 - the shop's own clock


def test_days_may_go_round_the_end_of_the_week() -> None:
    assert set(parse_hours("fri-mon 09:00-17:00")) == {"4", "5", "6", "0"}


def test_what_ends_after_midnight_goes_on_the_next_day() -> None:
    assert parse_hours("sun 22:00-02:00") == {"6": [["22:00", "24:00"]], "0": [["00:00", "02:00"]]}


@pytest.mark.parametrize(
    "text", ["mon", "mon 9-5", "mun 09:00-17:00", "mon 25:00-26:00", "mon 09:00-09:00", "mon 24:00-02:00"]
)
def test_what_is_no_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_hours(text)


minutes = st.integers(0, 23 * 60 + 59).map(lambda each: f"{each // 60:02}:{each % 60:02}")


@given(st.sampled_from(DAYS), minutes, minutes)
def test_hours_written_out_are_read_back_the_same(day: str, opens: str, closes: str) -> None:
    if opens == closes:
        return
    hours = parse_hours(f"{day} {opens}-{closes}")
    assert parse_hours(format_hours(hours)) == hours


@pytest.mark.parametrize(("minute", "is_there"), [(59, False), (0, True)])
def test_the_door_opens_to_the_minute_on_the_shops_clock(minute: int, is_there: bool) -> None:
    shop = Merchant(name="Harbor Garage", time_zone="America/New_York")
    line = Line(merchant=shop, person_number="+14155550143", person_hours=parse_hours("mon 09:00-17:00"))
    hour = 14 if is_there else 13  # five hours before UTC in November
    assert person_is_open(line, datetime(2026, 11, 23, hour, minute, tzinfo=UTC)) is is_there


def test_without_a_number_nobody_can_be_rung() -> None:
    line = Line(merchant=Merchant(name="Harbor Garage"), person_number="", person_hours={})
    assert not person_is_open(line, datetime(2026, 11, 23, 14, tzinfo=UTC))
