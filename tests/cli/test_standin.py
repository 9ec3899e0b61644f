"""`phonepay standin`."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import stripe

from phonepay.cli.main import main
from phonepay.standins.stripe import StripeStandIn
from tests.cli.conftest import Command
from tests.cli.served import PATIENCE, ROOT


def _standin(*words: str, **environment: str) -> subprocess.Popen[str]:
    given = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]} | environment
    command = [sys.executable, "-m", "phonepay", "standin", *words]
    return subprocess.Popen(command, env=given, stdout=subprocess.PIPE, text=True)


def _customers(state: Path, *, make: bool) -> int:
    """Start the stand-in, perhaps make a customer, count them, end it."""
    with _standin("stripe", "--port", "0", "--state", str(state)) as process:
        assert process.stdout is not None
        client = stripe.StripeClient(
            "sk_test_standin00",
            base_addresses={"api": process.stdout.readline().split()[-1]},
            http_client=stripe.RequestsClient(),
        ).v1
        if make:
            client.customers.create({"name": "Ana Ruiz"})
        count = len(client.customers.list().data)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE) == 0
    return count


def test_stripe_keeps_what_it_knows_over_a_restart(tmp_path: Path) -> None:
    assert [_customers(tmp_path / "state", make=make) for make in (True, False)] == [1, 1]


def test_twilio_answers_for_the_account_of_the_environment() -> None:
    account = {"PHONEPAY_TWILIO_ACCOUNT_SID": "AC" + "1" * 32, "PHONEPAY_TWILIO_AUTH_TOKEN": "2" * 32}
    with _standin("twilio", "--port", "0", **account) as process:
        assert process.stdout is not None
        host = process.stdout.readline().split("http://")[1].split(",")[0]
        connection = http.client.HTTPConnection(host, timeout=PATIENCE)
        connection.request("GET", f"/2010-04-01/Accounts/AC{'1' * 32}.json")
        answer = connection.getresponse()
        assert answer.status == 401 and json.loads(answer.read())["status"] == 401
        connection.close()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=PATIENCE) == 0


def test_twilio_needs_an_account(phonepay: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PHONEPAY_TWILIO_ACCOUNT_SID")
    assert phonepay("standin", "twilio").code == 2


def test_a_port_that_is_taken_is_said(phonepay: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        printed = phonepay("standin", "stripe", "--port", str(taken.getsockname()[1]))
    assert printed.code == 1 and "Choose another port" in printed.err


def test_a_folder_that_is_not_there_is_said(phonepay: Command, tmp_path: Path) -> None:
    printed = phonepay("standin", "stripe", "--state", str(tmp_path / "gone" / "state"))
    assert printed.code == 1 and "There is no folder" in printed.err


def test_what_a_bank_does_is_ordered_from_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with StripeStandIn() as standin:
        paid = standin.account("sk_test_shop").pay_elsewhere(4250)
        where = ["--at", standin.url, "--key", "sk_test_shop"]
        assert main(["standin", "happen", "dispute", f"of={paid['id']}", "reason=duplicate", *where]) == 0
        assert json.loads(capsys.readouterr().out)["reason"] == "duplicate"
        assert main(["standin", "happen", "account", "rate_limit=9", *where]) == 0
        assert standin.account("sk_test_shop").rate_limit == 9
        assert main(["standin", "happen", "explode", *where]) != 0
