"""The first Phone Pay's database, with its real tables (its install/db_structure.sql) in a MariaDB of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pymysql

SCHEMA = """
CREATE TABLE `behavior` (`id` int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
 `type` enum('fixed','user_defined','','') COLLATE utf8_bin NOT NULL,
 `order_id` enum('enabled','disabled','','') COLLATE utf8_bin NOT NULL, `amount` int(11) NOT NULL
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8 COLLATE=utf8_bin;
CREATE TABLE `orders` (`id` int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
 `timestamp` varchar(20) COLLATE utf8_bin NOT NULL, `order_id` varchar(250) COLLATE utf8_bin NOT NULL,
 `phone` varchar(20) COLLATE utf8_bin NOT NULL,
 `amount` int(11) NOT NULL, `overage` int(11) NOT NULL, `refunded` int(11) NOT NULL,
 `status` enum('unpaid','paid','cancelled','') COLLATE utf8_bin NOT NULL
) ENGINE=InnoDB AUTO_INCREMENT=64 DEFAULT CHARSET=utf8 COLLATE=utf8_bin;
CREATE TABLE `staff` (`staff_id` int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
 `first_name` varchar(50) COLLATE utf8_bin NOT NULL, `last_name` varchar(20) COLLATE utf8_bin NOT NULL,
 `email` varchar(100) COLLATE utf8_bin NOT NULL, `password` varchar(300) COLLATE utf8_bin NOT NULL,
 `status` enum('super_admin','admin','auditor') COLLATE utf8_bin NOT NULL,
 `accesskey` varchar(200) COLLATE utf8_bin NOT NULL
) ENGINE=InnoDB AUTO_INCREMENT=316 DEFAULT CHARSET=utf8 COLLATE=utf8_bin;
CREATE TABLE `transactions` (`id` int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY, `ord_id` int(11) NOT NULL,
 `timestamp` varchar(20) COLLATE utf8_bin NOT NULL,
 `status` enum('initiated','completed','cancelled','failed','refunded','updated','charged_overage') COLLATE utf8_bin
 NOT NULL,
 `stripid` varchar(200) COLLATE utf8_bin NOT NULL, `strip_customer` varchar(250) COLLATE utf8_bin DEFAULT NULL,
 `notes` varchar(800) COLLATE utf8_bin NOT NULL
) ENGINE=InnoDB AUTO_INCREMENT=143 DEFAULT CHARSET=utf8 COLLATE=utf8_bin;
INSERT INTO `behavior` (`id`, `type`, `order_id`, `amount`) VALUES (NULL, 'user_defined', 'disabled', 0)
"""
MARCH = 1457000000  # Unix seconds: 3 March 2016
TABLES = ("behavior", "orders", "staff", "transactions")


@dataclass
class Old:
    """One such database. `url` is of a user who may SELECT and nothing else."""

    connection: Any
    name: str
    socket: str

    @property
    def url(self) -> str:
        return f"mysql://reader:only@/{self.name}?unix_socket={self.socket}"

    def run(self, sql: str, *values: object) -> Any:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            return cursor.lastrowid or cursor.fetchall()

    def behavior(self, kind: str, order_id: str, amount: int) -> None:
        self.run("UPDATE behavior SET type = %s, order_id = %s, amount = %s", kind, order_id, amount)

    def order(self, number: str = "1234", amount: int = 42, status: str = "unpaid", **more: Any) -> int:
        facts = {"timestamp": str(MARCH), "phone": "+12025550101", "overage": 0, "refunded": 0} | more
        return self._insert("orders", {"order_id": number, "amount": amount, "status": status, **facts})

    def transaction(self, order: int, status: str, stripid: str = "", notes: str = "", **more: Any) -> int:
        facts = {"timestamp": str(MARCH + 60), "strip_customer": " "} | more
        return self._insert(
            "transactions", {"ord_id": order, "status": status, "stripid": stripid, "notes": notes, **facts}
        )

    def staff(self, email: str, status: str, first: str = "Olga", last: str = "Old") -> int:
        facts = {"first_name": first, "last_name": last, "email": email, "status": status}
        return self._insert("staff", {**facts, "password": "696d29e0940a4957748fe3fc9efd22a3", "accesskey": "key"})

    def everything(self) -> dict[str, Any]:
        """All rows, to show that nothing changed."""
        return {table: self.run(f"SELECT * FROM {table}") for table in TABLES}  # noqa: S608 - its own names

    def _insert(self, table: str, facts: dict[str, Any]) -> int:
        names = ", ".join(f"`{name}`" for name in facts)
        marks = ", ".join(["%s"] * len(facts))
        return int(self.run(f"INSERT INTO {table} ({names}) VALUES ({marks})", *facts.values()))  # noqa: S608


@contextmanager
def made(server: str) -> Iterator[Old]:
    """A database with the old tables on this server (its address)."""
    socket = parse_qs(urlsplit(server).query)["unix_socket"][0]
    name = f"old_{uuid4().hex[:12]}"
    connection = pymysql.connect(unix_socket=socket, user="root", autocommit=True, charset="utf8mb4")
    old = Old(connection, name, socket)
    try:
        old.run("SET SESSION sql_mode = ''")  # as servers of that time were
        old.run(f"CREATE DATABASE {name}")
        old.run(f"USE {name}")
        for statement in SCHEMA.split(";\n"):
            old.run(statement)
        old.run("CREATE USER IF NOT EXISTS reader@localhost IDENTIFIED BY 'only'")
        old.run(f"GRANT SELECT ON {name}.* TO reader@localhost")
        yield old
        old.run(f"DROP DATABASE {name}")
    finally:
        connection.close()


def seconds(days_ago: float) -> str:
    return str(int(time.time() - days_ago * 86400))
