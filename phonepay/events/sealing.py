"""Sealing: shortly after events are committed, the worker puts them under the next link of a chain.

Nothing waits for it and nothing is locked: each event carries its own digest from the moment it is recorded, and of two
workers that make the same link the second is refused by the number. Events are sealed in the order in which they are
seen, not of their ids: an id that is missing below the highest may belong to a transaction that is still open, so it is
remembered for an hour and sealed when it comes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import struct
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from phonepay.events.audit_keys import Key, key_for_sealing
from phonepay.events.chain_models import Seal
from phonepay.events.digests import FIELDS, SIZE, code_of, read_digest
from phonepay.events.id_ranges import holes, without
from phonepay.events.models import Event

logger = logging.getLogger(__name__)

BATCH = 500
EVERY = timedelta(seconds=5)  # while there are few
# No transaction of ours lives so long: the database ends it (docs/timeouts.md).
LATE = timedelta(hours=1)
# In the place of a digest: nobody of ours has recorded this event.
FOREIGN = bytes(SIZE)
_ENTRY = struct.Struct(f">Q{SIZE}s")
_RANGES_AT_ONCE = 100

Gap = tuple[int, int, str]  # first, last, since when

_newest_head = ""  # that this process has made


class Entry(NamedTuple):
    event: int
    code: bytes


def run_due(now: datetime) -> int:
    """Seal what is there; returns how many events were sealed."""
    last = Seal.objects.defer("entries").order_by("-number").first()
    high = last.high if last else 0
    gaps = _open_gaps(last, now)
    found = _waiting(high, gaps)
    if not found:
        return 0
    if last and len(found) < BATCH and timedelta(0) <= now - last.sealed_at < EVERY:
        return 0
    key = key_for_sealing(now, high=_highest())
    entries = list(_entries(found, key, now))
    ids = [entry.event for entry in entries]
    seal = Seal(
        number=last.number + 1 if last else 1,
        key=key.number,
        sealed_at=now,
        high=max(high, ids[-1]),
        total=(last.total if last else 0) + len(entries),
        gaps=[*_left(gaps, ids), *_new_gaps(high, ids, key, now)],
        entries=packed(entries),
    )
    seal.link = link_of(seal, last.link if last else "", key.secret)
    try:
        with transaction.atomic():
            seal.save(force_insert=True)
    except IntegrityError:
        return 0  # another worker was first
    _note(seal, len(entries))
    return len(entries)


def newest_head() -> str:
    """The head of the last seal that this process made, as `12:bcdf-…`; "" before the first."""
    return _newest_head


def link_of(seal: Seal, before: str, secret: bytes) -> str:
    """The link over a seal and the link before it, in hexadecimal."""
    at = seal.sealed_at.astimezone(UTC).isoformat(timespec="microseconds")
    facts = [before, seal.number, seal.key, at, seal.high, seal.total, [list(gap) for gap in seal.gaps]]
    text = json.dumps(facts, separators=(",", ":")).encode("ascii")
    return hmac.digest(secret, text + b"\n" + bytes(seal.entries), hashlib.sha256).hex()


def packed(entries: Iterable[Entry]) -> bytes:
    return b"".join(_ENTRY.pack(*entry) for entry in entries)


def unpacked(entries: bytes | memoryview) -> list[Entry]:
    """The entries of a seal; what is not whole at the end is left out."""
    whole = len(entries) - len(entries) % _ENTRY.size
    return [Entry(*each) for each in _ENTRY.iter_unpack(bytes(entries)[:whole])]


def head_of(number: int, link: str) -> str:
    """A seal as people note it down: its number and the first letters of its link."""
    return f"{number}:{head_words(link)}"


def head_words(link: str) -> str:
    """A link as people note it down: 24 letters in groups of four. No digits, so that no log takes it for a card."""
    letters = link[:24].translate(str.maketrans("0123456789abcdef", "bcdfghjklmnpqrst"))
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def open_gaps(seal: Seal) -> list[Gap]:
    return [(int(first), int(last), str(since)) for first, last, since in seal.gaps]


def _note(seal: Seal, events: int) -> None:
    """Into the log, which others keep, and for the file beside the database."""
    global _newest_head  # noqa: PLW0603 - one per process
    _newest_head = head_of(seal.number, seal.link)
    logger.info("activity sealed", extra={"events": events, "head": _newest_head})


def _open_gaps(seal: Seal | None, now: datetime) -> list[Gap]:
    gaps = open_gaps(seal) if seal else []
    return [gap for gap in gaps if now - datetime.fromisoformat(gap[2]) < LATE]


def _waiting(high: int, gaps: Sequence[Gap]) -> list[tuple[int, str | None]]:
    """Id and digest of events that are not sealed yet, by id: the late ones, then the new."""
    late: list[tuple[int, str | None]] = []
    for start in range(0, len(gaps), _RANGES_AT_ONCE):
        wanted = Q()
        for first, last, _since in gaps[start : start + _RANGES_AT_ONCE]:
            wanted |= Q(pk__range=(first, last))
        late += Event.objects.filter(wanted).order_by("pk").values_list("pk", "digest")[:BATCH]
    new = Event.objects.filter(pk__gt=high).order_by("pk").values_list("pk", "digest")[:BATCH]
    return sorted(late)[:BATCH] + list(new)


def _entries(found: Sequence[tuple[int, str | None]], key: Key, now: datetime) -> Iterator[Entry]:
    adopted = [pk for pk, digest in found if digest is None and key.adopts(pk, now)]
    rows = Event.objects.filter(pk__in=adopted).values_list("pk", *FIELDS) if adopted else ()
    codes = {pk: code_of(facts, "", key.secret) for pk, *facts in rows}
    for pk, written in found:
        digest = read_digest(written)
        yield Entry(pk, digest.code if digest else codes.get(pk, FOREIGN))


def _left(gaps: Sequence[Gap], ids: Sequence[int]) -> Iterator[Gap]:
    for first, last, since in gaps:
        yield from ((a, b, since) for a, b in without(first, last, ids))


def _new_gaps(high: int, ids: Sequence[int], key: Key, now: datetime) -> Iterator[Gap]:
    """What is older than the key has been committed or never will be."""
    since = now.astimezone(UTC).isoformat()
    new = [identity for identity in ids if identity > high]
    yield from ((first, last, since) for first, last in holes(max(high, key.adopts_to), new))


def _highest() -> int:
    return Event.objects.aggregate(highest=Max("pk"))["highest"] or 0
