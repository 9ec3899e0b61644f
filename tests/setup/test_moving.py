"""Where the data are kept: in the file, or taken along to a database that was tried first."""

from __future__ import annotations

import pytest

from phonepay.calls.models import Call
from phonepay.merchant.models import Line
from phonepay.people.permissions import NotAllowed
from phonepay.setup import moving
from phonepay.setup.refusals import StepRefused
from phonepay.setup.steps import DATABASE, facts_of
from tests.setup.conftest import NOW, OLIVIA, OSCAR


def move(url: str) -> None:
    moving.move(url=url, by=OLIVIA, now=NOW)


def test_the_data_stay_where_they_are() -> None:
    found = moving.stay_here(by=OLIVIA, now=NOW)
    assert not any(each.is_problem for each in found) and facts_of(DATABASE)["engine"]


@pytest.mark.parametrize("url", ["", "redis://here/0", "postgresql://127.0.0.1/", "postgresql://u:p@127.0.0.1:1/none"])
def test_a_database_that_cannot_be_used_is_refused_and_nothing_is_kept(url: str) -> None:
    with pytest.raises(StepRefused) as refused:
        move(url)
    assert refused.value.problems["address"] and "u:p" not in str(refused.value)
    assert not facts_of(DATABASE)


def test_while_there_are_calls_nothing_is_moved(line: Line) -> None:
    Call.objects.create(
        sid="CA" + "1" * 32, merchant=line.merchant, line=line, script={}, state={}, started_at=NOW, last_at=NOW
    )
    with pytest.raises(StepRefused, match="phonepay backup"):
        move("postgresql://u:p@127.0.0.1:1/none")


def test_what_was_taken_back_is_told_with_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "failure", lambda: "The rows could not be moved: the disk is full.")
    with pytest.raises(StepRefused, match="disk is full"):
        moving.arrived(by=OLIVIA, now=NOW)
    assert not facts_of(DATABASE)


def test_once_the_data_are_there_the_step_is_done() -> None:
    moving.arrived(by=OLIVIA, now=NOW)
    assert facts_of(DATABASE)


def test_an_operator_moves_nothing() -> None:
    with pytest.raises(NotAllowed):
        moving.move(url="postgresql://u:p@127.0.0.1:1/none", by=OSCAR, now=NOW)
