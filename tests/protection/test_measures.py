"""The verbs on a measure: taken once by whoever comes first, eased step by step, lifted by who may."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest
from django.utils import timezone

from phonepay.events.models import Event
from phonepay.merchant.models import Line
from phonepay.people.permissions import NotAllowed
from phonepay.protection.callers import HIDDEN, key_of
from phonepay.protection.judging import Verdict
from phonepay.protection.measures import LASTS, LONGEST, NothingToLift, ease, lasting, lift, take, take_line_step
from phonepay.protection.models import Measure
from phonepay.protection.steps import Step, Why
from tests.shop import AISHA, OLIVIA, make_line, make_shop, together

NOW = datetime.fromisoformat("2026-11-23T19:00:00+00:00")


@pytest.fixture
def line(transactional_db: None) -> Line:
    return make_line(make_shop())


def refused(line: Line, *, at: datetime = NOW, hours: int = 24, step: Step = Step.REFUSED) -> Measure | None:
    verdict = Verdict(step, Why.CARDS, 5, at + timedelta(hours=hours))
    return take(line=line, kind="caller", key="a caller", verdict=verdict, call_sid="CA1", now=at)


@pytest.mark.database
def test_two_processes_take_a_measure_once(line: Line) -> None:
    results = together(*[partial(refused, line)] * 4)
    assert not [each for each in results if isinstance(each, Exception)]
    assert Measure.objects.count() == 1
    assert Event.objects.filter(type="protection.step").count() == 1


@pytest.mark.database
def test_a_line_takes_a_step_once_however_many_see_the_need(line: Line) -> None:
    step = partial(take_line_step, line=line, step=Step.GENERIC, why=Why.LINE_DECLINES, count=12, call_sid="", now=NOW)
    results = together(*[step] * 4)
    assert not [each for each in results if isinstance(each, Exception)]
    assert Measure.objects.get().taken == 1


def test_a_further_step_is_taken_and_a_nearer_one_changes_nothing(line: Line) -> None:
    refused(line, step=Step.GENERIC, hours=1)
    refused(line, step=Step.REFUSED, hours=2)
    row = refused(line, step=Step.ORDER, hours=9)
    assert row is not None
    assert (row.step, row.until) == (Step.REFUSED, NOW + timedelta(hours=2))


def test_a_line_goes_down_one_step_at_a_time(line: Line) -> None:
    take_line_step(line=line, step=Step.ORDER, why=Why.LINE_DECLINES, count=12, call_sid="", now=NOW)
    assert ease(line=line, now=NOW) is None
    later = NOW + LASTS[Step.ORDER]
    row = ease(line=line, now=later)
    assert row is not None and row.step == Step.GENERIC
    row = ease(line=line, now=later + LASTS[Step.GENERIC])
    assert row is not None and row.step == Step.NONE


def test_a_step_that_is_taken_often_lasts_longer_and_never_for_ever() -> None:
    for step in LASTS:
        lengths = [lasting(step, taken) for taken in range(1, 200)]
        assert lengths == sorted(lengths)
        assert lengths[0] == LASTS[step] and lengths[-1] <= LONGEST


def test_an_auditor_cannot_lift_and_nothing_is_changed(line: Line) -> None:
    row = refused(line, at=timezone.now())
    assert row is not None
    with pytest.raises(NotAllowed):
        lift(measure=row, by=AISHA, now=timezone.now())
    assert Measure.objects.get().step == Step.REFUSED


def test_lifting_twice_says_that_it_was_over(line: Line) -> None:
    row = refused(line)
    assert row is not None
    lift(measure=row, by=OLIVIA, now=NOW)
    with pytest.raises(NothingToLift):
        lift(measure=row, by=OLIVIA, now=NOW)


def test_nothing_is_taken_against_who_is_trusted(line: Line) -> None:
    row = refused(line)
    assert row is not None
    lift(measure=row, by=OLIVIA, now=NOW)
    row = refused(line, at=NOW + timedelta(days=30))
    assert row is not None and row.step == Step.NONE
    row = refused(line, at=NOW + timedelta(days=91))
    assert row is not None and row.step == Step.REFUSED


def test_a_caller_is_kept_as_a_hash_that_needs_the_secret_key(settings: object) -> None:
    before = key_of("+12065550101")
    assert "2065550101" not in before
    assert before == key_of("+12065550101") != key_of("+12065550102")
    settings.SECRET_KEY = "another key of the tests, long enough to be one"  # type: ignore[attr-defined]
    assert key_of("+12065550101") != before


def test_all_who_hide_their_number_are_one() -> None:
    assert key_of("") == HIDDEN
