"""What waits inside waits less than what waits outside: the table of docs/timeouts.md, its numbers and their order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from phonepay.calls import card
from phonepay.cli import supervisor, web
from phonepay.configuration import addresses
from phonepay.configuration.addresses import django_database, parse_database_url
from phonepay.configuration.variables import VARIABLES
from phonepay.notifications import outbox, smtp
from phonepay.payments import operations, stripe_gateway
from phonepay.telephony import client
from phonepay.telephony.addresses import OVERRIDES

TWILIO_TOTAL = 15.0


def override(name: str) -> float:
    found = re.search(rf"\b{name}=(\d+)", OVERRIDES)
    assert found
    return int(found[1]) / 1000


STATEMENT = float(next(each.standing or "0" for each in VARIABLES if each.name == "PHONEPAY_DATABASE_TIMEOUT"))
CONNECT_STRIPE, READ_STRIPE = stripe_gateway.TIMEOUT
FULL_HOUSE = sum(stripe_gateway.RATE_LIMIT_WAITS)
LEASE = operations.LEASE.total_seconds()

IN_CODE = {
    ("Twilio", "one answer of ours"): override("rt"),
    ("Twilio", "connecting to us"): override("ct"),
    ("Twilio", "an answer, its tries together"): override("tt"),
    ("we", "connecting to the database"): addresses.CONNECT_SECONDS,
    ("we", "a lock of the database"): addresses.LOCK_SECONDS,
    ("we", "one statement"): STATEMENT,
    ("we", "a MariaDB that says nothing"): STATEMENT + addresses.SILENT_SECONDS,
    ("database", "a forgotten transaction"): addresses.IDLE_IN_TRANSACTION_SECONDS,
    ("we", "connecting to Stripe"): CONNECT_STRIPE,
    ("we", "Stripe's answer"): READ_STRIPE,
    ("we", "a full house at Stripe, tries together"): FULL_HOUSE,
    ("we", "Twilio's REST answer"): client.TIMEOUT,
    ("we", "a step of the mail server"): smtp.ANSWER_SECONDS,
    ("worker", "letters, until a round begins no other"): outbox.SLICE_SECONDS,
    ("caller", 'the bank, until "being checked" is said'): card.TOLD_AFTER,
    ("a row", "its worker, before another takes it"): LEASE,
    ("web process", "its requests and charges, when told to end"): web.STOP_SECONDS,
    ("serve", "its processes, when told to end"): supervisor.STOP_SECONDS,
}


def test_the_table_says_what_the_code_does(repository: Path) -> None:
    text = (repository / "docs/timeouts.md").read_text("utf-8")
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([\d.]+) \|", text, re.MULTILINE)
    assert {(who, what): float(seconds) for who, what, seconds in rows} == pytest.approx(IN_CODE)


@pytest.mark.parametrize("inner", [addresses.CONNECT_SECONDS, addresses.LOCK_SECONDS])
def test_a_database_that_is_away_or_locked_is_told_before_twilio_gives_up_the_answer(inner: float) -> None:
    assert inner < override("rt")


@pytest.mark.parametrize(
    "inner",
    [STATEMENT, STATEMENT + addresses.SILENT_SECONDS, CONNECT_STRIPE + READ_STRIPE, client.TIMEOUT, override("rt")],
)
def test_everything_that_a_request_may_wait_for_ends_before_twilios_own_limit(inner: float) -> None:
    assert inner < TWILIO_TOTAL and override("tt") <= TWILIO_TOTAL


def test_a_lease_outlives_any_one_request_of_its_holder() -> None:
    one_request = CONNECT_STRIPE + READ_STRIPE + FULL_HOUSE + STATEMENT
    assert one_request < LEASE
    assert client.TIMEOUT + STATEMENT < LEASE


def test_the_caller_hears_of_it_before_another_process_takes_the_charge_over() -> None:
    assert card.TOLD_AFTER < LEASE


def test_a_process_told_to_end_has_time_for_the_charge_in_hand_and_its_parent_waits_longer() -> None:
    assert CONNECT_STRIPE + READ_STRIPE + FULL_HOUSE + STATEMENT < web.STOP_SECONDS < supervisor.STOP_SECONDS


def test_a_forgotten_transaction_ends_with_its_lease() -> None:
    assert addresses.IDLE_IN_TRANSACTION_SECONDS <= LEASE


@pytest.mark.parametrize("url", ["postgresql://u:p@h/n", "mariadb://u:p@h/n", "sqlite:////tmp/x"])
def test_every_database_is_given_its_bounds(url: str) -> None:
    made = django_database(
        parse_database_url(url), statement_seconds=int(STATEMENT), connections=4, sqlite_version=(3, 53, 0)
    )
    options = made["OPTIONS"]
    expected = {
        "postgresql": {"connect_timeout": 5},
        "mariadb": {"connect_timeout": 5, "read_timeout": 12, "write_timeout": 12},
        "sqlite": {"timeout": 5},
    }[url.partition(":")[0]]
    assert {name: options[name] for name in expected} == expected
    if url.startswith("postgresql"):
        assert "statement_timeout=10000" in options["options"] and "lock_timeout=5000" in options["options"]
        assert options["pool"]["timeout"] == 5
