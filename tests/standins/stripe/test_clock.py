"""The stand-in's own time."""

import time

import pytest

from phonepay.standins.stripe.clock import Clock


def test_a_clock_with_a_moment_stands_still_until_it_is_turned() -> None:
    clock = Clock(1000)
    assert (clock.now(), clock.runs) == (1000, False)
    assert clock.advance(60) == clock.now() == 1060


def test_a_clock_without_one_runs_with_the_machine() -> None:
    clock = Clock()
    assert clock.runs and abs(clock.now() - time.time()) < 5
    assert clock.advance(86400) - time.time() > 86000


def test_a_running_clock_can_be_set() -> None:
    clock = Clock()
    clock.set(1000)
    assert 1000 <= clock.now() < 1010


def test_time_does_not_go_back() -> None:
    with pytest.raises(ValueError):
        Clock(1000).advance(-1)


def test_whoever_listens_hears_of_a_turn() -> None:
    heard = []
    clock = Clock(1000)
    clock.on_turn(lambda: heard.append(clock.now()))
    clock.advance(1)
    clock.set(2000)
    assert heard == [1001, 2000]
