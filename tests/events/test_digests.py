"""A digest is of all that was recorded, and the same from memory as from each database."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.events.digests import FIELDS, code_of, digest_of, read_digest
from phonepay.events.id_ranges import IdRanges, holes, without
from phonepay.events.models import Event
from phonepay.events.sealing import Entry, head_words, packed, unpacked
from phonepay.lib.cards import looks_like_card_number, mask_long_digits

AT = datetime(2026, 11, 26, 12, 0, 0, 123456, tzinfo=UTC)
SECRET = b"s" * 32
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.floats(-60000, 60000, width=16) | TEXT,
    lambda each: st.lists(each, max_size=3) | st.dictionaries(TEXT, each, max_size=3),
    max_leaves=6,
)


def facts(**changed: Any) -> list[Any]:
    values: dict[str, Any] = dict.fromkeys(FIELDS, "x") | {"at": AT, "data": {"amount": 4250}}
    return [(values | changed)[name] for name in FIELDS]


@pytest.mark.parametrize("name", [name for name in FIELDS if name not in {"at", "data"}])
def test_every_field_is_under_it(name: str) -> None:
    assert code_of(facts(), "", SECRET) != code_of(facts(**{name: "y"}), "", SECRET)


def test_so_are_its_time_its_facts_its_random_part_and_the_secret() -> None:
    codes = {
        code_of(facts(), "", SECRET),
        code_of(facts(at=AT + timedelta(microseconds=1)), "", SECRET),
        code_of(facts(data={"amount": 4251}), "", SECRET),
        code_of(facts(), "1", SECRET),
        code_of(facts(), "", b"t" * 32),
    }
    assert len(codes) == 5


def test_no_part_flows_into_the_next() -> None:
    assert code_of(facts(actor_id="ab", actor_name="c"), "", SECRET) != code_of(
        facts(actor_id="a", actor_name="bc"), "", SECRET
    )


def test_the_same_moment_in_another_zone_is_the_same() -> None:
    there = AT.astimezone(timezone(timedelta(hours=-7)))
    assert code_of(facts(at=there), "", SECRET) == code_of(facts(), "", SECRET)


@pytest.mark.database
@pytest.mark.django_db
@given(data=st.dictionaries(TEXT, JSON, max_size=3))
def test_what_a_database_gives_back_has_the_same_digest(data: dict[str, Any]) -> None:
    event = Event.objects.create(
        type="order.added", at=AT, actor_kind="system", subject_kind="o", subject_id="1", data=data
    )
    written = [getattr(event, name) for name in FIELDS]
    event.refresh_from_db()
    assert code_of([getattr(event, name) for name in FIELDS], "", SECRET) == code_of(written, "", SECRET)


def test_a_digest_is_read_as_it_is_written() -> None:
    digest = digest_of(facts(), key=3, secret=SECRET)
    assert read_digest(str(digest)) == digest
    assert len(str(digest)) <= 100


@given(st.text(max_size=120))
def test_what_is_no_digest_is_none(text: str) -> None:
    found = read_digest(text)
    assert found is None or str(found) == text


@given(st.lists(st.tuples(st.integers(0, 2**63), st.binary(min_size=32, max_size=32))))
def test_entries_come_back_as_they_were_packed(entries: list[tuple[int, bytes]]) -> None:
    assert unpacked(packed(Entry(*each) for each in entries)) == entries
    assert unpacked(packed(Entry(*each) for each in entries) + b"half") == entries


@given(st.binary(min_size=32, max_size=32))
def test_a_head_is_never_taken_for_a_card_number(link: bytes) -> None:
    words = head_words(link.hex())
    assert mask_long_digits(words) == words and not looks_like_card_number(words)


@given(st.sets(st.integers(0, 60)))
def test_ranges_hold_what_was_added(ids: set[int]) -> None:
    ranges = IdRanges()
    for each in sorted(ids, key=lambda identity: identity * 37 % 61):
        ranges.add(each)
        ranges.add(each)
    assert {each for each in range(-1, 62) if each in ranges} == ids
    pairs = list(ranges)
    assert all(last + 1 < first for (_, last), (first, _) in itertools.pairwise(pairs))


@given(st.integers(0, 20), st.sets(st.integers(0, 60)))
def test_holes_are_what_is_not_there_below_the_last(low: int, ids: set[int]) -> None:
    found = {each for first, last in holes(low, sorted(ids)) for each in range(first, last + 1)}
    assert found == {each for each in range(low + 1, max(ids, default=0) + 1) if each not in ids}


@given(st.integers(0, 20), st.integers(0, 40), st.sets(st.integers(0, 60)))
def test_a_range_without_some_ids_is_the_rest_of_it(first: int, more: int, ids: set[int]) -> None:
    last = first + more
    found = {each for a, b in without(first, last, sorted(ids)) for each in range(a, b + 1)}
    assert found == set(range(first, last + 1)) - ids
