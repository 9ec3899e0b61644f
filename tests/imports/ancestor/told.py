"""What the tests put into the old database, and what the report says."""

import csv
from pathlib import Path
from typing import Any

from tests.imports.ancestor.old import Old
from tests.shop import Till

PAID = '{"amount":"42","currency":"usd"}'


def charge(till: Till, amount: int = 4200, currency: str = "usd") -> str:
    """A charge as Twilio's connector made them: without a PaymentIntent, without our metadata."""
    made = till.client.payment_intents.create(
        {"amount": amount, "currency": currency, "payment_method": till.card().payment_method, "confirm": True,
         "allowed_payment_method_types": ["card"]}
    )  # fmt: skip
    till.account._scope.get("charge", made.latest_charge).body["payment_intent"] = None
    return str(made.latest_charge)


def paid_order(old: Old, charge_id: str, *, number: str = "1234", **facts: Any) -> int:
    order = old.order(number, status="paid", **facts)
    old.transaction(order, "completed", charge_id, PAID)
    return order


def reasons(path: Path) -> list[tuple[str, str, str]]:
    with path.open(newline="") as sheet:
        return [(row["table"], row["row"], row["reason"]) for row in csv.DictReader(sheet)]
