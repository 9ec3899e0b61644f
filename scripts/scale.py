"""Processor time and queries of the panel's lists, search and home, over a database of a million orders.

A shop with as many orders, payments, calls and ledger entries as are asked for is made in SQL, over two years; then each
page is asked for through Django's request handling, signed in, without a network. What is measured is the wall
clock and the processor time of this process, which on SQLite is the database's too; the middle of several requests.

    make scale                                  a million, on SQLite
    make scale ARGS="--rows 100000"
    make scale ARGS="--database postgresql"     on a private server, started for this
"""

# ruff: noqa: E501 - what SQL makes of each column reads across, as a table does
from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

YEARS = 2
SECONDS = YEARS * 365 * 86400
GOAL = 100  # milliseconds
SIGN_INS = ("django.contrib.auth.backends.ModelBackend", "allauth.account.auth_backends.AuthenticationBackend")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000, help="orders, and as many payments and calls")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--times", type=int, default=5, help="requests of each page")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="phonepay-scale-") as folder, _database(args.database):
        _configure(folder)
        began = time.perf_counter()
        _fill(args.rows)
        print(
            f"{args.rows:,} orders, payments and calls on {args.database}: made in {time.perf_counter() - began:.0f} s"
        )
        slow = _measure(args.rows, args.times)
    print(f"Over {GOAL} ms of processor time: {', '.join(slow) or 'none'}.")
    return 1 if slow else 0


@contextlib.contextmanager
def _database(kind: str) -> Iterator[None]:
    if kind == "sqlite":
        yield
        return
    from tests.databases.servers import private_server

    with private_server(kind) as url:
        os.environ["PHONEPAY_DATABASE_URL"] = url
        yield


def _configure(folder: str) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "phonepay.settings",
        "PHONEPAY_DATA_DIR": folder,
        "PHONEPAY_PUBLIC_URL": "https://pay.example",
        "PHONEPAY_STRIPE_SECRET_KEY": "sk_live_0123456789abcdefghijklmn",
    }
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


# --- making the rows -------------------------------------------------------------------------------------------------


def _fill(rows: int) -> None:
    from django.db import connection

    shop, samples = _samples()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET statement_timeout = 0")
        cursor.execute("CREATE TEMPORARY TABLE many (i integer PRIMARY KEY)")
        cursor.execute(
            "INSERT INTO many WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s) SELECT i FROM n",
            [rows],
        )
        for row, made in samples:
            _insert(cursor, row, made, rows)
        cursor.execute("ANALYZE")
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
    sql = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM many WHERE {where}"  # noqa: S608 - names of ours
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
    return f"{head} SELECT {cast} FROM many{rest}"  # noqa: S608 - the same


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
    ago = f"(i * {SECONDS}.0 / (SELECT MAX(i) FROM many))"  # noqa: S608 - the same
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


# --- measuring -------------------------------------------------------------------------------------------------------


def _pages(rows: int) -> dict[str, str]:
    from django.utils import timezone

    middle = (timezone.now() - timedelta(days=YEARS * 365 / 2)).isoformat().replace("+", "%2B")
    month = (timezone.now() - timedelta(days=200)).date()
    deep = f"after={middle}_p{uuid.UUID(int=rows // 2)}"
    return {
        "home, today": "/",
        "home, 30 days": "/?period=30",
        "home, a year": f"/?from={month - timedelta(days=165)}&to={month + timedelta(days=199)}",
        "payments": "/payments",
        "payments, deep page": f"/payments?{deep}",
        "payments, paid": "/payments?status=paid",
        "payments, refunded": "/payments?status=refunded",
        "payments, declined": "/payments?status=declined",
        "payments, being checked": "/payments?status=checking",
        "payments, extra charges": "/payments?kind=extra",
        "payments, refunds": "/payments?kind=refund",
        "payments, 30 days": "/payments?period=30",
        "payments, money taken, 30 days": "/payments?period=30&money=taken&currency=usd",
        "payments, money refunded": "/payments?money=refunded",
        "payments, paid, deep page": f"/payments?status=paid&{deep}",
        "calls": "/calls",
        "calls, deep page": f"/calls?after={middle}_c{rows // 2}",
        "calls, paid": "/calls?what=paid",
        "calls, hung up": "/calls?what=hung_up",
        "calls, declined": "/calls?what=declined",
        "calls, being checked": "/calls?what=checking",
        "calls, stopped at the card": "/calls?stopped=card",
        "calls, of one caller": "/calls?caller=%2B12025550042",
        "calls, where callers stop": "/calls/stops?period=30",
        "calls, on the line": "/calls/now",
        "orders": "/orders",
        "orders, deep page": f"/orders?after={middle}_o{rows // 2}",
        "orders, to pay": "/orders?status=unpaid",
        "orders, paid": "/orders?status=paid",
        "needs": "/needs",
        "activity": "/activity",
        "search, order number": f"/search?q={rows // 3}",
        "search, how a number begins": "/search?q=1",
        "search, name": "/search?q=ana ruiz",
        "search, phone": "/search?q=(202) 555-0042",
        "search, last four": "/search?q=·4242",
        "search, amount": "/search?q=$42.50",
        "search, day": f"/search?q={month}",
        "search, confirmation number": "/search?q=123456",
        "search, Stripe's id": f"/search?q=pi_{rows // 3}",
        "search, nothing": "/search?q=nobody of this name",
    }


def _measure(rows: int, times: int) -> list[str]:
    from django.db import connection
    from django.test import Client

    from phonepay.people.models import Role, User

    user = User.objects.create(email="olivia@example.com", name="Olivia Owner", role=Role.OWNER)
    client = Client(headers={"host": "pay.example"})
    client.force_login(user, backend=SIGN_INS[-1])
    slow = []
    print(f"\n{'page':<34} {'processor ms':>12} {'wall ms':>9} {'queries':>8}")
    for name, path in _pages(rows).items():
        response = client.get(path, secure=True)
        if response.status_code == 404:  # a page that this version does not have
            continue
        assert response.status_code in (200, 302), (name, response.status_code)
        made: list[str] = []
        with connection.execute_wrapper(_counting(made)):
            client.get(path, secure=True)
        walls, processors = [], []
        for _ in range(times):
            wall, processor = time.perf_counter(), time.process_time()
            client.get(path, secure=True)
            walls.append((time.perf_counter() - wall) * 1000)
            processors.append((time.process_time() - processor) * 1000)
        spent = statistics.median(processors)
        print(f"{name:<34} {spent:12.1f} {statistics.median(walls):9.1f} {len(made):8}", flush=True)
        if spent > GOAL:
            slow.append(name)
    return slow


def _counting(made: list[str]) -> Any:
    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        made.append(sql)
        return execute(sql, params, many, context)

    return count


if __name__ == "__main__":
    sys.exit(main())
