"""What was read becomes orders: in one transaction and by few statements, so that the lock is short."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import Event, record
from phonepay.orders.loading.kept_file import forget
from phonepay.orders.loading.models import Load, LoadRow
from phonepay.orders.loading.operations import KEPT_FOR, from_the_start
from phonepay.orders.models import Order

_FACTS = (
    "number",
    "keyed",
    "lettered",
    "amount",
    "customer_name",
    "customer_phone",
    "customer_email",
    "customer_postal",
    "note",
)
_CHANGED = ("amount", "customer_name", "customer_phone", "customer_email", "customer_postal", "note")


class _Moved(Exception):
    """The orders are not any more as they were when the rows were compared with them."""


def write(load: Load, now: datetime) -> bool:
    """All or nothing. Where orders moved meanwhile nothing is written, and the file is compared anew: False."""
    try:
        with transaction.atomic():
            _write(load, now)
    except (IntegrityError, _Moved):
        again = Load.objects.filter(pk=load.pk, status=Load.Status.LOADING)
        again.update(failure="moved", **from_the_start(now))
        return False
    return True


def _write(load: Load, now: datetime) -> None:
    mine = Load.objects.filter(pk=load.pk, status=Load.Status.LOADING)
    done = {"status": Load.Status.LOADED, "finished_at": now, "due_at": now + KEPT_FOR, "lease_until": None}
    if mine.update(failure="", **done) != 1:
        return
    by = Actor(load.by_kind, load.by_id, load.by_name, load.by_source)
    rows = LoadRow.objects.filter(load=load)
    if _add(load, rows.filter(outcome=LoadRow.Outcome.NEW), now) != load.new:
        raise _Moved
    changed = 0
    if load.updates and load.changing:
        changed = _change(load, rows.filter(outcome=LoadRow.Outcome.CHANGE), by, now)
        if changed != load.changing:
            raise _Moved
    facts = {"file": load.file_name, "added": load.new, "changed": changed, "left_out": load.wrong}
    record(types.ORDERS_LOADED, subject=("load", load.pk), by=by, now=now, **facts)
    forget(load)


def _add(load: Load, rows: QuerySet[LoadRow], now: datetime) -> int:
    given: dict[str, Any] = {name: F(name) for name in _FACTS}
    constants = {
        "merchant": load.merchant_id,
        "currency": load.currency,
        "load": load.pk,
        "created_at": now,
        "updated_at": now,
    }
    return _insert(Order, rows.order_by("line"), given, constants)


def _change(load: Load, rows: QuerySet[LoadRow], by: Actor, now: datetime) -> int:
    of_order = rows.filter(order_id=OuterRef("pk"))
    orders = Order.objects.filter(pk__in=rows.values("order_id"), merchant_id=load.merchant_id)
    orders = orders.filter(Exists(of_order.filter(seen_at=OuterRef("updated_at"))))
    orders = orders.filter(status=Order.Status.UNPAID, claimed_by=None)
    changed: int = orders.update(**{name: Subquery(of_order.values(name)) for name in _CHANGED}, updated_at=now)
    given = {"subject_id": Cast("order_id", models.CharField(max_length=64)), "data": F("change")}
    constants = {
        "type": types.ORDER_EDITED,
        "at": now,
        "actor_kind": by.kind,
        "actor_id": by.id,
        "actor_name": by.name,
        "subject_kind": "order",
        "source": by.source,
    }
    _insert(Event, rows.order_by("line"), given, constants)
    return changed


def _insert(
    model: type[models.Model], rows: QuerySet[LoadRow], given: dict[str, Any], constants: dict[str, Any]
) -> int:
    """INSERT … SELECT: `given` are expressions over the rows, `constants` values; the rest has the model's defaults.

    One statement, because 100,000 objects made in Python would hold SQLite's only write lock for seconds.
    """
    names: dict[str, Any] = {}
    for column in model._meta.concrete_fields:
        if column.primary_key or column.generated:
            continue
        value = constants.get(column.name, column.get_default())
        kind = column.target_field if isinstance(column, models.ForeignKey) else column
        names[str(column.column)] = given.get(column.name) or Value(value, output_field=kind)
    made = {f"_{name}": each for name, each in names.items()}
    select, parameters = rows.annotate(**made).values_list(*made).query.sql_with_params()
    quote = connection.ops.quote_name
    columns = ", ".join(map(quote, names))
    with connection.cursor() as cursor:
        # Names of our own models, and a statement that the ORM wrote.
        cursor.execute(f"INSERT INTO {quote(model._meta.db_table)} ({columns}) {select}", parameters)
        return int(cursor.rowcount)
