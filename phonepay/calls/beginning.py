"""The one SELECT with which a call begins: its line, what is held against the caller, what the caller did of late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db import connections
from django.db.utils import DEFAULT_DB_ALIAS

from phonepay.calls.models import Call
from phonepay.calls.reading import Joined, Statement, moment, quoted_tables, statement_of
from phonepay.merchant.models import Line, Merchant
from phonepay.orders.models import Order
from phonepay.payments.gateway import key_is_live
from phonepay.payments.hold import Hold
from phonepay.payments.models import CardAttempt, Payment
from phonepay.protection.callers import key_of
from phonepay.protection.histories import LONGEST_CALL, NOT_THE_CALLERS
from phonepay.protection.limits import DAY, HOUR
from phonepay.protection.models import Measure

# A call whose end Twilio could not tell is not on the line for ever; the longest turn, a card keyed thrice, is shorter.
ON_THE_LINE = timedelta(minutes=4)


@dataclass(frozen=True, slots=True)
class Beginning:
    """The line that was called, with its merchant. The counts are of this caller: cards declined in the last day, cards
    asked for in the last hour, order numbers keyed today in calls that paid nothing, other calls on the line."""

    line: Line
    callers_guard: Measure | None
    its_guard: Measure | None
    has_letters: bool
    held: bool
    declined_today: int
    asked_lately: int
    numbers_today: int
    on_the_line: int


def begin(called: str, phone: str, now: datetime) -> Beginning | None:
    """How a call to `called` begins for a caller (E.164, "" hidden); None where the number is none of ours."""
    connection = connections[DEFAULT_DB_ALIAS]
    sql, statement = _of_a_beginning(connection.vendor)
    a_day, an_hour = moment(now - DAY), moment(now - HOUR)
    values = [
        True, True,
        phone, moment(now - DAY - LONGEST_CALL), a_day, key_is_live(),
        phone, an_hour,
        phone, a_day,
        phone, moment(now - LONGEST_CALL), moment(now - ON_THE_LINE),
        key_of(phone),
        called,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = cursor.fetchone()
    if found is None:
        return None
    line, merchant, callers_guard, its_guard, letters, held, *counts = statement.read(found)
    line.merchant = merchant
    return Beginning(line, callers_guard, its_guard, bool(letters), bool(held), *map(int, counts))


@cache
def _of_a_beginning(vendor: str) -> tuple[str, Statement]:
    del vendor  # the cache's: another database quotes and reads otherwise
    statement = statement_of(
        Joined(Line), Joined(Merchant), Joined(Measure, "callers_guard"), Joined(Measure, "its_guard")
    )
    names = quoted_tables(Line, Merchant, Measure, Order, Hold, Payment, CardAttempt, Call)
    line, merchant, guard, order, hold, payment, attempt, call = names
    key = connections[DEFAULT_DB_ALIAS].ops.quote_name("key")
    not_the_callers = ", ".join(f"'{code}'" for code in NOT_THE_CALLERS)
    # Table and column names and the words in quotes are our own; what a caller sends is a parameter.
    sql = (
        f"SELECT {statement.columns},"  # noqa: S608  # nosec B608
        f" EXISTS(SELECT 1 FROM {order} o WHERE o.merchant_id = {merchant}.id"
        f" AND o.status = '{Order.Status.UNPAID}' AND o.lettered = %s),"
        f" EXISTS(SELECT 1 FROM {hold} h WHERE h.active = %s),"
        f" (SELECT COUNT(*) FROM {payment} p JOIN {attempt} a ON a.payment_id = p.id"
        f" WHERE p.merchant_id = {merchant}.id AND p.phone = %s AND p.agreed_at > %s AND a.ended_at > %s"
        f" AND p.livemode = %s AND p.kind = '{Payment.Kind.INITIAL}'"
        f" AND a.result = '{CardAttempt.Result.DECLINED}' AND a.decline_code NOT IN ({not_the_callers})),"
        f" (SELECT COALESCE(SUM(p.attempt_number), 0) FROM {payment} p"
        f" WHERE p.merchant_id = {merchant}.id AND p.phone = %s AND p.agreed_at > %s),"
        f" (SELECT COALESCE(SUM(c.numbers), 0) FROM {call} c LEFT JOIN {payment} p ON p.id = c.payment_id"
        f" WHERE c.merchant_id = {merchant}.id AND c.phone = %s AND c.started_at > %s AND c.numbers > 0"
        f" AND (p.id IS NULL OR p.status <> '{Payment.Status.SUCCEEDED}')),"
        f" (SELECT COUNT(*) FROM {call} c WHERE c.merchant_id = {merchant}.id AND c.phone = %s"
        f" AND c.started_at > %s AND c.last_at > %s AND c.ended_at IS NULL)"
        f" FROM {line} JOIN {merchant} ON {merchant}.id = {line}.merchant_id"
        f" LEFT JOIN {guard} callers_guard ON callers_guard.merchant_id = {merchant}.id"
        f" AND callers_guard.kind = 'caller' AND callers_guard.{key} = %s"
        f" LEFT JOIN {guard} its_guard ON its_guard.line_id = {line}.id AND its_guard.kind = 'line'"
        f" WHERE {line}.phone_number IN (%s, '') ORDER BY {line}.phone_number DESC LIMIT 1"
    )
    return sql, statement
