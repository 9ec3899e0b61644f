"""The worker verifies the chain every day in slices; this machine notes its head beside the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from phonepay.events import audit_keys, sealing, watching
from phonepay.events.chain_models import ActivityCheck
from phonepay.events.heads import KeptHead
from phonepay.events.verifying import CHANGED, CUT_OFF, INSERTED, newest_head, verify
from tests.events.chain import LATER, NOW, fresh_key, recorded, sealed, sql

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def own_key() -> Iterator[None]:
    fresh_key()
    yield
    audit_keys.forget()


def watched(now: datetime = NOW) -> ActivityCheck:
    """Go round until the whole is verified."""
    for _ in range(100):
        if done := watching.run_due(now):
            return done
    raise AssertionError("it never ends")


def test_nothing_is_verified_where_nothing_is_sealed() -> None:
    recorded(1)
    assert watching.run_due(NOW) is None and ActivityCheck.objects.get().started_at is None


def test_the_whole_chain_is_verified_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "SLICE", 2)
    for each in range(5):
        sealed(2, NOW + timedelta(minutes=each))
    assert [watching.run_due(LATER) is not None for _ in range(4)] == [False, False, False, True]
    done = ActivityCheck.objects.get()
    assert (done.seals, done.events, done.breaks, done.finished_at) == (5, 10, [], LATER)


def test_a_break_in_any_slice_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "SLICE", 1)
    ids = [pk for each in range(3) for pk in sealed(2, NOW + timedelta(minutes=each))]
    sql("UPDATE events_event SET actor_name = 'Mallory' WHERE id IN (%s, %s)", ids[0], ids[5])
    found = watching.breaks_of(watched().breaks)
    assert [(each.kind, each.first) for each in found] == [(CHANGED, ids[0]), (CHANGED, ids[5])]


def test_that_something_was_put_among_them_is_known_by_the_count() -> None:
    sealed(3)
    sql(
        "INSERT INTO events_event (id, type, at, actor_kind, actor_id, actor_name, subject_kind, subject_id, source, "
        "data) VALUES (-5, 'order.added', '2026-11-26 12:00:00', 'system', '', '', 'order', '1', '', '{}')"
    )
    assert [each.kind for each in watching.breaks_of(watched().breaks)] == [INSERTED]


def test_it_is_done_once_a_day() -> None:
    sealed(2)
    watched(NOW)
    assert [watching.run_due(NOW + timedelta(hours=23)) for _ in range(3)] == [None, None, None]
    assert watched(NOW + timedelta(hours=24)).finished_at == NOW + timedelta(hours=24)


def test_the_head_is_noted_beside_the_database(tmp_path: Path) -> None:
    kept = KeptHead(tmp_path / "activity.head")
    sealed(2)
    kept.keep()
    assert kept.read() == newest_head() == sealing.newest_head() != ""
    sealed(2, LATER)
    kept.keep()
    assert kept.read() == newest_head()


def test_a_head_that_is_not_in_the_chain_any_more_is_never_replaced(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "activity.head"
    path.write_text("9:bcdf-ghjk-lmnp-qrst-bcdf-ghjk\n")
    sealed(2)
    kept = KeptHead(path)
    kept.keep()
    sealed(2, LATER)
    kept.keep()
    assert kept.read().startswith("9:")
    assert [each.getMessage()[:33] for each in caplog.records if each.levelname == "ERROR"] == [
        "the activity chain does not hold "
    ]


def test_an_end_that_is_cut_off_while_we_run_is_proven_by_the_head_that_was_kept_before(tmp_path: Path) -> None:
    kept = KeptHead(tmp_path / "activity.head")
    sealed(2)
    (first, *_rest) = sealed(2, LATER)
    kept.keep()
    noted = kept.read()
    sql("DELETE FROM events_event WHERE id >= %s", first)
    sql("DELETE FROM events_seal WHERE number > 1")
    for each in range(1, 3):
        sealed(2, LATER + timedelta(minutes=each))
        kept.keep()
    assert kept.read() == noted and [each.kind for each in verify(noted=[noted]).breaks][-1] == CUT_OFF


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    sealed(2)
    kept = KeptHead(tmp_path / "missing" / "activity.head")
    kept.keep()
    assert kept.read() == ""
