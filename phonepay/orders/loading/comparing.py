"""Rows of the file beside the orders that there are: new, changed, the same, or not to be had."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from phonepay.orders.loading.models import Load, LoadRow
from phonepay.orders.loading.parsing import Parsed, Wrong
from phonepay.orders.models import Order

_COMPARED = ("customer_name", "customer_phone", "customer_email", "customer_postal", "note")
_SETTLED = {
    Order.Status.PAID: "paid",
    Order.Status.REFUNDED: "refunded",
    Order.Status.CANCELLED: "cancelled",
    Order.Status.PAID_ANOTHER_WAY: "paid_another_way",
    Order.Status.ATTACHED: "attached",
}

Read = tuple[int, Parsed | Wrong]  # the line in the file, and what was made of it


def compared(load: Load, read: Sequence[Read]) -> list[LoadRow]:
    """The rows to stage. Two queries for all of them together."""
    parsed = [each for _, each in read if isinstance(each, Parsed)]
    orders = _orders(load, parsed)
    earlier = {
        row.keyed: (row.line, row.number)
        for row in LoadRow.objects.filter(load=load, keyed__in=[each.keyed for each in parsed]).only(
            "keyed", "line", "number"
        )
    }
    rows = []
    for line, each in read:
        if isinstance(each, Wrong):
            rows.append(_wrong(load, line, each))
            continue
        before = earlier.get(each.keyed)
        if before is not None:
            rows.append(_wrong(load, line, _twice(each, *before)))
            continue
        earlier[each.keyed] = (line, each.number)
        rows.append(_row(load, line, each, orders.get(each.keyed) or orders.get(each.number)))
    return rows


def _orders(load: Load, parsed: Iterable[Parsed]) -> dict[str, Order]:
    parsed = list(parsed)
    alike = Q(keyed__in=[each.keyed for each in parsed]) | Q(number__in=[each.number for each in parsed])
    found: dict[str, Order] = {}
    for order in Order.with_reserved.filter(alike, merchant_id=load.merchant_id):
        found[order.number] = order
        if order.keyed is not None:
            found[order.keyed] = order
    return found


def _wrong(load: Load, line: int, wrong: Wrong) -> LoadRow:
    return LoadRow(
        load=load,
        line=line,
        outcome=LoadRow.Outcome.WRONG,
        field=wrong.field,
        value=wrong.value,
        reason=wrong.reason,
        facts=wrong.facts,
    )


def _twice(parsed: Parsed, line: int, number: str) -> Wrong:
    if _spelled(number) == _spelled(parsed.number):
        return Wrong("number", parsed.number, "twice", {"line": line})
    return Wrong("number", parsed.number, "alike_in_file", {"line": line, "other": number})


def _spelled(number: str) -> str:
    return "".join(each for each in number.upper() if each.isalnum())


def _row(load: Load, line: int, parsed: Parsed, order: Order | None) -> LoadRow:
    facts: dict[str, Any] = {name: parsed.facts.get(name, "") for name in _COMPARED}
    row = LoadRow(
        load=load,
        line=line,
        outcome=LoadRow.Outcome.NEW,
        number=parsed.number,
        keyed=parsed.keyed,
        lettered=parsed.lettered,
        amount=parsed.amount,
        **facts,
    )
    if order is None:
        return row
    row.order_id, row.seen_at = order.pk, order.updated_at
    prefix = _spelled(load.merchant.order_prefix)
    if _spelled(order.number).removeprefix(prefix) != _spelled(parsed.number).removeprefix(prefix):
        return _wrong(load, line, Wrong("number", parsed.number, "alike", {"other": order.number}))
    if reason := _why_not(load, order):
        row.outcome, row.reason, row.value = LoadRow.Outcome.REFUSED, reason, order.number
        row.facts = {"other": order.currency.upper()}
        return row
    _change(row, parsed, order)
    return row


def _why_not(load: Load, order: Order) -> str:
    if order.status == Order.Status.RESERVED or order.claimed_by is not None:
        return "being_paid"
    if order.status in _SETTLED:
        return _SETTLED[Order.Status(order.status)]
    return "currency" if order.currency != load.currency else ""


def _change(row: LoadRow, parsed: Parsed, order: Order) -> None:
    """What the file says of an unpaid order. An empty cell says nothing."""
    row.number = order.number
    after: dict[str, Any] = {name: text for name, text in parsed.facts.items() if text and text != getattr(order, name)}
    if parsed.amount != order.amount:
        after["amount"] = parsed.amount
    for name in _COMPARED:
        setattr(row, name, after.get(name, getattr(order, name)))
    if not after:
        row.outcome = LoadRow.Outcome.SAME
        return
    row.outcome = LoadRow.Outcome.CHANGE
    row.change = {"before": {name: getattr(order, name) for name in after}, "after": after}
