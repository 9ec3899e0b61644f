"""The sandbox on real processes: from an empty data folder to the first paid call, its refund, and out again."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from phonepay.cli.main import main
from tests.cli.served import PATIENCE, Served, have_ended, serving
from tests.sandbox.playing import without_keys

TELEPHONE = "/try-the-line/telephone"


@dataclass
class Person:
    """Somebody in a browser without scripts, who counts what they have to do."""

    browser: httpx.Client
    html: str = ""
    steps: list[str] = field(default_factory=list)

    def opens(self, path: str) -> str:
        self.html = self.browser.get(path).text
        return self.html

    def sends(self, path: str, **facts: str) -> httpx.Response:
        """One form of the page that was opened last."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.html)
        assert token, self.html
        answer = self.browser.post(path, data={"csrfmiddlewaretoken": token[1]} | facts)
        self.html = answer.text
        return answer

    def does(self, what: str, **facts: str) -> None:
        """One step at the telephone, and as long as it takes until the line listens again."""
        self.steps.append(what)
        self.sends(TELEPHONE, **facts)
        self.waits(lambda: 'data-state="busy"' not in self.html)

    def waits(self, there: Any) -> None:
        until = time.monotonic() + PATIENCE
        while not there():
            assert time.monotonic() < until, self.html
            threading.Event().wait(0.1)
            self.opens(TELEPHONE)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One for all: it takes seconds to start."""
    folder = tmp_path_factory.mktemp("sandbox")
    with serving("--port", "0", PHONEPAY_DATA_DIR=str(folder / "data"), HOME=str(folder)) as served:
        yield served.started()


@pytest.fixture(scope="module")
def person(served: Served) -> Iterator[Person]:
    """Whoever has started it, in a browser; nobody has an account yet."""
    with httpx.Client(base_url=served.url, follow_redirects=True, timeout=PATIENCE, trust_env=False) as browser:
        yield Person(browser)


def goes_through_the_first_door(served: Served, person: Person) -> None:
    """With the address that `serve` prints, to the telephone."""
    line = ""
    while "/setup?code=" not in line:
        line = served.said.get(timeout=PATIENCE)
    code = line.rpartition("=")[2]
    person.steps += ["open the address", "begin", "try it now"]
    person.opens(f"/setup?code={code}")
    person.sends("/setup", code=code)
    assert person.sends("/setup/try").url.path == TELEPHONE


def pays(person: Person) -> str:
    """The first call of somebody who reads what the page says; the address of the payment."""
    person.opens(TELEPHONE)
    person.waits(lambda: f'action="{TELEPHONE}"' in person.html)
    person.does("call", act="call")
    key = re.search(r"<b>(\d+)#</b>", person.html)
    assert key, person.html
    person.does("key the order's number", act="press", keys=f"{key[1]}#")
    person.does("yes, pay", act="press", keys="1")
    if "charge this card again" in person.html:
        person.does("no later charges", act="press", keys="2")
    person.does("choose the test card that is accepted", act="card", value="accepted")
    person.waits(lambda: "Look at the payment" in person.html)
    link = re.search(r"/payments/[0-9a-f-]{36}(?=\")", person.html)
    assert link, person.html
    return link[0]


def refunds(person: Person, payment: str) -> str:
    form = person.opens(f"{payment}/refund")
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    del hidden["csrfmiddlewaretoken"]
    person.sends(f"{payment}/refund", **hidden, how="all", reason="requested_by_customer")
    return person.opens(payment)


def test_the_first_test_payment_takes_less_than_a_minute_and_few_steps(served: Served, person: Person) -> None:
    began = time.monotonic()
    goes_through_the_first_door(served, person)
    payment = pays(person)
    assert time.monotonic() - began < 60
    assert len(person.steps) <= 8, person.steps
    page = person.opens(payment)
    assert "Paid" in page
    assert "Sandbox: nothing leaves this machine" in page


def test_stand_ins_that_die_come_back_with_all_they_held(served: Served, person: Person) -> None:
    payment = pays(person)
    dead = served.child("sandbox")
    os.kill(dead, signal.SIGKILL)
    assert have_ended([dead])
    served.complaint("The sandbox process ended")
    person.opens(TELEPHONE)
    person.waits(lambda: "The sandbox is starting." not in person.html)
    assert "Refunded" in refunds(person, payment)


def test_what_becomes_of_what_was_tried_has_to_be_said(served: Served, person: Person) -> None:
    refused = served.run("sandbox", "leave")
    assert refused.returncode != 0
    assert "--clear or --keep" in refused.stderr


def test_the_check_finds_nothing_wrong_with_calls(served: Served, person: Person) -> None:
    told = served.run("check").stdout
    assert "this is the sandbox, and calls come from its own telephone" in told
    assert "Callers hear" not in told


def test_left_it_leads_on_to_the_accounts(served: Served, person: Person) -> None:
    person.opens("/sandbox/leave")
    answer = person.sends("/sandbox/leave", tried="clear")
    assert answer.url.path == "/setup/owner"
    assert "Sandbox: nothing leaves this machine" not in answer.text
    assert served.run("payment", "list").stdout.count("Paid") == 0


def test_the_sandbox_survives_a_restart_of_serve_and_ends_when_it_is_left(served: Served) -> None:
    served.run("sandbox", "start")
    served.stop()
    folder = {name: served.environment[name] for name in ("PHONEPAY_DATA_DIR", "HOME")}
    with serving("--port", "0", **folder) as again:
        again.started()
        assert _appears(again)
        stand_ins = again.child("sandbox")
        assert again.run("sandbox", "state").stdout.startswith("In the sandbox since")
        left = again.run("sandbox", "leave", "--keep")
        assert left.stdout == "The sandbox is left. What was tried is kept, as test payments.\n"
        assert have_ended([stand_ins])
        assert again.run("sandbox", "state").stdout == "Not in the sandbox.\n"


@pytest.mark.django_db
def test_keys_of_the_environment_refuse_it(capsys: pytest.CaptureFixture[str], settings: Any, tmp_path: Path) -> None:
    without_keys(settings, tmp_path)
    settings.PHONEPAY_STRIPE_SECRET_KEY = "sk_live_realmoney0000"
    assert main(["sandbox", "start"]) != 0
    assert "sets keys of Twilio or Stripe" in capsys.readouterr().err


def _appears(served: Served) -> bool:
    """Wait until the stand-ins run."""
    for _ in range(int(PATIENCE / 0.1)):
        try:
            return served.child("sandbox") > 0
        except ValueError:
            threading.Event().wait(0.1)
    return False
