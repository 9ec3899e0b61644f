"""`phonepay protection`: what is held back, and letting somebody pay again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from phonepay.cli.main import main
from phonepay.protection.judging import Verdict
from phonepay.protection.measures import take, take_line_step
from phonepay.protection.models import Measure
from phonepay.protection.steps import ALL_WHYS, Step, Why
from phonepay.protection.words import why
from tests.shop import make_line, make_shop

Said = Callable[..., str]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    def run(*words: str) -> str:
        main([*words])
        told = capsys.readouterr()
        return told.out + told.err

    return run


def test_nothing_is_held_on_a_calm_day(said: Said) -> None:
    assert said("protection", "show") == "Nothing is held back: everybody who calls can pay.\n"


def test_what_is_held_is_listed_and_lifted_by_its_number(said: Said) -> None:
    line, now = make_line(make_shop()), timezone.now()
    verdict = Verdict(Step.REFUSED, Why.CARDS, 5, now + timedelta(days=1))
    row = take(line=line, kind="caller", key="a caller", verdict=verdict, call_sid="CA1", now=now)
    take_line_step(line=line, step=Step.GENERIC, why=Why.LINE_DECLINES, count=12, call_sid="", now=now)
    assert row is not None
    shown = said("protection", "show")
    assert f"{row.pk}: one caller: turned away\n    5 different cards declined in a day (call CA1)\n    until " in shown
    assert "line +12025550199: declines are told without their reason\n    12 cards declined of late" in shown
    assert "Done: this caller can pay again, and for 90 days nothing is held against it." in said(
        "protection", "lift", str(row.pk)
    )
    assert "has ended" in said("protection", "lift", str(row.pk))
    assert Measure.objects.get(kind="caller").step == Step.NONE


@pytest.mark.parametrize(
    ("behavior", "met"), [("fixed", "call again in five minutes"), ("fixed-with-order", "need an order")]
)
def test_what_callers_meet_is_said_as_the_line_has_it(said: Said, behavior: str, met: str) -> None:
    line = make_line(make_shop(), behavior=behavior)
    take_line_step(line=line, step=Step.ORDER, why=Why.STILL, count=4, call_sid="", now=timezone.now())
    assert met in said("protection", "show")


def test_every_reason_has_its_words() -> None:
    row = Measure(count=3)
    for row.why in set(ALL_WHYS) - {Why.AT_ONCE}:  # held against nobody
        assert why(row) != row.why


def test_a_number_that_there_is_not_is_said_so(said: Said) -> None:
    assert "There is nothing with the number 99." in said("protection", "lift", "99")
