"""`phonepay serve`: who dies is started again, and who ends leaves nobody behind."""

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import Settings

from phonepay.cli.ports import reserve
from phonepay.cli.refusal import CommandRefused
from phonepay.standins.stripe import StripeStandIn
from tests.cli.conftest import Command
from tests.cli.served import PATIENCE, Served, children_of, have_ended, serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through Linux's /proc")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving("--port", "0", PHONEPAY_DATA_DIR=str(tmp_path)) as served:
        yield served.started()


def test_it_answers_when_it_says_where_it_listens(served: Served) -> None:
    assert served.get("/healthz") == 200


def test_an_embedded_database_is_migrated_before_the_first_call(tmp_path: Path) -> None:
    with serving("--port", "0", first_start=True, PHONEPAY_DATA_DIR=str(tmp_path)) as served:
        assert served.started().get("/healthz") == 200
        assert served.run("migrate").stdout == "The database is up to date.\n"


def test_a_web_process_that_was_killed_is_started_again_on_the_same_port(served: Served) -> None:
    os.kill(served.child("web"), signal.SIGKILL)
    assert "web process ended (killed by SIGKILL)" in served.complaint("web process")
    assert served.answers()


def test_nobody_of_a_killed_web_process_stays_behind(served: Served) -> None:
    web = served.child("web")
    below = children_of(web)
    os.kill(web, signal.SIGKILL)
    assert below and have_ended(below)


def test_what_answers_is_started_again_when_it_alone_was_killed(served: Served) -> None:
    web = served.child("web")
    below = children_of(web)
    for each in below:
        os.kill(each, signal.SIGKILL)
    assert have_ended(below) and served.answers()
    assert served.child("web") == web


def test_a_worker_that_was_killed_is_started_again(served: Served) -> None:
    worker = served.child("worker")
    os.kill(worker, signal.SIGKILL)
    served.complaint("worker process ended (killed by SIGKILL)")
    assert served.answers() and served.stop() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_told_to_end_it_ends_with_everybody(served: Served, number: signal.Signals) -> None:
    family = served.family()
    assert len(family) >= 3
    assert served.stop(number) == 0
    assert have_ended(family)


def test_killed_without_a_word_it_still_leaves_nobody_behind(served: Served) -> None:
    family = served.family()
    served.process.kill()
    assert have_ended(family)


def test_two_cannot_listen_on_one_port(served: Served, tmp_path: Path) -> None:
    port = served.url.rpartition(":")[2]
    refused = served.run("serve", "--port", port)
    assert refused.returncode == 1 and "somebody listens there already" in refused.stderr


def test_the_worker_runs_apart(tmp_path: Path) -> None:
    with serving("--worker", PHONEPAY_DATA_DIR=str(tmp_path)) as served:
        assert served.said.get(timeout=PATIENCE).startswith("The worker runs")
        assert len(children_of(served.process.pid)) == 1 and served.stop() == 0


def test_the_web_process_runs_apart(tmp_path: Path) -> None:
    with serving("--web", "--port", "0", PHONEPAY_DATA_DIR=str(tmp_path)) as served:
        served.started()
        assert len(children_of(served.process.pid)) == 1 and served.stop() == 0


def test_one_that_is_only_tried_takes_the_code_of_the_first_set_up_from_nobody(tmp_path: Path) -> None:
    def code() -> object:
        with contextlib.closing(sqlite3.connect(tmp_path / "phonepay.sqlite3")) as database:
            return database.execute("SELECT code_hash FROM setup_setup").fetchone()[0]

    with serving("--web", "--port", "0", PHONEPAY_DATA_DIR=str(tmp_path)) as served:
        assert served.started().url
        printed = code()
        with serving("--web", "--port", "0", "--trial", PHONEPAY_DATA_DIR=str(tmp_path)) as tried:
            assert tried.started().answers()
        assert printed and code() == printed


def test_a_charge_under_way_ends_before_the_process_does(tmp_path: Path) -> None:
    with StripeStandIn() as stripe:
        environment = {
            "PHONEPAY_DATA_DIR": str(tmp_path),
            "PHONEPAY_PUBLIC_URL": "https://pay.example",
            "PHONEPAY_TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
            "PHONEPAY_TWILIO_AUTH_TOKEN": "1" * 32,
            "PHONEPAY_STRIPE_SECRET_KEY": "sk_test_undertheway00",
            "PHONEPAY_STRIPE_API_BASE": stripe.url,
        }
        with serving("--web", "--port", "0", **environment) as served:
            served.started().run("line", "set", "--behavior", "fixed", "--amount", "42.50")
            held = stripe.faults.hold("POST", "/v1/payment_intents/*/confirm")
            script = ["--script", "1 card:4242424242424242/0333/123/94110"]
            call = [sys.executable, "-m", "phonepay", "call", "--local", served.url, *script]
            with subprocess.Popen(
                call, env=served.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            ) as caller:
                assert held.arrived.wait(PATIENCE)
                served.process.terminate()
                assert served.listens_no_more()
                held.release()
                assert served.process.wait(timeout=PATIENCE) == 0
                caller.kill()
            (payment,) = json.loads(served.run("payment", "list", "--json").stdout)
    assert payment["status"] == "succeeded"


# --- ports ---


def test_a_port_that_is_taken_is_refused_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(CommandRefused, match="choose another port"):
        reserve("127.0.0.1", taken.getsockname()[1])


@pytest.mark.parametrize(
    ("host", "port"), [("127.0.0.1", 99999), ("127.0.0.1", -1), ("203.0.113.7", 0), ("no such host", 0)]
)
def test_what_cannot_be_listened_on_is_refused(host: str, port: int) -> None:
    with pytest.raises(CommandRefused):
        reserve(host, port)


def test_a_free_port_is_kept_for_us() -> None:
    port, held = reserve("127.0.0.1", 0)
    assert held is not None
    with held, socket.socket() as other, pytest.raises(OSError):
        other.bind(("127.0.0.1", port))


# --- databases that are not embedded ---


@pytest.fixture
def behind(db: None, settings: Settings) -> None:
    """A database that lacks one migration, and is not ours to migrate."""
    settings.PHONEPAY_DATABASE_OURS = False
    applied = MigrationRecorder(connection)
    applied.record_unapplied("calls", max(name for app, name in applied.applied_migrations() if app == "calls"))


@pytest.mark.usefixtures("behind")
@pytest.mark.parametrize("words", [("serve", "--port", "0"), ("order", "list")])
def test_with_migrations_pending_nothing_starts(phonepay: Command, words: tuple[str, ...]) -> None:
    printed = phonepay(*words)
    assert printed.code == 1 and "run phonepay migrate first" in printed.err
