"""The sweeper: rows taken by lease, each done once or again harmlessly, by any number of workers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from phonepay.lib.stopping import STOPPING
from phonepay.payments import due, stripe_side
from phonepay.payments.models import Payment
from tests.shop import Till, fresh, next_due, sweep, sweep_until_done, together

CONFIRM = "/v1/payment_intents/*/confirm"


def charging(till: Till, number: str = "1234") -> Payment:
    payment = till.agree(till.order(number))
    stripe_side.prepare(payment)
    till.claim(payment)
    return payment


def test_nothing_owed_is_nothing_done(till: Till) -> None:
    assert sweep() == 0


def test_a_lease_keeps_others_away_until_it_lapses(till: Till) -> None:
    payment = charging(till)
    assert sweep(timedelta(seconds=29)) == 0
    assert sweep(timedelta(seconds=31)) == 1
    assert fresh(payment).status == "succeeded"


@pytest.mark.database
def test_several_workers_at_once_do_each_thing_once(till: Till) -> None:
    payments = [charging(till, str(number)) for number in (11, 12, 13)]
    later = timezone.now() + timedelta(seconds=31)
    assert sum(together(*[lambda: due.run_due(later) for _ in range(3)])) == 3
    assert [till.confirms_of(payment) for payment in payments] == [1, 1, 1]
    assert till.in_ledger == till.at_stripe == 3 * 4250


def test_what_is_settled_is_owed_no_more(till: Till) -> None:
    charging(till)
    sweep_until_done()
    assert next_due() is None


def test_one_row_that_fails_does_not_stop_the_others(till: Till, caplog: pytest.LogCaptureFixture) -> None:
    till.hear("payment_intent.succeeded", "pi_gone")
    payment = charging(till)
    sweep(timedelta(seconds=31))
    assert fresh(payment).status == "succeeded"
    assert "will be tried again" in caplog.text


def test_more_than_a_batch_is_done_look_by_look(till: Till) -> None:
    for _ in range(due.BATCH + 5):
        till.hear("payment_intent.created", "pi_1", metadata={})
    assert [sweep(timedelta(days=8)) for _ in range(3)] == [due.BATCH, 5, 0]


def test_years_of_trying_do_not_end_in_an_error(till: Till) -> None:
    payment = charging(till)
    till.faults.drop("POST", CONFIRM)
    Payment.objects.update(tries=due.MOST_TRIES)
    sweep(timedelta(seconds=31))
    assert fresh(payment).tries == due.MOST_TRIES


def test_a_repeat_that_stripe_refuses_is_no_proof(till: Till) -> None:
    """The first try was killed after Stripe had charged; the second is not let in, and what it reads neither."""
    payment = charging(till)
    till.client.payment_intents.confirm(
        payment.intent_id,
        {"payment_method": payment.payment_method, "error_on_requires_action": True},
        {"idempotency_key": f"{payment.attempt}:confirm"},
    )
    till.faults.rate_limit("POST", CONFIRM, times=3)
    till.faults.fail("GET", "/v1/payment_intents/*", status=403)
    sweep(timedelta(seconds=31))
    assert fresh(payment).status == "unknown"
    sweep_until_done()
    assert fresh(payment).status == "succeeded"
    assert till.in_ledger == till.at_stripe == 4250


def test_told_to_end_it_finishes_the_row_in_hand_and_takes_no_other(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in ("1", "2", "3"):
        till.claim(till.agree(till.order(number)))
    send = stripe_side.send_charge

    def send_and_be_told_to_end(payment: Payment, _question: object) -> None:
        STOPPING.set()
        send(payment)

    monkeypatch.setattr(stripe_side, "send_charge", send_and_be_told_to_end)
    try:
        assert sweep(timedelta(minutes=1)) == 1
    finally:
        STOPPING.clear()
    assert Payment.objects.filter(status=Payment.Status.SUCCEEDED).count() == 1
    monkeypatch.setattr(stripe_side, "send_charge", send)
    sweep_until_done()
    assert Payment.objects.filter(status=Payment.Status.SUCCEEDED).count() == 3
