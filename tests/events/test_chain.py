"""The chain of Activity: what somebody does to the rows behind our back is found, and named by its id."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.db import IntegrityError, models, transaction
from pytest_django.fixtures import Settings

from phonepay.events import audit_keys, sealing
from phonepay.events.chain_models import AuditKey, Seal
from phonepay.events.digests import FIELDS, digest_of
from phonepay.events.models import Event
from phonepay.events.verifying import (
    CHANGED,
    CUT_OFF,
    EXCHANGED,
    INSERTED,
    NO_KEY,
    REMOVED,
    SEAL_CHANGED,
    SEALS_MISSING,
    verify,
)
from tests.events.chain import LATER, NOW, fresh_key, recorded, sealed, sql

pytestmark = [pytest.mark.django_db, pytest.mark.database]

COLUMNS = "type, at, actor_kind, actor_id, actor_name, subject_kind, subject_id, source, data"


@pytest.fixture(autouse=True)
def own_key() -> Iterator[None]:
    fresh_key()
    yield
    audit_keys.forget()


def copied(of: int, to: int, digest: str = "NULL") -> None:
    sql(
        f"INSERT INTO events_event (id, {COLUMNS}, digest) "  # noqa: S608 - names of our own
        f"SELECT %s, {COLUMNS}, {digest} FROM events_event WHERE id = %s",
        to,
        of,
    )


def breaks() -> list[tuple[str, int, int]]:
    return [(each.kind, each.first, each.last) for each in verify().breaks]


def test_what_nobody_touched_is_whole() -> None:
    sealed(6)
    sealed(3, LATER)
    recorded(2)
    report = verify()
    assert (report.whole, report.seals, report.events, report.waiting) == (True, 2, 9, 2)
    assert report.head.startswith("2:")


@pytest.mark.parametrize(
    "change",
    [
        "type = 'order.eaten'", "at = '2020-01-01 00:00:00'", "actor_kind = 'person'", "actor_id = '7'",
        "actor_name = 'Mallory'", "subject_kind = 'line'", "subject_id = '99'", "source = 'terminal'", "data = '{}'",
        "digest = NULL", "digest = 'nonsense'", "digest = '1.00.00'",
    ],
)  # fmt: skip
@pytest.mark.parametrize("is_sealed", [True, False], ids=["sealed", "not sealed yet"])
def test_a_changed_row_is_named(change: str, is_sealed: bool) -> None:
    ids = sealed() if is_sealed else recorded(6)
    sql(f"UPDATE events_event SET {change} WHERE id = %s", ids[2])  # noqa: S608 - the test's own words
    if not is_sealed:
        sealing.run_due(NOW)
    # Before it is sealed, a row without its digest cannot be told from one that was put there.
    kind = INSERTED if change.startswith("digest") and not is_sealed else CHANGED
    assert breaks() == [(kind, ids[2], ids[2])]


def test_a_removed_row_is_named() -> None:
    ids = sealed()
    sql("DELETE FROM events_event WHERE id IN (%s, %s)", ids[1], ids[5])
    assert breaks() == [(REMOVED, ids[1], ids[1]), (REMOVED, ids[5], ids[5])]


@pytest.mark.parametrize("after", [False, True], ids=["among the sealed", "after them"])
def test_an_inserted_row_is_named(after: bool) -> None:
    first = sealed(3)
    sql("DELETE FROM events_event WHERE id = %s", first[1])  # an id below the others that is free
    place = first[2] + 1 if after else first[1]
    copied(first[0], place)
    sealing.run_due(LATER)
    kind = INSERTED if after else CHANGED
    assert (kind, place, place) in breaks()


def test_a_row_inserted_where_no_event_ever_was_is_named() -> None:
    ids = sealed(3)
    copied(ids[0], -7)
    assert breaks() == [(INSERTED, -7, -7)]


def test_a_copied_digest_is_refused_by_the_database() -> None:
    ids = sealed(3)
    with pytest.raises(IntegrityError), transaction.atomic():
        copied(ids[0], ids[2] + 1, digest="digest")


def test_exchanged_rows_are_named() -> None:
    first, second, third = sealed(3)
    for before, after in ((first, -1), (third, first), (-1, third)):
        sql("UPDATE events_event SET id = %s WHERE id = %s", after, before)
    assert breaks() == [(EXCHANGED, first, first), (EXCHANGED, third, third)]
    assert second not in {each.first for each in verify().breaks}


def test_a_changed_seal_is_named() -> None:
    ids = sealed(3)
    sealed(3, LATER)
    kept = Seal.objects.get(number=1)
    forged = sealing.packed(sealing.unpacked(kept.entries)[:-1])
    sql("UPDATE events_seal SET entries = %s, total = 2 WHERE number = 1", forged)
    sql("DELETE FROM events_event WHERE id = %s", ids[2])
    assert breaks() == [(SEAL_CHANGED, 1, 1)]


def test_a_removed_seal_is_named_and_so_is_what_is_loose_now() -> None:
    ids = sealed(2)
    sealed(2, LATER)
    sql("DELETE FROM events_seal WHERE number = 1")
    found = breaks()
    assert found[:2] == [(SEALS_MISSING, 1, 1), (SEAL_CHANGED, 2, 2)]
    assert {(INSERTED, each, each) for each in ids} <= set(found)


def test_what_was_cut_off_at_the_end_is_found_by_a_head_that_was_noted() -> None:
    sealed(2)
    ids = sealed(2, LATER)
    noted = verify().head
    assert verify(noted=[noted]).whole
    sql("DELETE FROM events_seal WHERE number = 2")
    sql("DELETE FROM events_event WHERE id >= %s", ids[0])
    assert verify().whole, "by the database alone it cannot be known"
    assert [each.kind for each in verify(noted=[noted]).breaks] == [CUT_OFF]


@pytest.mark.parametrize("head", ["", "x", "1", "1:", "0:bcdf", "²:bcdf", "9" * 40 + ":bcdf"])
def test_a_head_that_is_none_is_not_in_the_chain(head: str) -> None:
    sealed(2)
    assert [each.kind for each in verify(noted=[head]).breaks] == [CUT_OFF]


def test_a_transaction_that_commits_late_is_sealed_when_it_comes() -> None:
    ids = recorded(5)
    late = Event.objects.get(pk=ids[1])
    sql("DELETE FROM events_event WHERE id = %s", ids[1])  # as it is seen before the commit
    assert sealing.run_due(NOW) == 4
    assert verify().whole
    late._state.adding = True
    late.save(force_insert=True)
    assert verify().waiting == 1
    assert sealing.run_due(LATER) == 1
    assert (verify().whole, verify().events) == (True, 5)


def test_an_id_that_never_came_is_closed_after_an_hour() -> None:
    ids = recorded(3)
    sql("DELETE FROM events_event WHERE id = %s", ids[1])  # rolled back
    sealing.run_due(NOW)
    recorded(1)
    sealing.run_due(NOW + timedelta(hours=2))
    assert Seal.objects.latest("number").gaps == []
    copied(ids[0], ids[1])
    assert breaks() == [(INSERTED, ids[1], ids[1])]


def test_what_is_older_than_the_chain_is_adopted() -> None:
    ids = recorded(4)
    sql("UPDATE events_event SET digest = NULL")
    AuditKey.objects.all().delete()
    audit_keys.forget()
    audit_keys.key_for_sealing(NOW, high=ids[2])
    assert sealing.run_due(NOW + timedelta(days=2)) == 4
    assert breaks() == [(INSERTED, ids[3], ids[3])]
    sql("UPDATE events_event SET actor_name = 'Mallory' WHERE id = %s", ids[0])
    assert breaks() == [(CHANGED, ids[0], ids[0]), (INSERTED, ids[3], ids[3])]


def test_what_the_version_before_records_while_it_is_replaced_is_adopted() -> None:
    AuditKey.objects.all().delete()
    audit_keys.forget()
    audit_keys.key_for_sealing(NOW, high=0)
    recorded(2)
    sql("UPDATE events_event SET digest = NULL")
    sealing.run_due(NOW + timedelta(minutes=59))
    assert verify().whole


def test_two_workers_make_one_link(monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(2)
    waiting = sealing._waiting

    def overtaken(*asked: object) -> list[tuple[int, str | None]]:
        found = waiting(*asked)  # type: ignore[arg-type]  # what run_due gives
        monkeypatch.setattr(sealing, "_waiting", waiting)
        assert sealing.run_due(NOW) == 2
        return found

    monkeypatch.setattr(sealing, "_waiting", overtaken)
    assert sealing.run_due(NOW) == 0
    assert (verify().whole, verify().seals) == (True, 1)


def test_a_few_events_are_not_sealed_more_often_than_every_five_seconds() -> None:
    sealed(1)
    recorded(1)
    assert [sealing.run_due(NOW + timedelta(seconds=each)) for each in (0, 4, 5)] == [0, 0, 1]


def test_a_rotated_encryption_key_takes_nothing_away(settings: Settings) -> None:
    sealed(3)
    new = Fernet.generate_key().decode()
    settings.PHONEPAY_ENCRYPTION_KEYS = (new, *settings.PHONEPAY_ENCRYPTION_KEYS)
    assert audit_keys.rewrap() == 0
    settings.PHONEPAY_ENCRYPTION_KEYS = (new,)
    audit_keys.forget()
    sealed(2, LATER)
    assert (verify().whole, verify().events) == (True, 5)


def test_a_lost_encryption_key_is_told_and_a_new_chain_goes_on(settings: Settings) -> None:
    sealed(3)
    settings.PHONEPAY_ENCRYPTION_KEYS = (Fernet.generate_key().decode(),)
    audit_keys.forget()
    assert audit_keys.rewrap() == 1
    recorded(2)
    sealing.run_due(LATER)
    report = verify()
    assert [(each.kind, each.first) for each in report.breaks] == [(NO_KEY, 1)]
    assert Seal.objects.get(number=2).key == 2


def test_who_has_the_database_alone_cannot_put_a_key_of_their_own_in(settings: Settings) -> None:
    """A text that the installation has encrypted for them, as a file of orders, opens no key."""
    sealed(2)
    chosen = Fernet(settings.PHONEPAY_ENCRYPTION_KEYS[0]).encrypt(
        b'{"secret": "AAAA", "made_at": "2026-01-01T00:00:00+00:00", "adopts_to": 9}'
    )
    sql("UPDATE events_auditkey SET wrapped = %s", chosen.decode())
    assert [each.kind for each in verify().breaks] == [NO_KEY]


def test_an_event_is_recorded_even_where_there_is_no_key_yet() -> None:
    AuditKey.objects.all().delete()
    audit_keys.forget()
    ids = recorded(1)
    assert Event.objects.get(pk=ids[0]).digest is None


def many(count: int) -> None:
    """So many events at once, as they would be after years."""
    key = audit_keys.current()
    assert key is not None
    rows = [
        Event(type="order.edited", at=NOW, actor_kind="system", subject_kind="order", subject_id=f"{each}")
        for each in range(count)
    ]
    for row in rows:
        row.digest = str(digest_of([getattr(row, name) for name in FIELDS], key=key.number, secret=key.secret))
    models.QuerySet(Event).bulk_create(rows)
    now = NOW
    while sealing.run_due(now):
        now += timedelta(minutes=1)


def test_memory_does_not_grow_with_the_number_of_events() -> None:
    peaks = []
    for count in (2_500, 7_500):
        many(count)
        tracemalloc.start()
        assert verify().whole
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert verify().events == 10_000 and peaks[1] < peaks[0] * 1.5 + 500_000, peaks
