"""Leaving the sandbox: what becomes of what was tried, and when it has to wait."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from phonepay.alerts.models import Alert
from phonepay.alerts.operations import alert
from phonepay.calls.models import Call
from phonepay.events.models import Event
from phonepay.merchant.credentials import current
from phonepay.merchant.models import Line, Merchant
from phonepay.notifications.models import Delivery
from phonepay.orders.models import Order
from phonepay.orders.operations import add_order
from phonepay.payments.models import LedgerEntry, Payment, Refund
from phonepay.payments.refunds import refund
from phonepay.protection.models import Measure
from phonepay.setup.sandbox import SandboxRefused, is_on, state_file, stay
from tests.sandbox.playing import Sandbox
from tests.sandbox.test_sandbox import leave, pay, start
from tests.shop import OLIVIA


def test_left_and_cleared_nothing_of_what_was_tried_is_there(sandbox: Sandbox) -> None:
    refund(of=pay(sandbox), amount=1000, reason="duplicate", key="a", by=OLIVIA, now=timezone.now())
    sandbox.judge()
    left = leave(clear=True)
    for model in (Call, Payment, Refund, LedgerEntry, Order):
        assert not model._default_manager.exists(), model.__name__
    assert not state_file(left).exists()
    assert (is_on(), stay()) == (False, None)


def test_left_and_kept_it_stays_as_test_payments_that_nobody_asks_about(sandbox: Sandbox) -> None:
    paid = pay(sandbox)
    sandbox.judge()
    leave(clear=False)
    paid.refresh_from_db()
    assert (paid.status, paid.livemode, paid.due_at) == (Payment.Status.SUCCEEDED, False, None)
    assert LedgerEntry.objects.filter(payment=paid).exists()
    assert not is_on()


def test_neither_a_letter_nor_a_measure_of_its_time_stays(sandbox: Sandbox) -> None:
    paid, now = pay(sandbox), timezone.now()
    sandbox.judge()
    facts = {"kind": "payment", "subject": str(paid.pk), "once": "receipt", "state": "dropped", "made_at": now}
    Delivery.objects.create(order=paid.order, **facts)
    Measure.objects.create(
        merchant=paid.merchant, line=paid.line, kind="line", key="", step=2, since=now, until=now + timedelta(hours=1)
    )
    leave(clear=True)
    assert (Delivery.objects.count(), Measure.objects.count(), Order.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("clear", [True, False])
def test_alerts_about_the_stand_ins_are_over_and_nobody_is_written_to(sandbox: Sandbox, clear: bool) -> None:
    now = timezone.now()
    alert(kind="stripe_refuses", facts={"why": "tried"}, now=now)
    alert(kind="worker_away", facts={"seen_at": "09:00"}, now=now)
    Alert.objects.update(told_count=1)
    leave(clear=clear)
    tried, lasting = Alert.objects.get(kind="stripe_refuses"), Alert.objects.get(kind="worker_away")
    assert (tried.closed_at is None, tried.tell_at, lasting.closed_at) == (False, None, None)


def test_an_alert_from_before_it_goes_on(sandbox: Sandbox) -> None:
    alert(kind="stripe_refuses", facts={"why": "before"}, now=timezone.now() - timedelta(days=3))
    leave(clear=True)
    assert Alert.objects.get().closed_at is None


def test_the_shop_its_line_and_the_activity_stay_whatever_is_cleared(sandbox: Sandbox) -> None:
    pay(sandbox)
    sandbox.judge()
    before = Event.objects.count()
    leave(clear=True)
    assert Line.objects.get().merchant.name == "Harbor Garage"
    assert Event.objects.count() > before


def test_an_order_of_the_shops_own_is_to_pay_again(first_day: Path, product: str, sandbox: Sandbox) -> None:
    shop = Merchant.objects.get()
    own = add_order(merchant=shop, number="77", amount=2000, currency="usd", by=OLIVIA, now=timezone.now())
    pay(sandbox, "77")
    sandbox.judge()
    leave(clear=True)
    own.refresh_from_db()
    assert (own.status, own.paid_at, Order.objects.count()) == (Order.Status.UNPAID, None, 1)


def test_what_was_there_before_is_not_cleared(sandbox: Sandbox) -> None:
    old = pay(sandbox)
    Payment.objects.filter(pk=old.pk).update(agreed_at=sandbox.stay.started_at - timedelta(days=1))
    Call.objects.filter(sid=old.call_sid).update(started_at=sandbox.stay.started_at - timedelta(days=1))
    pay(sandbox, "1043")
    sandbox.judge()
    leave(clear=True)
    assert [payment.pk for payment in Payment.objects.all()] == [old.pk]
    assert [call.sid for call in Call.objects.all()] == [old.call_sid]


def test_it_is_not_left_while_a_charge_is_being_checked(sandbox: Sandbox) -> None:
    paid = pay(sandbox)
    Payment.objects.filter(pk=paid.pk).update(status=Payment.Status.UNKNOWN)
    with pytest.raises(SandboxRefused, match="still being checked"):
        leave(clear=True)
    assert is_on()
    Payment.objects.filter(pk=paid.pk).update(status=Payment.Status.SUCCEEDED)


def test_who_is_not_in_it_cannot_leave_it(first_day: Path) -> None:
    with pytest.raises(SandboxRefused, match="not in the sandbox"):
        leave(clear=True)


def test_a_call_under_way_ends_with_it(sandbox: Sandbox) -> None:
    board = sandbox.twilio.switchboard
    assert board is not None
    sid = board.answer("POST", "/_standin/telephones", {"to": "+12025550100", "wait": "2"})[1]["sid"]
    leave(clear=False)
    assert Call.objects.get(sid=sid).ended_at is not None


def test_it_can_be_started_again_with_another_account(sandbox: Sandbox) -> None:
    before = current().stripe_secret_key
    leave(clear=True)
    start()
    assert current().stripe_secret_key not in (None, before)
