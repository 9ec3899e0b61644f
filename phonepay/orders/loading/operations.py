"""The verbs on a load, in the order of its steps: start, form, match, confirm; or discard."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from phonepay.events.actors import Actor
from phonepay.lib.cards import looks_like_card_number
from phonepay.lib.money import currency as currency_facts
from phonepay.lib.written_amounts import MARKS, mark_of
from phonepay.merchant.models import Merchant
from phonepay.orders.loading.kept_file import forget, keep, kept
from phonepay.orders.loading.matching import FIELDS, guess, has_header, key_of
from phonepay.orders.loading.models import Load
from phonepay.orders.loading.parsing import MASKED, without_cards
from phonepay.orders.loading.reasons import LoadRefused
from phonepay.orders.loading.table import (
    DELIMITERS,
    ENCODINGS,
    SAMPLE,
    Form,
    about_rows,
    delimiter_of,
    encoding_of,
    kind_of,
    rows_of,
    sheets_of,
)
from phonepay.people.permissions import require

KEPT_FOR = timedelta(days=1)  # a file that nobody goes on with, and the rows of one that is done
_VERB = "change_orders"
_OPEN = (Load.Status.MATCHING, Load.Status.READY)


def start_load(*, merchant: Merchant, file_name: str, data: bytes, currency: str, by: Actor, now: datetime) -> Load:
    """Keep the file, and guess how it is to be read. Raises LoadRefused for what is no table, NotAllowed."""
    require(by, _VERB)
    load = Load(
        merchant=merchant,
        file_name=MASKED if looks_like_card_number(file_name) else file_name[-200:],
        kind=kind_of(data),
        currency=currency_facts(currency).code,
        created_at=now,
        due_at=now + KEPT_FOR,
        **_signed(by),
    )
    if load.kind == "xlsx":
        load.sheets = [name[:60] for name in sheets_of(data)]
    else:
        load.encoding = encoding_of(data)
        load.delimiter = delimiter_of(data, load.encoding)
    _look(load, data, headed=None)
    with transaction.atomic():
        load.save(force_insert=True)
        keep(load, data)
    return load


def form_load(*, load: Load, by: Actor, now: datetime, encoding: str, delimiter: str, sheet: int, headed: bool) -> Load:
    """Read the start of the file in another way. Raises LoadRefused where it cannot be read so, or is being read."""
    require(by, _VERB)
    if load.kind == "csv":
        load.encoding = encoding if encoding in ENCODINGS else load.encoding
        load.delimiter = delimiter if delimiter in DELIMITERS else load.delimiter
    elif 0 <= sheet < len(load.sheets):
        load.sheet = sheet
    _look(load, kept(load), headed=headed)
    names = ("encoding", "delimiter", "sheet", "headed", "sample", "header_key", "columns", "decimal_mark")
    changes = {name: getattr(load, name) for name in (*names, "rows_total")}
    _move(load, _OPEN, status=Load.Status.MATCHING, failure="", due_at=now + KEPT_FOR, **changes, **_signed(by))
    return load


def match_load(*, load: Load, columns: dict[str, int], currency: str, mark: str, by: Actor, now: datetime) -> Load:
    """Say which column is what (field → column, from 0); then the whole file is due to be read.

    Raises LoadRefused; MoneyError for what is no currency.
    """
    require(by, _VERB)
    chosen = {name: place for name, place in columns.items() if name in FIELDS and 0 <= place < width_of(load)}
    if "number" not in chosen or "amount" not in chosen:
        raise LoadRefused("columns_missing")
    if len(set(chosen.values())) != len(chosen):
        raise LoadRefused("columns_twice")
    changes = {
        "columns": chosen,
        "currency": currency_facts(currency).code,
        "decimal_mark": mark if mark in MARKS else "",
    }
    _move(load, _OPEN, **from_the_start(now), failure="", **changes, **_signed(by))
    return load


def from_the_start(now: datetime) -> dict[str, Any]:
    """What a load that is to be read has; rows of an earlier reading are cleared by the first slice."""
    counts = dict.fromkeys(("rows_read", "new", "changing", "same", "refused", "wrong"), 0)
    return {"status": Load.Status.READING, "due_at": now, "lease_until": None, "tries": 0, **counts}


def confirm_load(*, load: Load, updates: bool, leaves_out: bool, by: Actor, now: datetime) -> Load:
    """Load what was read; `updates`: also change unpaid orders that differ; `leaves_out`: without the rows in error.

    It is done once, however often it is confirmed. Raises LoadRefused.
    """
    require(by, _VERB)
    load.refresh_from_db()
    if load.status != Load.Status.READY:
        raise LoadRefused("not_ready")
    if load.wrong and not leaves_out:
        raise LoadRefused("has_errors")
    if not load.new and not (updates and load.changing):
        raise LoadRefused("nothing")
    changes = {"status": Load.Status.LOADING, "updates": updates, "due_at": now, "lease_until": None, "tries": 0}
    _move(load, (Load.Status.READY,), failure="", **changes, **_signed(by))
    return load


def discard_load(*, load: Load, by: Actor, now: datetime) -> Load:
    """Give it up: the file goes at once, what was read of it soon after. Raises LoadRefused while it is loaded."""
    require(by, _VERB)
    with transaction.atomic():
        changes = {"status": Load.Status.DISCARDED, "due_at": now, "lease_until": None, "finished_at": now}
        _move(load, (*_OPEN, Load.Status.READING), **changes, **_signed(by))
        forget(load)
    return load


def width_of(load: Load) -> int:
    """Columns that the sample has."""
    return max(map(len, load.sample), default=0)


def _look(load: Load, data: bytes, headed: bool | None) -> None:
    """The first rows, and what their columns may be: as this shop matched the same header last, else guessed."""
    form = Form(load.kind, load.encoding, load.delimiter, load.sheet)
    sample: list[list[str]] = []
    for _, cells in rows_of(data, form):
        sample.append(cells)
        if len(sample) > SAMPLE:
            break
    if not sample:
        raise LoadRefused("empty")
    load.headed = has_header(sample) if headed is None else headed
    load.rows_total = max(about_rows(data, form) - load.headed, 0)
    load.sample = [without_cards(cells) for cells in sample]
    load.header_key = key_of(sample[0]) if load.headed else ""
    earlier = None
    if load.header_key:
        done = Load.objects.filter(merchant_id=load.merchant_id, header_key=load.header_key)
        earlier = done.filter(status=Load.Status.LOADED).order_by("-finished_at").first()
    if earlier is not None:
        load.columns, load.currency, load.decimal_mark = earlier.columns, earlier.currency, earlier.decimal_mark
        return
    load.columns = guess(sample, headed=load.headed, currency=load.currency, region=load.merchant.region)
    place = load.columns.get("amount")
    amounts = [row[place] for row in sample[load.headed :] if place is not None and place < len(row)]
    load.decimal_mark = mark_of(amounts)


def _signed(by: Actor) -> dict[str, str]:
    return {
        "by_kind": by.kind,
        "by_id": by.id[:64],
        "by_name": by.name[:200],
        "by_source": by.source[:80],
    }


def _move(load: Load, states: tuple[str, ...], **changes: Any) -> None:
    if Load.objects.filter(pk=load.pk, status__in=states).update(**changes) != 1:
        raise LoadRefused("not_ready")
    for name, value in changes.items():
        setattr(load, name, value)
