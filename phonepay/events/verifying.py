"""Verifying the chain: what was changed, removed, added or exchanged in Activity since it was written, each by its id.

Memory stays bounded: one seal at a time, ids as ranges, and no more than MOST breaks by name. Without the encryption
key nothing can be verified, and with it nobody needs to be trusted but the machine that holds it.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from phonepay.events.audit_keys import Key, readable
from phonepay.events.chain_models import Seal
from phonepay.events.digests import FIELDS, code_of, read_digest
from phonepay.events.id_ranges import IdRanges
from phonepay.events.models import Event
from phonepay.events.sealing import FOREIGN, Entry, head_of, link_of, open_gaps, unpacked

CHANGED, REMOVED, INSERTED, EXCHANGED = "changed", "removed", "inserted", "exchanged"
SEAL_CHANGED, SEALS_MISSING, NO_KEY, CUT_OFF = "seal_changed", "seals_missing", "no_key", "cut_off"
MOST = 100
_SEALS_AT_ONCE = 20
_IDS_AT_ONCE = 10_000

Row = tuple[str | None, Sequence[Any]]  # digest, facts


@dataclass(frozen=True, slots=True)
class Break:
    """One thing that is not as it was written. `first` and `last` are ids of events, for seals their numbers."""

    kind: str
    first: int
    last: int
    about: str = ""  # the event as it stands now: its type and its time

    def as_json(self) -> list[Any]:
        return [self.kind, self.first, self.last, self.about]


@dataclass
class Report:
    """`waiting` events are recorded and not sealed yet; `more` breaks were found beyond those that are named."""

    seals: int = 0
    events: int = 0
    waiting: int = 0
    link: str = ""
    sealed_at: datetime | None = None
    breaks: list[Break] = field(default_factory=list)
    more: int = 0

    @property
    def whole(self) -> bool:
        return not self.breaks

    @property
    def head(self) -> str:
        """The last seal as people note it down, as `12:bcdf-…`; "" where there is none."""
        return head_of(self.seals, self.link) if self.seals else ""

    def add(self, found: Break) -> None:
        if len(self.breaks) < MOST:
            self.breaks.append(found)
        else:
            self.more += 1


def verify(*, noted: Sequence[str] = (), progress: Callable[[int], None] = lambda events: None) -> Report:
    """Verify all of it. `noted` are heads that were noted down before: each must still be in the chain."""
    report, keys, sealed = Report(), readable(), IdRanges()
    last: Seal | None = None
    for last in seals_after(0):
        look_at(last, keys, report, sealed)
        progress(report.events)
    for found in _unsealed(last, keys, sealed, report):
        report.add(found)
    for head in noted:
        if not is_in_chain(head):
            report.add(Break(CUT_OFF, _number(head), report.seals, head))
    return report


def seals_after(number: int) -> Iterator[Seal]:
    """All seals above a number, in their order, some at a time: an entry list is 20 kB."""
    while seals := list(Seal.objects.filter(number__gt=number).order_by("number")[:_SEALS_AT_ONCE]):
        yield from seals
        number = seals[-1].number


def look_at(seal: Seal, keys: dict[int, Key], report: Report, sealed: IdRanges) -> None:
    """The next seal and its events, into the report, which says which seal was looked at before."""
    if seal.number != report.seals + 1:
        report.add(Break(SEALS_MISSING, report.seals + 1, seal.number - 1))
    entries, key = unpacked(seal.entries), keys.get(seal.key)
    if key is None:
        report.add(Break(NO_KEY, seal.number, seal.number))
    elif not hmac.compare_digest(link_of(seal, report.link, key.secret), seal.link):
        report.add(Break(SEAL_CHANGED, seal.number, seal.number))
    rows = _rows([entry.event for entry in entries])
    for entry in entries:
        sealed.add(entry.event)
        for found in _look_at_entry(entry, rows.get(entry.event), seal.key, keys):
            report.add(found)
    report.seals, report.link, report.sealed_at = seal.number, seal.link, seal.sealed_at
    report.events += len(entries)


def loose(last: Seal) -> int:
    """How many events stand among the sealed ones and are under no seal; less than 0 where some are missing."""
    among = Event.objects.filter(pk__lte=last.high)
    late = sum(among.filter(pk__range=(first, until)).count() for first, until, _since in open_gaps(last))
    return among.count() - late - last.total


def is_genuine(event: Event) -> bool:
    """Whether an event is one that this installation has recorded as it stands."""
    digest = read_digest(event.digest)
    key = readable().get(digest.key) if digest else None
    facts = [getattr(event, name) for name in FIELDS]
    return bool(digest and key and hmac.compare_digest(code_of(facts, digest.salt, key.secret), digest.code))


def is_in_chain(head: str) -> bool:
    """Whether a head that was noted down, as `12:bcdf-…`, is the head of that seal."""
    link = Seal.objects.filter(number=_number(head)).values_list("link", flat=True).first()
    return link is not None and head_of(_number(head), link) == head.strip()


def newest_head() -> str:
    """The head of the chain as it stands, "" where nothing is sealed yet."""
    last = Seal.objects.order_by("-number").values_list("number", "link").first()
    return head_of(*last) if last else ""


def _number(head: str) -> int:
    number = head.strip().partition(":")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0  # noqa: PLR2004 - 64 bits


def _rows(ids: Sequence[int]) -> dict[int, Row]:
    found = Event.objects.filter(pk__in=ids).values_list("pk", "digest", *FIELDS)
    return {pk: (digest, facts) for pk, digest, *facts in found}


def _look_at_entry(entry: Entry, row: Row | None, key: int, keys: dict[int, Key]) -> Iterator[Break]:
    if row is None:
        yield Break(REMOVED, entry.event, entry.event)
        return
    written, facts = row
    about = _about(facts)
    if entry.code == FOREIGN:
        yield Break(INSERTED, entry.event, entry.event, about)
        return
    digest = read_digest(written)
    if digest is None and written:
        yield Break(CHANGED, entry.event, entry.event, about)
        return
    known = keys.get(digest.key if digest else key)
    if known is None:
        return  # the seal says so
    code = code_of(facts, digest.salt if digest else "", known.secret)
    if digest and not hmac.compare_digest(digest.code, entry.code) and hmac.compare_digest(code, digest.code):
        yield Break(EXCHANGED, entry.event, entry.event, about)
    elif not hmac.compare_digest(code, entry.code):
        yield Break(CHANGED, entry.event, entry.event, about)


def _unsealed(last: Seal | None, keys: dict[int, Key], sealed: IdRanges, report: Report) -> Iterator[Break]:
    """Events that no seal has: new ones, late ones, and those that nobody of ours has put there."""
    high = last.high if last else 0
    late = IdRanges(sorted((first, until) for first, until, _since in open_gaps(last))) if last else IdRanges()
    for ids in _ids():
        loose = [pk for pk in ids if pk not in sealed]
        for pk, (written, facts) in sorted(_rows(loose).items()):
            if pk <= high and pk not in late:
                yield Break(INSERTED, pk, pk, _about(facts))
                continue
            report.waiting += 1
            digest = read_digest(written)
            known = keys.get(digest.key) if digest else None
            if written and (digest is None or (known and code_of(facts, digest.salt, known.secret) != digest.code)):
                yield Break(CHANGED, pk, pk, _about(facts))


def _ids() -> Iterator[list[int]]:
    rows = Event.objects.order_by("pk").values_list("pk", flat=True)
    ids = list(rows[:_IDS_AT_ONCE])
    while ids:
        yield ids
        ids = list(rows.filter(pk__gt=ids[-1])[:_IDS_AT_ONCE])


def _about(facts: Sequence[Any]) -> str:
    happened, at, *_rest = facts
    return f"{happened}, {at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
