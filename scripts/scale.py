"""Processor time and queries of the panel's lists, search and home, over a database of a million orders.

A shop with as many orders, payments, calls and ledger entries as are asked for is made in SQL, over two years; then
each page is asked for through Django's request handling, signed in, without a network. What is measured is the wall
clock and the processor time of this process, which on SQLite is the database's too; the middle of several requests.

    make scale                                  a million, on SQLite
    make scale ARGS="--rows 100000"
    make scale ARGS="--database postgresql"     on a private server, started for this
"""

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

YEARS = 2  # that the rows stand in
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
        from scripts.scale_rows import fill

        fill(args.rows)
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
