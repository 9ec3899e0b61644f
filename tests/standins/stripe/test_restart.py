"""What a file of state keeps when the stand-in is stopped, or killed, and started again."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import stripe

from phonepay.standins.stripe import StripeStandIn
from phonepay.standins.stripe.store import StateUnusable
from tests.standins.stripe import shop

SERVE = "import sys; from pathlib import Path; from phonepay.standins.stripe import serve; serve(0, Path(sys.argv[1]))"


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "stripe.state"
    with StripeStandIn(state=state, now=shop.NOW) as standin:
        client = shop.client(standin)
        standin.account(shop.KEY).moto = True
        made = shop.paid(client, method=shop.card(client, "4000000000005126"))
        client.v1.webhook_endpoints.create({"url": "http://127.0.0.1:1/", "enabled_events": ["*"]})
        before = standin.account(shop.KEY).state()
    with StripeStandIn(state=state, now=shop.NOW) as standin:
        client = shop.client(standin)
        assert standin.account(shop.KEY).state() == before
        assert standin.account(shop.KEY).moto
        refund = client.v1.refunds.create({"payment_intent": made.id})
        standin.clock.advance(3600)
        assert client.v1.refunds.retrieve(refund.id).status == "failed"


def test_keys_are_remembered_over_a_restart(tmp_path: Path) -> None:
    key, given = {"idempotency_key": "one"}, {"amount": 4250, "currency": "usd"}
    made = []
    for _ in "12":
        with StripeStandIn(state=tmp_path / "stripe.state") as standin:
            standin.same_account("sk_test_shop", "sk_test_connector")
            made.append(shop.client(standin, "sk_test_connector").v1.payment_intents.create(given, key).id)
            assert len(standin.account("sk_test_shop").payment_intents) == 1
    assert made[0] == made[1]


def test_a_turned_clock_stays_turned(tmp_path: Path) -> None:
    with StripeStandIn(state=tmp_path / "stripe.state") as standin:
        turned = standin.clock.advance(86400)
    with StripeStandIn(state=tmp_path / "stripe.state") as standin:
        assert standin.clock.now() >= turned


def test_what_was_not_delivered_is_delivered_after_the_restart(tmp_path: Path) -> None:
    state = tmp_path / "stripe.state"
    with StripeStandIn(state=state, now=shop.NOW) as standin:
        client = shop.client(standin)
        client.v1.webhook_endpoints.create({"url": "http://127.0.0.1:1/", "enabled_events": ["*"]})
        standin.webhooks.pause()
        client.v1.customers.create()
    with StripeStandIn(state=state, now=shop.NOW) as standin:
        assert standin.webhooks.wait_until_idle()
        assert [one.attempts for one in standin.webhooks.pending] == [1]


def test_neither_card_numbers_nor_keys_are_in_the_file(tmp_path: Path) -> None:
    state = tmp_path / "stripe.state"
    with StripeStandIn(state=state) as standin:
        client = shop.client(standin, "sk_test_averylongsecretkey")
        shop.paid(client, method=shop.card(client), metadata={"order": "order-1234"})
    written = state.read_bytes()
    assert b"order-1234" in written
    assert b"424242424" not in written and b"averylongsecretkey" not in written


def test_an_answer_comes_after_its_work_and_its_key_are_written(tmp_path: Path) -> None:
    key, card = {"idempotency_key": "one"}, {"payment_method": "pm_card_visa"}
    with StripeStandIn(state=tmp_path / "stripe.state", now=shop.NOW) as standin:
        standin.webhooks.chores = lambda: None  # the background writes too, a moment later
        client = shop.client(standin)
        made = shop.intent(client)
        client.v1.payment_intents.confirm(made.id, card, key)
        shutil.copy(tmp_path / "stripe.state", tmp_path / "as.killed")
    with StripeStandIn(state=tmp_path / "as.killed", now=shop.NOW) as standin:
        again = shop.client(standin).v1.payment_intents.confirm(made.id, card, key)
        assert again.status == "succeeded" and again.last_response.headers["Idempotent-Replayed"] == "true"
        assert len(standin.account(shop.KEY).charges) == 1


def test_a_file_of_state_belongs_to_one_stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("phonepay.standins.stripe.store.LOCK_SECONDS", 0.0)
    with StripeStandIn(state=tmp_path / "stripe.state"), pytest.raises(StateUnusable):
        StripeStandIn(state=tmp_path / "stripe.state")


def test_another_file_is_no_state(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("These are notes. " * 1000)
    with pytest.raises(StateUnusable):
        StripeStandIn(state=tmp_path / "notes.txt")
    assert (tmp_path / "notes.txt").read_text().startswith("These are notes.")


def test_the_stand_in_stands_alone() -> None:
    alone = "import phonepay.standins.stripe, sys; print({'django', 'stripe', 'twilio', 'httpx'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", alone], text=True).strip() == "set()"


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """The state of a stand-in that was killed after a payment, without a chance to tidy up."""
    state = tmp_path / "stripe.state"
    with subprocess.Popen([sys.executable, "-c", SERVE, str(state)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        client = stripe.StripeClient(shop.KEY, base_addresses={"api": url}, max_network_retries=0)
        shop.paid(client, metadata={"order": "7"})
        os.kill(process.pid, signal.SIGKILL)
    return state


def test_a_payment_survives_the_kill_of_the_stand_in(killed: Path) -> None:
    with StripeStandIn(state=killed) as standin:
        (made,) = shop.client(standin).v1.payment_intents.list().data
        assert (made.status, made.metadata.to_dict()) == ("succeeded", {"order": "7"})


def test_serving_ends_on_a_signal(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SERVE, str(tmp_path / "stripe.state")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Stripe stand-in: http://127.0.0.1:")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
