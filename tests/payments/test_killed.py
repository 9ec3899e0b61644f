"""The process is killed around each commit and each exchange with Stripe, and started again: the money is right."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from phonepay.standins.stripe import StripeStandIn

SCENARIOS = (
    "pays_and_is_refunded",
    "pays_for_a_new_number_and_is_charged_again",
    "is_declined_and_tries_another_card",
    "gives_up",
)
MORE_THAN_ENOUGH = 200


class Killed:
    """The process in tests/payments/killed.py, asked one thing at a time."""

    def __init__(self, standin: StripeStandIn, folder: Path, repository: Path) -> None:
        environment = os.environ | {
            "PHONEPAY_DATA_DIR": str(folder),
            "PHONEPAY_DATABASE_URL": f"sqlite:///{folder / 'template.sqlite3'}",
            "PHONEPAY_STRIPE_API_BASE": standin.url,
            "PHONEPAY_LOG_LEVEL": "CRITICAL",
        }
        command = [sys.executable, "-m", "tests.payments.killed"]
        self.process = subprocess.Popen(
            command, cwd=repository, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, **order: Any) -> dict[str, Any]:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "the killed process's parent ended: see its error above"
        facts: dict[str, Any] = json.loads(answer)
        return facts

    def end(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def killed(
    stripe_standin: StripeStandIn, tmp_path_factory: pytest.TempPathFactory, repository: Path
) -> Iterator[Killed]:
    killed = Killed(stripe_standin, tmp_path_factory.mktemp("killed"), repository)
    yield killed
    killed.end()


@pytest.mark.parametrize("later", [False, True], ids=["restarted at once", "restarted an hour later"])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_caller_whose_process_is_killed(
    scenario: str, later: bool, killed: Killed, stripe_standin: StripeStandIn
) -> None:
    for point in range(1, MORE_THAN_ENOUGH):
        key = f"sk_test_{uuid4().hex}"
        ours = killed.ask(scenario=scenario, point=point, key=key, later=later)
        wrong = differences(ours, stripe_standin.account(key).state())
        assert not wrong, (f"killed at point {point}, {ours['name']}", wrong, ours)
        if not ours["died"]:
            assert point > 8
            return
    pytest.fail("the scenario never ran through")


def differences(ours: dict[str, Any], stripe: dict[str, Any]) -> dict[str, Any]:
    """What our books and Stripe's say differently, or is not at its end."""
    charges = {each["id"]: each["amount_captured"] for each in stripe["charges"] if each["status"] == "succeeded"}
    refunds = {each["id"]: -each["amount"] for each in stripe["refunds"] if each["status"] == "succeeded"}
    booked = {stripe_object: amount for _, amount, stripe_object in ours["ledger"]}
    intents = {each["status"] for each in stripe["payment_intents"]}
    customers = [each["id"] for each in stripe["customers"] if not each.get("deleted")]
    net = sum(booked.values())
    claims = {
        "ledger": booked == charges | refunds,
        "each moved once": len(ours["ledger"]) == len(booked),
        "payments": sorted(ours["charges"]) == sorted(charges),
        "nothing under way": not {"agreed", "charging", "unknown"} & set(ours["statuses"]) and not ours["owed"],
        "refunds ended": set(ours["refunds"]) <= {"succeeded"} and ours["refunded"] == -sum(refunds.values()),
        "claims freed": ours["claimed"] == 0 and "reserved" not in ours["orders"],
        "order": ours["orders"] in ([["paid"]] if net else [["unpaid"], ["refunded"], []]),
        "intents ended": intents <= {"succeeded", "canceled"},
        "customers": sorted(customers) == sorted(ours["customers"]),
        "room": ours["room_used"] == ours["extras"],
    }
    return {name: "is wrong" for name, right in claims.items() if not right} | (
        {"stripe": {"charges": charges, "refunds": refunds, "intents": intents, "customers": customers}}
        if not all(claims.values())
        else {}
    )
