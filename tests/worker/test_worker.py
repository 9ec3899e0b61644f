"""The worker's rounds: every room gets its turn, an outage is waited out, a stop is heard."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import OperationalError

from phonepay.configuration.heartbeat import HEARTBEAT_FILE, Heartbeat
from phonepay.worker import ROOMS, run, run_once, work

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def does(count: int) -> Callable[[datetime], int]:
    return lambda now: count


def fails(error: Exception) -> Callable[[datetime], int]:
    def room(now: datetime) -> int:
        raise error

    return room


class Waits(threading.Event):
    """A stop that is set after so many pauses, and remembers how long each was to be: no second passes."""

    def __init__(self, pauses: int) -> None:
        super().__init__()
        self.left = pauses
        self.asked: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.asked.append(timeout)
        self.left -= 1
        if not self.left:
            self.set()
        return self.is_set()


def test_a_round_counts_what_all_rooms_did() -> None:
    assert run_once(NOW, (does(2), does(3))) == 5


def test_the_products_own_rooms_have_nothing_to_do_in_an_empty_database() -> None:
    assert run_once(NOW) == 0


def test_a_fault_in_one_room_does_not_keep_the_next_from_its_turn() -> None:
    assert run_once(NOW, (fails(KeyError("x")), does(3))) == 3


def test_an_outage_is_told_after_every_room_had_its_turn() -> None:
    had_turns: list[datetime] = []

    def last(now: datetime) -> int:
        had_turns.append(now)
        return 0

    with pytest.raises(OperationalError):
        run_once(NOW, (fails(OperationalError("away")), last))
    assert had_turns == [NOW]


def test_it_waits_a_second_when_nothing_was_due() -> None:
    stop = Waits(1)
    run(stop, beat=lambda now: None, rooms=(does(0),))
    assert stop.asked == [1.0]


def test_it_goes_on_at_once_while_there_is_work() -> None:
    work = iter([2, 1, 0])
    stop = Waits(1)
    run(stop, beat=lambda now: None, rooms=(lambda now: next(work),))
    assert stop.asked == [1.0] and next(work, None) is None


def test_it_comes_ever_less_often_while_the_database_is_away() -> None:
    stop = Waits(7)
    run(stop, beat=lambda now: None, rooms=(fails(OperationalError("away")),))
    assert stop.asked == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]


def test_it_comes_as_before_when_the_database_is_back() -> None:
    answers = iter([OperationalError("away"), 0, OperationalError("away")])

    def room(now: datetime) -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    stop = Waits(3)
    run(stop, beat=lambda now: None, rooms=(room,))
    assert stop.asked == [1.0, 1.0, 1.0]


def test_only_a_round_that_went_well_beats() -> None:
    beats: list[datetime] = []
    run(Waits(2), beat=beats.append, rooms=(fails(OperationalError("away")),))
    assert beats == []


def test_a_stop_ends_it_before_the_next_round() -> None:
    stop = threading.Event()
    stop.set()
    run(stop, beat=lambda now: None, rooms=(fails(AssertionError("it went on")),))


def test_a_beat_that_the_database_does_not_take_is_like_a_round_that_failed() -> None:
    stop = Waits(1)

    def beat(now: datetime) -> None:
        raise OperationalError("away")

    run(stop, beat=beat, rooms=(lambda now: 1,))
    assert stop.asked == [1.0]


def test_the_heartbeat_is_read_back(tmp_path: Path) -> None:
    heart = Heartbeat(tmp_path / HEARTBEAT_FILE)
    heart.beat(NOW)
    assert heart.last() == NOW


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    heart = Heartbeat(tmp_path / "gone" / HEARTBEAT_FILE)
    heart.beat(NOW)
    assert heart.last() is None


def test_a_mail_server_that_hangs_keeps_no_charge_from_its_turn() -> None:
    hangs, answers, stop = threading.Event(), threading.Event(), threading.Event()
    rounds: list[datetime] = []

    def letters(_now: datetime) -> int:
        hangs.set()
        answers.wait(30)
        return 0

    def money(now: datetime) -> int:
        assert hangs.wait(30)
        rounds.append(now)
        if len(rounds) == 3:  # as many as it likes, while the letter hangs
            assert not answers.is_set()
            answers.set()
            stop.set()
        return 1

    work(stop, beat=lambda now: None, rooms=(money,), letters=(letters,))
    assert len(rounds) == 3


def test_told_to_end_it_waits_for_the_letter_in_hand() -> None:
    stop, sent = threading.Event(), threading.Event()
    begun = threading.Event()

    def letters(_now: datetime) -> int:
        begun.set()
        assert stop.wait(30)
        sent.set()
        return 0

    def money(_now: datetime) -> int:
        assert begun.wait(30)
        stop.set()
        return 0

    work(stop, beat=lambda now: None, rooms=(money,), letters=(letters,))
    assert sent.is_set()


def test_no_room_of_the_money_writes_letters() -> None:
    assert not [room for room in ROOMS if "notifications" in room.__module__]
