"""A process that is killed: a program of its own, which forks one for each order that it reads, and one that restarts.

Standard input: one JSON object a line, {"scenario", "point", "key", "later"}. Standard output, for each: whether it
died and where, and what is true after the restart. The database is SQLite, a fresh file for each order.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

import time_machine  # noqa: E402 - after Django
from django.conf import settings  # noqa: E402 - after Django
from django.core.management import call_command  # noqa: E402 - after Django
from django.db import connection, connections  # noqa: E402 - after Django
from django.db.models import F  # noqa: E402 - after Django
from django.utils import timezone  # noqa: E402 - after Django

from phonepay.events.actors import SYSTEM  # noqa: E402 - after Django
from phonepay.merchant.models import Merchant  # noqa: E402 - after Django
from phonepay.orders.models import Order  # noqa: E402 - after Django
from phonepay.payments import stripe_gateway, stripe_side  # noqa: E402 - after Django
from phonepay.payments.agreement import end_unpaid, next_card  # noqa: E402 - after Django
from phonepay.payments.models import LedgerEntry, Payment, Refund  # noqa: E402 - after Django
from tests.shop import (  # noqa: E402 - after Django
    DECLINED,
    Till,
    consent,
    fresh,
    make_line,
    make_shop,
    next_due,
    sweep_until_done,
)

KILLED = 86
RAN_THROUGH = 0


class Killer:
    """Ends the process, without any goodbye, at the point of this number: around each commit and each exchange."""

    def __init__(self, at: int) -> None:
        self.left = at

    def point(self, name: str) -> None:
        self.left -= 1
        if self.left == 0:
            os.write(3, name.encode())
            os._exit(KILLED)

    def arm(self) -> None:
        self._around(type(connections["default"]), "_commit", "a commit")
        call = stripe_gateway._call

        def killing_call(request: Callable[[], Any]) -> Any:
            self.point("before a request")
            try:
                return call(request)
            finally:
                self.point("after a request")

        stripe_gateway._call = killing_call
        connection.execute_wrappers.append(self._statement)

    def _around(self, owner: Any, name: str, what: str) -> None:
        original = getattr(owner, name)

        def killing(*args: Any) -> Any:
            self.point(f"before {what}")
            result = original(*args)
            self.point(f"after {what}")
            return result

        setattr(owner, name, killing)

    def _statement(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        alone = not connection.in_atomic_block and sql.startswith(("INSERT", "UPDATE", "DELETE"))
        if alone:
            self.point(f"before {sql[:60]}")
        result = execute(sql, params, many, context)
        if alone:
            self.point(f"after {sql[:60]}")
        return result


# --- what the killed process was doing -------------------------------------------------------------------------------


def pays_and_is_refunded(till: Till, arm: Callable[[], None]) -> None:
    order, card = till.order(), till.card()
    arm()
    payment = till.agree(order)
    stripe_side.prepare(payment)
    till.claim(payment, card)
    stripe_side.send_charge(payment)
    till.refund(order, 1000)
    till.refund(order)


def pays_for_a_new_number_and_is_charged_again(till: Till, arm: Callable[[], None]) -> None:
    card = till.card()
    arm()
    payment = till.agree(keys="99", consent=consent())
    stripe_side.prepare(payment)
    till.claim(payment, card)
    stripe_side.send_charge(payment)
    till.overage(fresh(payment).order, 1000)


def is_declined_and_tries_another_card(till: Till, arm: Callable[[], None]) -> None:
    cards = [till.card(DECLINED), till.card()]
    arm()
    payment = till.agree(consent=consent())
    stripe_side.prepare(payment)
    for card in cards:
        till.claim(payment, card)
        stripe_side.send_charge(payment)
        next_card(payment=payment, now=timezone.now())


def gives_up(till: Till, arm: Callable[[], None]) -> None:
    arm()
    payment = till.agree(consent=consent())
    stripe_side.prepare(payment)
    end_unpaid(payment=payment, by=SYSTEM, now=timezone.now())
    stripe_side.close(payment)


SCENARIOS = [
    pays_and_is_refunded,
    pays_for_a_new_number_and_is_charged_again,
    is_declined_and_tries_another_card,
    gives_up,
]


# --- the restart ------------------------------------------------------------------------------------------------------


def restart(later: bool) -> dict[str, Any]:
    """The worker after the restart, at once or an hour later; then what our books say."""
    with time_machine.travel(timezone.now() + timedelta(hours=1 if later else 0)):
        sweep_until_done()
    payments = list(Payment.objects.order_by("agreed_at"))
    extras = [each for each in payments if each.kind == Payment.Kind.OVERAGE]
    return {
        "statuses": [each.status for each in payments],
        "refunds": list(Refund.objects.values_list("status", flat=True)),
        "ledger": list(LedgerEntry.objects.order_by("pk").values_list("kind", "amount", "stripe_object")),
        "orders": list(Order.with_reserved.values_list("status", flat=True)),
        "claimed": Order.with_reserved.exclude(claimed_by=None).count(),
        "owed": next_due() is not None,
        "charges": [each.charge_id for each in payments if each.status == Payment.Status.SUCCEEDED],
        "customers": [each.customer_id for each in payments if each.customer_id and each.status == "succeeded"],
        "room_used": sum(each.overage_used for each in payments),
        "extras": sum(each.amount for each in extras if each.status == Payment.Status.SUCCEEDED),
        "refunded": sum(each.refunded for each in payments),
    }


def obey(order: dict[str, Any], template: Path) -> dict[str, Any]:
    settings.PHONEPAY_STRIPE_SECRET_KEY = order["key"]
    with on_copy_of(template):
        code, name = forked(lambda: act(order))
        if code not in (KILLED, RAN_THROUGH):
            raise RuntimeError(name)
        restarted, facts = forked(lambda: os.write(3, json.dumps(restart(order["later"])).encode()))
        if restarted != 0:
            raise RuntimeError(facts)
    return {"died": code == KILLED, "name": name, **json.loads(facts)}


def act(order: dict[str, Any]) -> None:
    scenario = {each.__name__: each for each in SCENARIOS}[order["scenario"]]
    till = Till(standin=None, key=order["key"], shop=Merchant.objects.get(), url=settings.PHONEPAY_STRIPE_API_BASE)
    scenario(till, Killer(order["point"]).arm)


def forked(work: Callable[[], Any]) -> tuple[int, str]:
    """Do it in a process of its own, which may write to its descriptor 3: exit code, and what it wrote."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(write, 3)
        try:
            work()
        except BaseException:  # noqa: BLE001 - the parent reads it
            os.write(3, traceback.format_exc().encode())
            os._exit(1)
        os._exit(RAN_THROUGH)
    os.close(write)
    with os.fdopen(read) as said:
        text = said.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), text


def warm_up(template: Path) -> None:
    """Load what Stripe's package loads on first use: the processes that are forked have it then."""
    with on_copy_of(template):
        for number, scenario in enumerate(SCENARIOS):
            settings.PHONEPAY_STRIPE_SECRET_KEY = key = f"sk_test_warmup{number}"
            Order.with_reserved.all().update(keyed=None, number=F("id"))
            scenario(Till(None, key, Merchant.objects.get(), settings.PHONEPAY_STRIPE_API_BASE), lambda: None)


@contextmanager
def on_copy_of(template: Path) -> Iterator[None]:
    database = template.with_name("one.sqlite3")
    shutil.copy(template, database)
    connection.settings_dict["NAME"] = str(database)
    yield
    connection.close()
    for leftover in template.parent.glob("one.sqlite3*"):
        leftover.unlink()


def main() -> None:
    call_command("migrate", verbosity=0)
    make_line(make_shop())
    template = Path(connection.settings_dict["NAME"])
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    warm_up(template)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(obey(json.loads(line), template)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
