"""Sessions that are over are forgotten, a batch at a time, and no other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from phonepay.people import retention

pytestmark = pytest.mark.django_db


def session(name: str, days: int) -> None:
    Session.objects.create(session_key=name, session_data="", expire_date=timezone.now() + timedelta(days=days))


def test_what_is_over_goes_and_what_is_not_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for name, days in {"a": -3, "b": -2, "c": -1, "d": 1}.items():
        session(name, days)
    assert [retention.run_due(timezone.now()) for _ in range(3)] == [2, 1, 0]
    assert [each.pk for each in Session.objects.all()] == ["d"]


def test_with_nothing_to_do_it_is_one_question(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        retention.run_due(timezone.now())
