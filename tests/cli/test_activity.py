"""`phonepay activity` and what `phonepay check` says of the chain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from phonepay.alerts.models import Alert
from phonepay.events import audit_keys, sealing
from phonepay.events.models import Event
from phonepay.events.verifying import newest_head
from phonepay.setup import activity
from tests.cli.conftest import Command
from tests.events.chain import LATER, fresh_key, recorded, sealed, sql
from tests.shop import Till

pytestmark = pytest.mark.django_db

WAS_CHANGED = "is not as it was written"


@pytest.fixture(autouse=True)
def own_key(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.PHONEPAY_DATA_DIR = tmp_path
    fresh_key()
    yield
    audit_keys.forget()


def noted() -> None:
    """As the worker does after a round."""
    activity.kept_head().keep()


def test_what_nobody_touched_is_as_it_was_written(phonepay: Command) -> None:
    sealed(3)
    recorded(1)
    printed = phonepay("activity", "verify")
    assert printed.code == 0 and "3 entries under 1 seals, 1 not sealed yet." in printed.out
    assert "All as it was written." in printed.out


def test_what_was_changed_is_named_here_and_by_check(phonepay: Command, till: Till) -> None:
    ids = sealed(3)
    sql("UPDATE events_event SET actor_name = 'Mallory' WHERE id = %s", ids[1])
    sentence = f"Entry {ids[1]} of Activity (order.edited, 2026-11-26 12:00:00 UTC) {WAS_CHANGED}."
    printed = phonepay("activity", "verify")
    assert printed.code == 1 and sentence in printed.out
    assert sentence in phonepay("check").out


def test_what_was_cut_off_is_found_by_what_this_machine_noted(phonepay: Command, till: Till) -> None:
    sealed(2)
    ids = sealed(2, LATER)
    noted()
    sql("DELETE FROM events_seal WHERE number = 2")
    sql("DELETE FROM events_event WHERE id >= %s", ids[0])
    for words in (("activity", "verify"), ("check",)):
        assert "The end of Activity was cut off: seal 2:" in phonepay(*words).out


def test_a_head_that_somebody_noted_is_looked_for(phonepay: Command) -> None:
    sealed(2)
    head = phonepay("activity", "head").out.strip()
    assert head == newest_head()
    assert phonepay("activity", "verify", "--head", head).code == 0
    assert phonepay("activity", "verify", "--head", head.replace("1:", "7:")).code == 1


@pytest.mark.parametrize("written", ["xx", "1:bcdf", "412"])
def test_a_head_that_was_copied_badly_is_refused_and_no_alarm(phonepay: Command, written: str) -> None:
    sealed(1)
    printed = phonepay("activity", "verify", "--head", written)
    assert printed.code == 2 and "is no head" in printed.err and "cut off" not in printed.out


def test_a_break_that_was_accepted_is_no_problem_any_more(phonepay: Command) -> None:
    ids = sealed(3)
    sql("UPDATE events_event SET actor_name = 'Mallory' WHERE id = %s", ids[1])
    assert phonepay("activity", "accept", typed="n").code == 1
    assert phonepay("activity", "accept", typed="y").code == 0
    printed = phonepay("activity", "verify")
    assert printed.code == 0 and "1 break of Activity was accepted" in printed.out
    sql("UPDATE events_event SET actor_name = 'Mallory' WHERE id = %s", ids[2])
    assert phonepay("activity", "verify").code == 1


def test_who_writes_an_acceptance_into_the_database_is_not_believed(phonepay: Command) -> None:
    ids = sealed(3)
    sql("UPDATE events_event SET actor_name = 'Mallory' WHERE id = %s", ids[1])
    assert phonepay("activity", "accept", "--yes").code == 0
    sql("UPDATE events_event SET data = REPLACE(data, %s, %s)", f"Entry {ids[1]}", f"Entry {ids[2]}")
    sql("UPDATE events_event SET actor_name = 'Mallory' WHERE id = %s", ids[2])
    assert phonepay("activity", "verify").out.count(WAS_CHANGED) >= 2


def test_an_accepted_end_is_noted_anew(phonepay: Command) -> None:
    sealed(2)
    noted()
    sql("DELETE FROM events_seal")
    sql("DELETE FROM events_event")
    assert phonepay("activity", "accept", "--yes").code == 0
    assert phonepay("activity", "verify").code == 0


def test_many_breaks_are_counted_beyond_the_first_ten(phonepay: Command) -> None:
    sealed(40)
    sql("UPDATE events_event SET actor_name = 'Mallory'")
    out = phonepay("activity", "verify").out
    assert out.count(WAS_CHANGED) == 10 and "30 more entries of Activity" in out


def test_nothing_to_accept_is_said(phonepay: Command) -> None:
    sealed(2)
    assert "nothing to accept" in phonepay("activity", "accept").out
    assert Event.objects.count() == 2


def test_the_worker_raises_an_alert_and_takes_it_back() -> None:
    ids = sealed(3)
    sql("UPDATE events_event SET actor_name = 'Mallory' WHERE id = %s", ids[1])
    for _ in range(2):
        activity.run_due(LATER)
    alert = Alert.objects.get(kind="activity_broken", closed_at=None)
    assert alert.facts["count"] == 1 and WAS_CHANGED in alert.facts["first"]
    assert any(each.is_problem for each in activity.activity_findings(whole=False))
    sql("UPDATE events_event SET actor_name = 'Phone Pay' WHERE id = %s", ids[1])
    sealing.run_due(LATER)  # the alert's own events
    for _ in range(2):
        activity.run_due(LATER + timedelta(days=1))
    assert not Alert.objects.filter(kind="activity_broken", closed_at=None).exists()
    assert not any(each.is_problem for each in activity.activity_findings(whole=False))


def test_the_worker_raises_an_alert_of_an_end_that_was_cut_off() -> None:
    sealed(2)
    ids = sealed(2, LATER)
    noted()
    sql("DELETE FROM events_event WHERE id >= %s", ids[0])
    sql("DELETE FROM events_seal WHERE number > 1")
    for _ in range(5):
        activity.run_due(LATER)
    alert = Alert.objects.get(kind="activity_broken", closed_at=None)
    assert "was cut off" in alert.facts["first"]


def test_a_page_says_that_nothing_was_verified_yet() -> None:
    [finding] = activity.activity_findings(whole=False)
    assert "not been verified yet" in finding.what and not finding.is_problem
