"""`phonepay hold`."""

import pytest

from phonepay.payments import hold
from tests.cli.conftest import Command

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_is_put_shown_and_taken_off(phonepay: Command) -> None:
    assert "There is no hold" in phonepay("hold", "show").out
    assert phonepay("hold", "on", "--since", "2026-01-02T03:04+00:00").code == 0
    assert "since 2026-01-02 03:04 UTC" in phonepay("hold", "show").out
    assert phonepay("hold", "off", "--yes").code == 0
    assert not hold.is_held()


def test_it_is_not_taken_off_without_a_yes(phonepay: Command) -> None:
    phonepay("hold", "on", "--since", "2026-01-02T03:04+00:00")
    assert phonepay("hold", "off", typed="n").code == 1
    assert hold.is_held()


@pytest.mark.parametrize("written", ["yesterday", "2026-01-02T03:04", "2999-01-01T00:00+00:00"])
def test_a_time_that_cannot_be_meant_is_refused(phonepay: Command, written: str) -> None:
    assert phonepay("hold", "on", "--since", written).code == 2
    assert not hold.is_held()
