"""The old database, only read: in one read-only transaction, in the order of its keys, a batch at a time.

SELECT on the database is all that its user needs. Nothing sensitive is asked for: neither passwords nor access keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pymysql

from phonepay.configuration.addresses import CONNECT_SECONDS, DatabaseAddress
from phonepay.imports.ancestor.rows import OldBehavior, OldOrder, OldStaff, OldTransaction

BATCH = 1000
READ_SECONDS = 300  # orders and transactions have no index but their keys
COLUMNS = {
    "behavior": {"id", "type", "order_id", "amount"},
    "orders": {"id", "timestamp", "order_id", "phone", "amount", "overage", "refunded", "status"},
    "transactions": {"id", "ord_id", "timestamp", "status", "stripid", "strip_customer", "notes"},
    "staff": {"staff_id", "first_name", "last_name", "email", "status"},
}
_ORDERS = "SELECT id, `timestamp`, order_id, phone, amount, overage, refunded, status FROM orders"
_TRANSACTIONS = (
    "SELECT t.id, t.ord_id, t.`timestamp`, t.status, t.stripid, t.strip_customer, t.notes FROM transactions t"
)


class SourceFailed(Exception):
    """The old database cannot be read; the message says why, and what to do."""


class OldDatabase:
    """One consistent look at the old rows, however long the reading takes."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def check(self) -> None:
        """Raise SourceFailed where this is not the first Phone Pay's database."""
        found: dict[str, set[str]] = {}
        sql = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE()"
        for table, column in self._all(sql):
            found.setdefault(str(table).lower(), set()).add(str(column).lower())
        for table, columns in COLUMNS.items():
            missing = sorted(columns - found.get(table, set()))
            if table not in found:
                sentence = (
                    f"There is no table “{table}” that this user may read: name the database of the first Phone Pay, "
                    "and give its user SELECT on it."
                )
                raise SourceFailed(sentence)
            if missing:
                raise SourceFailed(f"The table “{table}” has no column {', '.join(missing)}: this is another schema.")

    def behavior(self) -> OldBehavior | None:
        """The one that it obeyed: the first row."""
        rows = self._all("SELECT type, order_id, amount FROM behavior LIMIT 1")
        return OldBehavior(_text(rows[0][0]), _text(rows[0][1]), int(rows[0][2] or 0)) if rows else None

    def staff(self) -> list[OldStaff]:
        rows = self._all("SELECT staff_id, first_name, last_name, email, status FROM staff ORDER BY staff_id")
        return [OldStaff(int(row[0]), *(_text(each) for each in row[1:])) for row in rows]

    def count(self) -> int:
        """How many orders there are."""
        return int(self._all("SELECT COUNT(*) FROM orders")[0][0])

    def numbers_kept(self) -> dict[str, int]:
        """Of each order number that several rows have: which row keeps it.

        The one that was paid, so that nobody is asked to pay twice, else the newest, which is the one that it found.
        """
        sql = (
            "SELECT order_id, COALESCE(MAX(CASE WHEN status = 'paid' THEN id END), MAX(id)) FROM orders "
            "WHERE order_id <> '' GROUP BY order_id HAVING COUNT(*) > 1"
        )
        return {_text(number): int(row) for number, row in self._all(sql)}

    def orders(self) -> Iterator[list[OldOrder]]:
        """All orders, a batch at a time."""
        after = -(2**31)
        while rows := self._all(f"{_ORDERS} WHERE id > %s ORDER BY id LIMIT {BATCH}", after):
            yield [_order(row) for row in rows]
            after = int(rows[-1][0])

    def transactions_of(self, orders: Sequence[OldOrder]) -> dict[int, list[OldTransaction]]:
        """By the id of their order, the oldest first. `orders` is a batch: one look at the table for all of them."""
        first, last = orders[0].id, orders[-1].id
        found: dict[int, list[OldTransaction]] = {}
        for row in self._all(f"{_TRANSACTIONS} WHERE t.ord_id BETWEEN %s AND %s ORDER BY t.id", first, last):
            found.setdefault(int(row[1]), []).append(_transaction(row))
        return found

    def orphans(self) -> Iterator[list[OldTransaction]]:
        """Transactions whose order was deleted, a batch at a time."""
        after = -(2**31)
        where = "LEFT JOIN orders o ON o.id = t.ord_id WHERE o.id IS NULL AND t.id > %s"
        while rows := self._all(f"{_TRANSACTIONS} {where} ORDER BY t.id LIMIT {BATCH}", after):
            yield [_transaction(row) for row in rows]
            after = int(rows[-1][0])

    def _all(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(sql, values or None)
                rows: Sequence[tuple[Any, ...]] = cursor.fetchall()
                return rows
        except pymysql.MySQLError as error:
            sentence = f"The old database did not answer: {_said(error)}. What was written stays: run it again."
            raise SourceFailed(sentence) from error


@contextmanager
def opened(address: DatabaseAddress) -> Iterator[OldDatabase]:
    """Connect, and begin the only transaction. Raises SourceFailed."""
    # First with little patience: what listens there may be no database, and say nothing.
    _connect(address, CONNECT_SECONDS).close()
    connection = _connect(address, READ_SECONDS)
    try:
        with connection.cursor() as cursor:
            # Between two batches a thousand charges are read at Stripe; hosts hang up on who is silent for a minute.
            cursor.execute("SET SESSION wait_timeout = 28800")
            cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
        yield OldDatabase(connection)
    finally:
        connection.close()


def _connect(address: DatabaseAddress, read_seconds: int) -> Any:
    try:
        return pymysql.connect(
            host=address.host or None,
            port=address.port or 3306,
            user=address.user or None,
            password=address.password,
            database=address.name,
            charset="utf8mb4",
            connect_timeout=CONNECT_SECONDS,
            read_timeout=read_seconds,
            autocommit=True,
            **_options(address),
        )
    except (pymysql.MySQLError, OSError) as error:
        raise SourceFailed(f"The old database cannot be reached: {_said(error)}.") from error


def _options(address: DatabaseAddress) -> dict[str, Any]:
    yes = {"true", "1", "yes", "on"}
    flags = {"ssl_verify_cert", "ssl_verify_identity"}
    return {name: value.lower() in yes if name in flags else value for name, value in address.options}


def _order(row: Sequence[Any]) -> OldOrder:
    identity, at, number, phone, amount, overage, refunded, status = row
    return OldOrder(
        int(identity),
        _text(at),
        _text(number),
        _text(phone),
        int(amount or 0),
        int(overage or 0),
        int(refunded or 0),
        _text(status),
    )


def _transaction(row: Sequence[Any]) -> OldTransaction:
    identity, order, *texts = row
    return OldTransaction(int(identity), int(order), *(_text(each) for each in texts))


def _text(value: Any) -> str:
    if isinstance(value, bytes | bytearray):
        return bytes(value).decode("utf-8", "replace").strip()
    return "" if value is None else str(value).strip()


def _said(error: Exception) -> str:
    return str(error.args[-1] if error.args else error).rstrip(".")
