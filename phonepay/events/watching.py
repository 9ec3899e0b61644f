"""The worker verifies the whole chain every day, a slice a round, so that a break is found without anybody's asking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from phonepay.events.audit_keys import readable
from phonepay.events.chain_models import ActivityCheck, Seal
from phonepay.events.id_ranges import IdRanges
from phonepay.events.verifying import INSERTED, MOST, REMOVED, Break, Report, look_at, loose

EVERY = timedelta(days=1)
SLICE = 10  # seals: 5,000 events at most


def last_check() -> ActivityCheck | None:
    return ActivityCheck.objects.order_by("pk").first()


def breaks_of(kept: Sequence[Sequence[object]]) -> list[Break]:
    """The breaks of a check as its row keeps them."""
    return [Break(str(kind), int(str(first)), int(str(last)), str(about)) for kind, first, last, about in kept]


def run_due(now: datetime) -> ActivityCheck | None:
    """Do the next slice, if one is due; the row where this slice has ended the whole, else None.

    Of two workers that do the same slice one counts.
    """
    row = last_check() or ActivityCheck.objects.get_or_create(pk=1)[0]
    if row.started_at is None or (row.finished_at is not None and abs(now - row.started_at) >= EVERY):
        if not Seal.objects.exists():
            return None
        begun: dict[str, Any] = {"started_at": now, "finished_at": None, "cursor": 0, "link": "", "found": []}
        ActivityCheck.objects.filter(pk=row.pk, started_at=row.started_at).update(**begun)
        return None
    return None if row.finished_at else _slice(row, now)


def _slice(row: ActivityCheck, now: datetime) -> ActivityCheck | None:
    report = Report(seals=row.cursor, link=row.link, breaks=breaks_of(row.found))
    keys, last = readable(), None
    for last in Seal.objects.filter(number__gt=row.cursor).order_by("number")[:SLICE]:
        look_at(last, keys, report, IdRanges())
    whole = not Seal.objects.filter(number__gt=report.seals).exists()
    changes = {"cursor": report.seals, "link": report.link, "found": [each.as_json() for each in report.breaks[:MOST]]}
    if whole:
        _count(report)
        found = [each.as_json() for each in report.breaks]
        total = last.total if last else 0
        changes |= {"finished_at": now, "seals": report.seals, "events": total, "breaks": found, "found": []}
    mine = ActivityCheck.objects.filter(pk=row.pk, cursor=row.cursor, started_at=row.started_at, finished_at=None)
    if not mine.update(**changes) or not whole:
        return None
    row.refresh_from_db()
    return row


def _count(report: Report) -> None:
    """Slices do not remember all ids: that something was put among them is known by the count, and named by a whole
    verification (`phonepay check`)."""
    last = Seal.objects.defer("entries").filter(number=report.seals).first()
    missing = sum(each.kind == REMOVED for each in report.breaks)
    if last and loose(last) > -missing and not report.more:
        report.add(Break(INSERTED, 0, 0))
