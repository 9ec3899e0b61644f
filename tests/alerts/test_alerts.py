"""An alert is raised once, counted, told ever more seldom, seen by a person, and over when it is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone, translation

from phonepay.alerts import notes
from phonepay.alerts.kinds import KINDS
from phonepay.alerts.models import Alert
from phonepay.alerts.operations import alert, close_quiet, forget_old, over, seen, told
from phonepay.alerts.pay_errors import PAY_ERRORS
from phonepay.alerts.words import MISSING, tell, title_of
from phonepay.events import types
from phonepay.events.models import Event
from phonepay.people.permissions import NotAllowed
from scripts.documentation.reference import errors_page
from tests.shop import AISHA, OLIVIA, together

NOW = timezone.now()


def later(**span: float) -> Any:
    return NOW + timedelta(**span)


def the_alert() -> Alert:
    return Alert.objects.get()


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_what_fails_in_many_places_at_once_is_one_alert_that_counts_them() -> None:
    assert together(*[lambda: alert(kind="voice_failed", now=NOW)] * 5) == [None] * 5
    assert the_alert().count == 5
    assert Event.objects.filter(type=types.ALERT_RAISED).count() == 1


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_several_workers_one_tells_it() -> None:
    alert(kind="voice_failed", now=NOW)
    rows = [the_alert() for _ in range(4)]
    assert sorted(together(*[lambda row=row: told(row=row, now=NOW) for row in rows])) == [False, False, False, True]


@pytest.mark.database
@pytest.mark.django_db
def test_it_may_be_raised_inside_a_transaction_and_goes_with_it() -> None:
    with transaction.atomic():
        alert(kind="hold", now=NOW)
        alert(kind="hold", now=NOW)
    assert the_alert().kind == "hold"


@pytest.mark.django_db
def test_another_key_is_another_alert() -> None:
    alert(kind="pay_error", key="64001", facts={"code": "64001"}, now=NOW)
    alert(kind="pay_error", key="64004", facts={"code": "64004"}, now=NOW)
    assert Alert.objects.filter(closed_at=None).count() == 2


@pytest.mark.django_db
def test_it_is_told_at_once_and_then_after_ever_longer_pauses() -> None:
    alert(kind="voice_failed", now=NOW)
    pauses = []
    for _ in range(6):
        row = the_alert()
        assert row.tell_at is not None
        at = row.tell_at
        alert(kind="voice_failed", now=at)
        row = the_alert()
        assert told(row=row, now=at)
        again = the_alert().tell_at
        assert again is not None
        pauses.append(again - at)
    assert pauses == sorted(pauses) and pauses[0] == timedelta(hours=1) and pauses[-1] == timedelta(days=1)


@pytest.mark.django_db
def test_what_happened_once_is_told_once_and_again_only_when_it_happens_again() -> None:
    alert(kind="voice_failed", now=NOW)
    assert told(row=the_alert(), now=NOW)
    assert not told(row=the_alert(), now=later(hours=1))
    assert the_alert().tell_at is None
    alert(kind="voice_failed", now=later(hours=3))
    assert the_alert().tell_at == later(hours=3) and told(row=the_alert(), now=later(hours=3))


@pytest.mark.django_db
def test_what_lasts_is_told_again_without_a_repeat() -> None:
    alert(kind="hold", now=NOW)
    assert told(row=the_alert(), now=NOW) and told(row=the_alert(), now=later(hours=1))


@pytest.mark.django_db
def test_a_repeat_is_not_told_before_its_pause_is_over() -> None:
    alert(kind="voice_failed", now=NOW)
    told(row=the_alert(), now=NOW)
    alert(kind="voice_failed", now=later(minutes=5))
    assert the_alert().tell_at == later(hours=1)


@pytest.mark.django_db
def test_what_strangers_can_cause_is_told_only_from_the_third_on() -> None:
    for _ in range(2):
        alert(kind="twilio_signature", now=NOW)
    assert the_alert().tell_at is None
    alert(kind="twilio_signature", now=NOW)
    assert the_alert().tell_at == NOW


@pytest.mark.django_db
def test_what_lasts_is_no_repeat_of_itself() -> None:
    for minute in range(9):
        alert(kind="hold", now=later(minutes=minute))
    assert (the_alert().count, the_alert().last_at) == (1, later(minutes=8))


@pytest.mark.django_db
def test_it_is_over_when_it_works_again_and_who_was_told_is_told_so() -> None:
    alert(kind="hold", now=NOW)
    told(row=the_alert(), now=NOW)
    assert over(kind="hold", now=later(minutes=9)) == 1
    assert (the_alert().ended, the_alert().tell_at) == ("over", later(minutes=19))
    assert over(kind="hold", now=later(minutes=9)) == 0


@pytest.mark.django_db
def test_the_end_of_what_nobody_was_told_of_is_told_to_nobody() -> None:
    alert(kind="hold", now=NOW)
    over(kind="hold", now=NOW)
    assert the_alert().tell_at is None


@pytest.mark.django_db
def test_the_next_time_is_an_alert_of_its_own() -> None:
    alert(kind="hold", now=NOW)
    over(kind="hold", key=None, now=NOW)
    alert(kind="hold", now=later(hours=1))
    assert Alert.objects.count() == 2 and Alert.objects.filter(closed_at=None).count() == 1


@pytest.mark.database
@pytest.mark.django_db
def test_what_comes_and_goes_is_the_same_alert_and_told_no_oftener() -> None:
    alert(kind="hold", now=NOW)
    told(row=the_alert(), now=NOW)
    over(kind="hold", now=later(minutes=5))
    alert(kind="hold", now=later(minutes=10))
    assert (the_alert().closed_at, the_alert().tell_at) == (None, later(hours=1))


@pytest.mark.django_db
def test_what_does_not_happen_again_is_over_by_itself() -> None:
    alert(kind="voice_failed", now=NOW)
    alert(kind="hold", now=NOW)
    assert close_quiet(now=later(hours=23)) == 0
    assert close_quiet(now=later(hours=25)) == 1
    assert Alert.objects.get(closed_at=None).kind == "hold"


@pytest.mark.django_db
def test_what_was_seen_is_told_again_only_when_it_goes_on_much_later() -> None:
    alert(kind="voice_failed", now=NOW)
    assert seen(row=the_alert(), by=OLIVIA, now=NOW)
    assert not seen(row=the_alert(), by=OLIVIA, now=NOW)
    alert(kind="voice_failed", now=later(hours=1))
    assert the_alert().seen_at == NOW and the_alert().tell_at is None
    alert(kind="voice_failed", now=later(hours=5))
    assert the_alert().seen_at is None and the_alert().tell_at == later(hours=5)


@pytest.mark.django_db
def test_an_auditor_settles_no_alert() -> None:
    alert(kind="hold", now=NOW)
    with pytest.raises(NotAllowed):
        seen(row=the_alert(), by=AISHA, now=NOW)


@pytest.mark.django_db
def test_what_was_noted_without_the_database_is_written_later_with_its_number() -> None:
    for _ in range(3):
        notes.note(kind="voice_failed", facts={"where": "input"})
    assert notes.flush(now=NOW) == 1 and notes.flush(now=NOW) == 0
    assert (the_alert().count, the_alert().facts) == (3, {"where": "input"})


def test_what_the_database_refuses_stays_noted() -> None:
    notes.note(kind="no such kind")
    with pytest.raises(KeyError):
        notes.flush(now=NOW)
    with pytest.raises(KeyError):
        notes.flush(now=NOW)
    notes.forget()


@pytest.mark.django_db
def test_nonsense_fills_no_memory() -> None:
    for number in range(10_000):
        notes.note(kind="pay_error", key=str(number))
    assert len(notes._noted) == notes.MOST
    notes.forget()


@pytest.mark.django_db
def test_an_old_one_is_forgotten_and_an_open_one_never() -> None:
    alert(kind="hold", now=NOW)
    alert(kind="books", now=NOW)
    over(kind="hold", now=NOW)
    assert forget_old(now=later(days=401)) == 1
    assert the_alert().kind == "books"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_sentence_breaks_where_a_fact_is_missing(kind: str, language: str) -> None:
    with translation.override(language):
        said = tell(Alert(kind=kind, facts={}))
    assert said.what and said.means and said.mend and said.button and title_of(kind)
    assert "%(" not in f"{said}"


@pytest.mark.parametrize("code", sorted(PAY_ERRORS))
def test_an_error_of_pay_is_told_by_name_with_its_mend(code: str) -> None:
    said = tell(Alert(kind="pay_error", facts={"code": code}))
    assert code in said.what and str(PAY_ERRORS[code].name) in said.what and said.mend == str(PAY_ERRORS[code].mend)


def test_money_and_times_are_told_as_people_read_them() -> None:
    facts = {"amount": 6000, "currency": "usd", "due_at": "2026-11-12T23:59:00+00:00", "payment": "7"}
    said = tell(Alert(kind="dispute", facts=facts))
    assert "$60.00" in said.what and "12 Nov" in said.what and said.url == "/"


def test_a_kind_of_a_newer_version_breaks_nothing() -> None:
    assert tell(Alert(kind="from the future", facts={})).what == MISSING


def test_the_page_of_errors_has_every_alert() -> None:
    page = errors_page()
    assert all(f"**{kind.title}.**" in page for kind in KINDS.values()) and "%(" not in page
