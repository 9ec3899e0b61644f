"""The old database is only read; its behavior, its words and its people come over."""

import socket
from pathlib import Path
from typing import Any

import pytest

from phonepay.imports.ancestor import source
from phonepay.merchant.models import Line
from phonepay.people.models import Invitation, User
from tests.cli.conftest import Command
from tests.imports.ancestor.old import Old
from tests.imports.ancestor.told import charge, paid_order, reasons
from tests.shop import Till

pytestmark = pytest.mark.database


def test_the_old_database_is_only_read(brings: Any, old: Old, till: Till) -> None:
    paid_order(old, charge(till))
    before = old.everything()
    brings()
    assert old.everything() == before


def test_another_database_is_refused(phonepay: Command, old: Old, till: Till) -> None:
    old.run("DROP TABLE transactions")
    printed = phonepay("import-ancestor", old.url)
    assert printed.code and "no table “transactions”" in printed.err


def test_a_host_that_hangs_up_on_who_is_silent(brings: Any, old: Old, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(
        source.OldDatabase, "check", lambda self: seen.extend(self._all("SHOW SESSION VARIABLES LIKE 'wait_timeout'"))
    )
    brings(write=False)
    assert seen == [("wait_timeout", "28800")]


def test_a_database_that_cannot_be_reached(phonepay: Command, old: Old, till: Till) -> None:
    printed = phonepay("import-ancestor", old.url.replace(":only@", ":wrong@"))
    assert printed.code and "cannot be reached" in printed.err


@pytest.mark.parametrize(
    ("kind", "order_id", "behavior"),
    [
        ("fixed", "enabled", "fixed-with-order"),
        ("fixed", "disabled", "fixed"),
        ("user_defined", "enabled", "caller-with-order"),
        ("user_defined", "disabled", "caller"),
    ],
)
def test_the_behavior(brings: Any, old: Old, kind: str, order_id: str, behavior: str) -> None:
    old.behavior(kind, order_id, 1200)
    brings()
    line = Line.objects.get()
    assert line.behavior == behavior
    assert kind != "fixed" or (line.fixed_amount, line.ceiling) == (120_000, 120_000)


def test_settings_changed_here_stay(brings: Any, old: Old) -> None:
    old.behavior("fixed", "enabled", 42)
    brings()
    Line.objects.update(behavior="caller")
    brings()
    assert Line.objects.get().behavior == "caller"
    brings("--settings", "again")
    assert Line.objects.get().behavior == "fixed-with-order"


def test_staff_are_invited_without_their_passwords(brings: Any, old: Old, till: Till) -> None:
    User.objects.create_user("here@example.com", "a password of ours", role="owner")
    old.staff("Olga@Example.com", "super_admin")
    old.staff("adam@example.com", "admin")
    old.staff("audrey@example.com", "auditor")
    old.staff("here@example.com", "auditor")
    old.staff("nobody", "admin")
    printed = brings()
    roles = dict(Invitation.objects.values_list("email", "role"))
    assert roles == {"olga@example.com": "owner", "adam@example.com": "operator", "audrey@example.com": "auditor"}
    assert printed.out.count("https://pay.example/") == 3
    assert User.objects.get().role == "owner"


def test_nobody_becomes_an_owner_by_dirt(brings: Any, old: Old, tmp_path: Path) -> None:
    old.staff("installer@example.com", "")
    rows = [old.staff("dirt@example.com", ""), old.staff("Dirt@example.com", "super_admin")]
    brings("--report", str(tmp_path / "r.csv"))
    roles = dict(Invitation.objects.values_list("email", "role"))
    assert roles == {"installer@example.com": "owner", "dirt@example.com": "auditor"}
    told = [(row, reason) for table, row, reason in reasons(tmp_path / "r.csv") if table == "staff"]
    assert told == [(str(rows[0]), "unknown_role"), (str(rows[1]), "mail_twice")]


def test_a_language_that_is_not_spoken(phonepay: Command, old: Old, till: Till) -> None:
    printed = phonepay("import-ancestor", old.url, "--locale", "xx")
    assert printed.code and "Choose one of: en-US" in printed.err


def test_what_is_no_database_is_not_waited_for(phonepay: Command, till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "CONNECT_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        printed = phonepay("import-ancestor", f"mysql://reader@127.0.0.1:{silent.getsockname()[1]}/old")
    assert printed.code and "cannot be reached" in printed.err


def test_prompts(brings: Any, old: Old, tmp_path: Path) -> None:
    ini = tmp_path / "ivr_message.ini"
    ini.write_text(
        "; words\nwelcome = Welcome to Corner Books\nask_orderid = please enter your order i d and press hash key\n"
        "payment_success = Thanks a lot\nalready_paid = Paid already\nask_card = Key your card, {name}\n"
        "say_card = You typed\nask_securityPlease enter your code.\n"
    )
    brings("--prompts", str(ini), "--report", str(tmp_path / "r.csv"))
    assert Line.objects.get().words == {
        "en-US": {
            "welcome": "Welcome to Corner Books",
            "outcome.paid": "Thanks a lot. You have paid {amount}. Your confirmation number is {confirmation}.",
        }
    }
    told = {(row, reason) for table, row, reason in reasons(tmp_path / "r.csv") if table == "prompts"}
    assert told == {
        ("already_paid", "prompt_none"), ("ask_card", "prompt_refused"), ("say_card", "prompt_card"),
        ("line 8", "prompt_broken"),
    }  # fmt: skip
