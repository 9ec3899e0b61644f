# ruff: noqa: E501 - what SQL makes of each column reads across, as a table does
"""A shop of any size, made in SQL for scripts/scale.py: orders, payments, cards, refunds, ledger entries and calls."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

YEARS = 2
SECONDS = YEARS * 365 * 86400


def fill(rows: int) -> None:
    """Make the tables' rows; they must be migrated and empty. Raises whatever the database raises."""
    from django.db import connection

    shop, samples = _samples()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous = OFF")
            cursor.execute("PRAGMA cache_size = -500000")
        if connection.vendor == "postgresql":
            cursor.execute("SET statement_timeout = 0")
        cursor.execute("CREATE TEMPORARY TABLE many (i integer PRIMARY KEY)")
        cursor.execute(
            "INSERT INTO many WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s) SELECT i FROM n",
            [rows],
        )
        for row, made in samples:
            _insert(cursor, row, made, rows)
        # PostgreSQL and MariaDB keep their statistics themselves; SQLite has none in an installation, so none here.
        if connection.vendor != "sqlite":
            cursor.execute(
                "ANALYZE"
                if connection.vendor == "postgresql"
                else "ANALYZE TABLE orders_order, payments_payment, calls_call, payments_ledgerentry"
            )
    _count_days(shop)


def _insert(cursor: Any, row: Any, made: dict[str, str], rows: int) -> None:
    """One INSERT of as many rows as the table of numbers has: the sample's columns, but for those that SQL makes."""
    from django.db import connection

    fields = [
        field for field in row._meta.concrete_fields if (not field.generated and field.column != "id") or "id" in made
    ]
    fields = [field for field in fields if not field.generated]
    values, columns = [], []
    for field in fields:
        columns.append(connection.ops.quote_name(field.column))
        if field.column in made:
            values.append(made[field.column].replace("%", "%%"))
        else:
            values.append("%s")
    given = [
        field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields if field.column not in made
    ]
    table = connection.ops.quote_name(row._meta.db_table)
    where = made.get("where", "1 = 1").replace("%", "%%")
    sql = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM many WHERE {where}"  # noqa: S608  # nosec B608
    casted = sql if connection.vendor == "sqlite" else _cast(sql, fields, made)
    cursor.execute(casted, given)


def _cast(sql: str, fields: list[Any], made: dict[str, str]) -> str:
    """PostgreSQL wants the type of a value that is selected and not inserted."""
    from django.db import connection

    types = iter([field.db_type(connection) for field in fields if field.column not in made])
    head, _, tail = sql.partition(" SELECT ")
    body, _, rest = tail.partition(" FROM many")
    kinds = {"bigserial": "bigint", "serial": "integer"}
    parts = body.split("%s")
    cast = parts[0]
    for part in parts[1:]:
        kind = str(next(types))
        cast += f"%s::{kinds.get(kind, kind)}{part}"
    return f"{head} SELECT {cast} FROM many{rest}"  # noqa: S608  # nosec B608


def _samples() -> tuple[Any, list[tuple[Any, dict[str, str]]]]:
    from django.db import connection
    from django.utils import timezone

    from phonepay.calls.models import Call
    from phonepay.merchant.models import Line, Merchant
    from phonepay.orders.models import Order
    from phonepay.payments.models import CardAttempt, LedgerEntry, Payment, Refund

    now = timezone.now()
    shop = Merchant.objects.create(name="Corner Books")
    line = Line.objects.create(merchant=shop, phone_number="+12025550199", floor=100, ceiling=50_000, fixed_amount=4250)
    lite = connection.vendor == "sqlite"
    ago = f"(i * {SECONDS}.0 / (SELECT MAX(i) FROM many))"  # noqa: S608  # nosec B608
    start = f"'{now - timedelta(seconds=SECONDS):%Y-%m-%d %H:%M:%S}'"
    at = (
        f"datetime({start}, '+' || CAST({ago} AS integer) || ' seconds')"
        if lite
        else f"timestamptz {start} + {ago} * interval '1 second'"
    )
    hexed = "printf('%032x', {})" if lite else "lpad(to_hex({}), 32, '0')::uuid"
    ident = hexed.format("i")
    text = "CAST({} AS text)"
    amount = "500 + i * 7919 % 20000"
    phone = "'+1202555' || substr(" + text.format("10000 + i % 9000") + ", 2)"
    names = "('Ana Ruiz Bo Lind Chidi Ok Dora Cruz')"
    name = f"substr({names}, 1 + i % 30, 9) || ' ' || " + text.format("i % 99991")
    number = text.format("i")
    paid, unpaid = "i % 10 < 7", "i % 10 >= 7"
    order = Order(merchant=shop, number="", amount=1, currency="usd", created_at=now, updated_at=now)
    payment = Payment(
        merchant=shop,
        line=line,
        amount=1,
        currency="usd",
        livemode=True,
        agreed_at=now,
        stripe_account="acct_1",
        card_brand="visa",
        confirmation=None,
    )
    call = Call(
        merchant=shop,
        line=line,
        script={"connector": "Default"},
        state={},
        turns=[{"at": now.isoformat(), "step": "card", "reply": {}}] * 6,
        turn=6,
        step="card",
        ended="hung_up",
        started_at=now,
        last_at=now,
        livemode=True,
        seconds=102,
    )
    entry = LedgerEntry(
        merchant=shop, kind="sale", amount=1, currency="usd", livemode=True, stripe_account="acct_1", at=now
    )
    refund = Refund(
        merchant=shop,
        amount=100,
        currency="usd",
        livemode=True,
        reason="requested_by_customer",
        by_kind="person",
        status="succeeded",
        asked_at=now,
    )
    attempt = CardAttempt(number=1, result="declined", card_brand="visa", ended_at=now)
    status = f"CASE WHEN {paid} THEN 'succeeded' WHEN i % 10 = 7 THEN 'declined' ELSE 'abandoned' END"
    yes = "1" if lite else "true"
    return shop, [
        (order, {"id": "i", "number": number, "keyed": number, "amount": amount, "customer_name": name, "customer_phone": phone, "created_at": at, "updated_at": at,
                 "status": f"CASE WHEN {paid} THEN 'paid' ELSE 'unpaid' END", "paid_at": f"CASE WHEN {paid} THEN {at} END", "paid_livemode": f"CASE WHEN {paid} THEN {yes} END"}),
        (payment, {"id": ident, "order_id": "i", "attempt": ident, "amount": amount, "number": number, "phone": phone, "call_sid": "'CA' || " + text.format("i"), "status": status,
                   "charge_id": f"CASE WHEN {paid} THEN 'ch_' || {number} ELSE '' END", "intent_id": f"'pi_' || {number}", "payment_method": f"'pm_' || {number}", "customer_id": f"'cus_' || {number}",
                   "card_last4": "substr(" + text.format("10000 + i % 9999") + ", 2)", "confirmation": f"CASE WHEN i <= 900000 THEN {text.format('99999 + i')} END", "agreed_at": at, "settled_at": at, "refunded": "CASE WHEN i % 50 = 0 THEN 100 ELSE 0 END"}),
        (attempt, {"id": ident, "payment_id": ident, "ended_at": at, "card_last4": "substr(" + text.format("10000 + i % 9999") + ", 2)", "where": "i % 10 = 7"}),
        (refund, {"id": ident, "payment_id": ident, "order_id": "i", "asked_at": at, "settled_at": at, "request_key": number, "stripe_id": f"'re_' || {number}", "where": "i % 50 = 0"}),
        (entry, {"order_id": "i", "payment_id": ident, "stripe_object": f"'ch_' || {number}", "amount": amount, "at": at, "where": paid}),
        (call, {"id": "i", "sid": "'CA' || " + text.format("i"), "payment_id": f"CASE WHEN i % 10 < 9 THEN {ident} END", "phone": phone, "started_at": at, "last_at": at, "ended_at": at,
                "stopped": f"CASE WHEN {unpaid} THEN CASE WHEN i % 3 = 0 THEN 'card' WHEN i % 3 = 1 THEN 'amount' ELSE 'order' END ELSE '' END", "ended": f"CASE WHEN {paid} THEN 'paid' ELSE 'hung_up' END"}),
    ]  # fmt: skip


def _count_days(shop: Any) -> None:
    """As the worker does, a month at a time."""
    from django.utils import timezone

    from phonepay.calls import days as call_days
    from phonepay.payments import days as ledger_days

    for room in (ledger_days, call_days):
        while room.count_next(shop, timezone.now()):
            pass
