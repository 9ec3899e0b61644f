"""Every list and every filter goes by an index: no table that grows is gone through from end to end."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection

from tests.shop import Till
from tests.web.cast import a_day, person, signed_in

GROWS = "payments_payment|payments_ledgerentry|payments_refund|payments_cardattempt|orders_order|calls_call"
PAGES = [
    "/", "/?period=30", "/needs", "/payments", "/payments?status=paid", "/payments?status=declined",
    "/payments?status=checking", "/payments?kind=extra", "/payments?kind=refund", "/payments?period=30",
    "/payments?money=taken&period=30", "/payments?money=refunded", "/calls", "/calls?stopped=card", "/calls?what=paid",
    "/calls/stops?period=30", "/orders", "/orders?status=unpaid",
]  # fmt: skip


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_no_page_goes_through_a_whole_table(till: Till) -> None:
    """On SQLite, which says it plainest."""
    a_day(till)
    client = signed_in(person())
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            asked.append((sql, params))
        return execute(sql, params, many, context)

    broken = []
    for page in PAGES:
        asked.clear()
        with connection.execute_wrapper(note):
            assert client.get(page).status_code == 200, page
        for sql, params in asked:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
                plan = "\n".join(str(row[3]) for row in cursor.fetchall())
            if re.search(rf"SCAN ({GROWS})(?! USING)", plan):
                broken.append(f"{page}: {plan}")
    assert not broken, "\n\n".join(broken)
