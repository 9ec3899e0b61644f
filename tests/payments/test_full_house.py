"""A minute in which Stripe answers 429 to everything: nothing is lost, nothing is doubled, and what is said is true."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from phonepay.payments import event_poll, pacing, pool, stripe_events, stripe_side
from phonepay.payments.due import run_due
from phonepay.payments.models import EventPoll, Payment, Refund, StripeEvent
from phonepay.payments.reconciliation import runs
from tests.payments.states_and_events import charging, unknown_moved
from tests.shop import OLIVIA, Till, consent, fresh, sweep, sweep_until_done

MINUTE = range(0, 60, 5)


@pytest.fixture
def paid(till: Till) -> Payment:
    return till.pay(till.order(), consent=consent())


def full(till: Till) -> None:
    """From now on every request of ours is one too many."""
    till.account.rate_limit = 0


def minutes_of_work(till: Till) -> Iterator[int]:
    """The worker's rounds of a full minute, and then Stripe has room again."""
    now = timezone.now()
    for seconds in MINUTE:
        with time_machine.travel(now + timedelta(seconds=seconds)):
            yield run_due(timezone.now())
    till.account.rate_limit = None


def a_minute_later(till: Till) -> None:
    for _ in minutes_of_work(till):
        pass
    sweep_until_done()


def requests_of(till: Till) -> Sequence[object]:
    assert till.standin is not None
    return till.standin.requests


def agrees(till: Till) -> bool:
    return till.at_stripe == till.in_ledger


def test_the_callers_charge_is_truly_not_made_and_the_order_stays_payable(till: Till) -> None:
    order, card = till.order(), till.card()
    full(till)
    payment = till.agree(order)
    till.claim(payment, card)
    stripe_side.send_charge(payment)
    assert fresh(payment).status == Payment.Status.FAILED and till.at_stripe == 0
    a_minute_later(till)
    assert till.pay(order).status == Payment.Status.SUCCEEDED and till.at_stripe == 4250 and agrees(till)


def test_a_card_that_is_refused_at_the_confirm_alone_is_not_charged_either(till: Till) -> None:
    payment, card = till.agree(till.order()), till.card()
    stripe_side.prepare(payment)
    full(till)
    till.claim(payment, card)
    stripe_side.send_charge(payment)
    assert fresh(payment).status == Payment.Status.FAILED
    a_minute_later(till)
    assert till.intent(fresh(payment))["status"] == "canceled" and till.at_stripe == 0


def test_a_charge_that_a_killed_process_left_is_checked_until_stripe_says(till: Till) -> None:
    payment = till.agree(till.order())
    stripe_side.prepare(payment)
    charging(till, payment)
    full(till)
    with time_machine.travel(timezone.now() + timedelta(seconds=45)):
        a_minute_later(till)
    assert fresh(payment).status == Payment.Status.FAILED
    assert till.intent(fresh(payment))["status"] == "canceled" and till.at_stripe == 0 and agrees(till)


def test_a_charge_whose_answer_was_lost_is_never_said_to_have_failed(till: Till) -> None:
    payment = till.agree(till.order())
    stripe_side.prepare(payment)
    unknown_moved(till, payment)
    full(till)
    for _ in minutes_of_work(till):
        assert fresh(payment).status == Payment.Status.UNKNOWN
    sweep_until_done()
    assert fresh(payment).status == Payment.Status.SUCCEEDED and agrees(till)


def test_a_refund_is_waited_for_and_made_once(till: Till, paid: Payment) -> None:
    full(till)
    [refund] = till.refund(paid)
    assert refund.status in Refund.IN_FLIGHT
    for _ in minutes_of_work(till):
        refund.refresh_from_db()
        assert refund.status in Refund.IN_FLIGHT
    sweep_until_done()
    refund.refresh_from_db()
    assert refund.status == Refund.Status.SUCCEEDED
    assert till.at_stripe == 0 and agrees(till) and len(till.account.refunds) == 1


def test_an_extra_charge_is_truly_not_made_and_can_be_asked_for_again(till: Till, paid: Payment) -> None:
    assert paid.order is not None
    full(till)
    assert till.overage(paid.order).status == Payment.Status.FAILED
    a_minute_later(till)
    assert till.overage(paid.order).status == Payment.Status.SUCCEEDED
    assert till.at_stripe == 5250 and agrees(till)


def test_what_stripe_told_is_kept_until_it_can_be_read(till: Till) -> None:
    payment = till.agree(till.order())
    stripe_side.prepare(payment)
    till.client.payment_intents.confirm(payment.intent_id, {"payment_method": till.card().payment_method})
    event = till.hear("payment_intent.succeeded", str(payment.intent_id))
    full(till)
    for _ in minutes_of_work(till):
        assert StripeEvent.objects.get(pk=event.pk).due_at is not None
    sweep_until_done(timedelta(minutes=15))
    assert fresh(payment).status == Payment.Status.SUCCEEDED and agrees(till)


def test_the_poller_misses_nothing(till: Till, paid: Payment) -> None:
    event_poll.run_due(timezone.now())
    till.account.dispute(paid.intent_id)
    full(till)
    now = timezone.now() + timedelta(minutes=20)
    for seconds in MINUTE:
        with time_machine.travel(now + timedelta(seconds=seconds)):
            event_poll.run_due(timezone.now())
    assert "Too many requests" in EventPoll.objects.get().error
    till.account.rate_limit = None
    with time_machine.travel(now + timedelta(minutes=10)):
        event_poll.run_due(timezone.now())
    for event in StripeEvent.objects.filter(ours=True, due_at__isnull=False):
        stripe_events.handle(event, now=timezone.now())
    assert fresh(paid).disputed == 4250


def test_reconciliation_goes_on_where_it_was(till: Till, paid: Payment) -> None:
    run = runs.ask(merchant=till.shop, by=OLIVIA, now=timezone.now())
    full(till)
    now = timezone.now()
    for seconds in MINUTE:
        runs.run_due(now + timedelta(seconds=seconds))
    run.refresh_from_db()
    assert "Too many requests" in run.error and till.in_ledger == 4250
    till.account.rate_limit = None
    for minutes in range(11, 60):
        runs.run_due(now + timedelta(minutes=minutes))
    run.refresh_from_db()
    assert run.finished_at is not None and run.differing == 0 and agrees(till)


def test_all_that_a_process_asks_passes_one_gate(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    gate = pacing.Pace(20, 4, clock=lambda: 0.0, wait=waits.append)
    monkeypatch.setattr(pacing, "gate", lambda **facts: gate)
    payment = till.agree(till.order(), consent=consent())
    card, before = till.card(), len(requests_of(till))
    pool.start_preparing(payment)
    till.claim(payment, card)
    pool.start_charge(payment)
    pool.wait_until_idle()
    till.refund(Payment.objects.get())
    sweep()
    event_poll.run_due(timezone.now())
    run = runs.ask(merchant=till.shop, by=OLIVIA, now=timezone.now())
    for _ in range(20):
        runs.run_due(timezone.now() + timedelta(minutes=1))
    run.refresh_from_db()
    asked = len(requests_of(till)) - before
    assert run.finished_at is not None and asked > 10
    assert len(waits) == asked - 4  # four went at once, on a clock that stands still all others wait


@pytest.mark.parametrize("livemode", [True, False])
def test_the_gate_lets_less_through_in_a_second_than_stripe_takes(livemode: bool) -> None:
    at: list[float] = []
    clock = Clock()
    gate = pacing.GATES[livemode]
    gate = pacing.Pace(gate.per_second, gate.at_once, clock=clock, wait=clock.go_on)
    for _ in range(500):
        gate.take()
        at.append(clock())
    most = max(sum(start <= each < start + 1 for each in at) for start in at)
    assert most < pacing.LIMITS[livemode]


class Clock:
    """Goes on by what is waited alone, so that nobody asks slower than the gate lets them."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def go_on(self, seconds: float) -> None:
        self.now += seconds


def test_a_stand_in_is_asked_as_fast_as_it_answers() -> None:
    assert pacing.gate(livemode=False, base="http://127.0.0.1:1") is None
    assert pacing.gate(livemode=False, base="") is pacing.GATES[False]
