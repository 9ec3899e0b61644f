"""A load's work, in slices: a chunk of rows a transaction, so that whoever takes it up goes on where it was left."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import F, Q

from phonepay.orders.loading.comparing import Read, compared
from phonepay.orders.loading.kept_file import forget, kept
from phonepay.orders.loading.models import Load, LoadRow
from phonepay.orders.loading.operations import KEPT_FOR
from phonepay.orders.loading.parsing import Terms, Wrong, parse
from phonepay.orders.loading.reasons import LoadRefused
from phonepay.orders.loading.staging import stage
from phonepay.orders.loading.table import Form, Row, rows_of
from phonepay.orders.loading.writing import write

logger = logging.getLogger(__name__)

CHUNK = 500
LEASE = timedelta(seconds=60)
CLEARED_AT_ONCE = 5_000
_COUNTED = {
    LoadRow.Outcome.NEW: "new",
    LoadRow.Outcome.CHANGE: "changing",
    LoadRow.Outcome.SAME: "same",
    LoadRow.Outcome.REFUSED: "refused",
    LoadRow.Outcome.WRONG: "wrong",
}


class _LostLease(Exception):
    """Somebody else goes on with it."""


# Where this process left off: the next slice need not unpack and pass over all that was read. One file at most, and
# only what is exactly at that row of that load, read in that form, goes on with it.
_left_open: dict[tuple[object, ...], Iterator[Row]] = {}


def work(load: Load, now: datetime, *, seconds: float, keep_open: bool = False) -> bool:
    """Do what the load owes, for about so long; False where another has it, or nothing is owed.

    `keep_open`: leave the file open for this process's next slice. Raises what broke, after the lease was given back:
    it is tried again later.
    """
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    mine = Load.objects.filter(free, pk=load.pk, status=load.status, due_at__lte=now)
    if mine.update(lease_until=now + LEASE, tries=F("tries") + 1) != 1:
        load.refresh_from_db()
        return False
    load.refresh_from_db()
    try:
        _do(load, now, seconds, keep_open)
    except _LostLease:
        logger.info("load %s is worked on by another", load.pk)
    except LoadRefused as refused:
        _back_to_matching(load, refused.reason, now)
    except Exception as error:
        later = now + timedelta(seconds=2 ** min(load.tries, 9))
        Load.objects.filter(pk=load.pk, lease_until=load.lease_until).update(
            lease_until=None,
            due_at=later,
            failure="broke" if load.at_work else load.failure,
            error=type(error).__name__,  # without its words, which may have cells of the file in them
        )
        raise
    Load.objects.filter(pk=load.pk).exclude(error="").update(error="")
    load.refresh_from_db()
    return True


def _do(load: Load, now: datetime, seconds: float, keep_open: bool) -> None:
    if load.status == Load.Status.READING:
        _read(load, now, seconds, keep_open)
    elif load.status == Load.Status.LOADING:
        write(load, now)
    else:
        _clear(load, now)


def _read(load: Load, now: datetime, seconds: float, keep_open: bool) -> None:
    began = time.monotonic()
    if not load.rows_read:
        # Of an earlier reading, with other columns or before orders changed.
        while _clear_some(load):
            pass
    terms = Terms(load.columns, load.currency, load.decimal_mark, load.merchant.region, load.merchant.order_prefix)
    rest = _left_open.pop(_place(load), None) or _opened(load)
    while chunk := list(_parsed(islice(rest, CHUNK), terms)):
        passed = timedelta(seconds=time.monotonic() - began)
        _stage(load, chunk, now + passed)
        if passed.total_seconds() > seconds:
            if keep_open:
                _left_open.clear()
                _left_open[_place(load)] = rest
            _hold(load, lease_until=None, due_at=now + passed)
            return
    if not load.rows_read:
        raise LoadRefused("no_rows")
    _hold(load, status=Load.Status.READY, lease_until=None, due_at=now + KEPT_FOR, tries=0)


def _place(load: Load) -> tuple[object, ...]:
    return load.pk, load.rows_read, load.encoding, load.delimiter, load.sheet, load.headed


def _opened(load: Load) -> Iterator[Row]:
    """The rows that are left."""
    rows = rows_of(kept(load), Form(load.kind, load.encoding, load.delimiter, load.sheet))
    return islice(rows, load.rows_read + load.headed, None)


def close_files() -> None:
    """Let go of what was left open for the next slice."""
    _left_open.clear()


def _parsed(rows: Iterable[Row], terms: Terms) -> Iterator[Read]:
    for line, cells in rows:
        try:
            yield line, parse(cells, terms)
        except Wrong as wrong:
            yield line, wrong


def _stage(load: Load, chunk: list[Read], now: datetime) -> None:
    """The rows, and that they were read: both or neither."""
    rows = compared(load, chunk)
    counts = {name: sum(row.outcome == outcome for row in rows) for outcome, name in _COUNTED.items()}
    with transaction.atomic():
        stage(rows)
        changes = {name: getattr(load, name) + count for name, count in counts.items()}
        _hold(load, rows_read=load.rows_read + len(rows), lease_until=now + LEASE, **changes)


def _hold(load: Load, **changes: object) -> None:
    """Change it while the lease is ours; else let go of all that was done in this transaction."""
    if Load.objects.filter(pk=load.pk, status=load.status, lease_until=load.lease_until).update(**changes) != 1:
        raise _LostLease
    for name, value in changes.items():
        setattr(load, name, value)


def _back_to_matching(load: Load, reason: str, now: datetime) -> None:
    reading = Load.objects.filter(pk=load.pk, status=Load.Status.READING, lease_until=load.lease_until)
    reading.update(status=Load.Status.MATCHING, failure=reason, lease_until=None, due_at=now + KEPT_FOR)


def _clear(load: Load, now: datetime) -> None:
    """A load that is done, given up, or that nobody went on with for a day: what was read of it goes."""
    if _clear_some(load):
        _hold(load, lease_until=None, due_at=now)
        return
    forget(load)
    done = load.status in (Load.Status.LOADED, Load.Status.DISCARDED)
    _hold(load, status=load.status if done else Load.Status.DISCARDED, lease_until=None, due_at=None, sample=[])


def _clear_some(load: Load) -> bool:
    """Some rows of it, so that no lock is held for long; whether there were any."""
    rows = LoadRow.objects.filter(load=load)
    lines = list(rows.order_by("line").values_list("line", flat=True)[:CLEARED_AT_ONCE])
    if lines:
        rows.filter(line__lte=lines[-1]).delete()
    return bool(lines)
