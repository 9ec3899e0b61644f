"""The hold after a restore: nothing that moves money is sent until all that Stripe did was compared."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from phonepay.events.actors import SYSTEM, command
from phonepay.events.models import Event
from phonepay.orders.models import Order
from phonepay.payments import hold, stripe_side
from phonepay.payments.gateway import Held, get_gateway
from phonepay.payments.hold import Hold
from phonepay.payments.models import Payment
from phonepay.payments.overage import OverageRefused
from phonepay.payments.refunds import RefundRefused
from phonepay.people.permissions import NotAllowed, Person
from tests.shop import Till, consent, fresh, sweep, sweep_until_done

pytestmark = pytest.mark.database

OLGA = command("olga")


def put(at: datetime | None = None, hours: float = 6) -> Hold:
    now = at or timezone.now()
    return hold.put(why="restore", missing_since=now - timedelta(hours=hours), by=OLGA, now=now)


def moved(till: Till) -> int:
    """How many requests that move money reached Stripe."""
    assert till.standin
    return sum(
        each.method == "POST" and (each.path.endswith("/confirm") or each.path == "/v1/refunds")
        for each in till.standin.requests
        if each.path.startswith("/v1/payment_intents") or each.path == "/v1/refunds"
    )


def test_a_card_is_not_charged_and_the_payment_ends_truly(till: Till) -> None:
    payment = till.agree(till.order())
    put()
    before = moved(till)
    assert till.charge(payment).status == Payment.Status.FAILED
    assert (moved(till), till.at_stripe, till.in_ledger) == (before, 0, 0)
    assert till.intent(fresh(payment))["status"] == "canceled"
    assert Order.objects.get().claimed_by is None


def test_a_charge_that_had_gone_through_before_the_restore_is_booked(till: Till) -> None:
    payment = till.agree(till.order())
    till.claim(payment)
    stripe_side.ensure_intent(payment, get_gateway())
    intent_id = fresh(payment).intent_id or ""  # as the backup has it: claimed, not yet sent
    get_gateway().confirm_intent(
        intent_id, payment_method=payment.payment_method or "", moto=False, off_session=False, key="since then"
    )
    put()
    sweep(timedelta(minutes=1))
    assert fresh(payment).status == Payment.Status.SUCCEEDED
    assert till.at_stripe == till.in_ledger == 4250


def test_a_charge_that_had_not_gone_through_before_the_restore_is_cancelled(till: Till) -> None:
    payment = till.agree(till.order())
    till.claim(payment)
    stripe_side.ensure_intent(payment, get_gateway())
    put()
    sweep(timedelta(minutes=1))
    assert fresh(payment).status == Payment.Status.FAILED
    assert till.at_stripe == till.in_ledger == 0


def test_no_refund_is_taken(till: Till) -> None:
    order = till.order()
    till.pay(order)
    put()
    with pytest.raises(RefundRefused, match="restored from a backup"):
        till.refund(order)
    assert fresh(Payment.objects.get()).refunded == 0


def test_a_refund_that_was_asked_before_waits_for_the_end_of_the_hold(till: Till) -> None:
    order = till.order()
    till.pay(order)
    till.faults.drop("POST", "/v1/refunds")
    till.refund(order)
    put()
    before = moved(till)
    sweep_until_done(timedelta(hours=1))
    assert (moved(till), till.at_stripe) == (before, 4250)
    hold.lift(reconciled_until=timezone.now(), by=SYSTEM, now=timezone.now())
    sweep_until_done(timedelta(hours=2))
    assert till.at_stripe == till.in_ledger == 0


def test_no_extra_charge_is_taken(till: Till) -> None:
    order = till.order()
    till.pay(order, consent=consent())
    put()
    with pytest.raises(OverageRefused, match="restored from a backup"):
        till.overage(order)
    assert till.at_stripe == 4250


def test_the_gateway_itself_sends_nothing_that_moves_money(till: Till) -> None:
    put()
    gateway = get_gateway()
    with pytest.raises(Held):
        gateway.confirm_intent("pi_1", payment_method="pm_1", moto=False, off_session=False, key="k")
    with pytest.raises(Held):
        gateway.create_refund(charge_id="ch_1", amount=1, reason="duplicate", metadata={}, key="k")
    assert till.standin
    assert not [each for each in till.standin.requests if "/pi_1/" in each.path]


def test_it_is_lifted_once_the_comparison_has_reached_the_restore(till: Till) -> None:
    kept = put()
    assert not hold.lift(reconciled_until=kept.missing_since, by=SYSTEM, now=timezone.now())
    assert not hold.lift(reconciled_until=kept.put_at - timedelta(seconds=1), by=SYSTEM, now=timezone.now())
    assert hold.is_held()
    assert hold.lift(reconciled_until=kept.put_at, by=SYSTEM, now=timezone.now())
    assert not hold.is_held()
    assert till.pay(till.order()).status == Payment.Status.SUCCEEDED


def test_lifting_where_none_is_on_is_no_error(till: Till) -> None:
    assert hold.lift(reconciled_until=timezone.now(), by=SYSTEM, now=timezone.now())
    assert not Event.objects.exists()


def test_a_second_restore_widens_it(till: Till) -> None:
    now = timezone.now()
    put(now, hours=2)
    put(now + timedelta(minutes=5), hours=9)
    put(now + timedelta(minutes=1), hours=1)
    kept = Hold.objects.get()
    assert kept.put_at == now + timedelta(minutes=5)
    assert kept.missing_since == now + timedelta(minutes=5) - timedelta(hours=9)


def test_it_can_be_put_again_after_it_was_lifted(till: Till) -> None:
    put()
    hold.lift_by_hand(by=OLGA, now=timezone.now())
    put()
    assert (Hold.objects.count(), hold.is_held()) == (2, True)


def test_only_an_owner_puts_it_or_takes_it_off(till: Till) -> None:
    operator = Person("person", "2", "Otto", role="operator")
    with pytest.raises(NotAllowed):
        hold.put(why="by_hand", missing_since=timezone.now(), by=operator, now=timezone.now())
    put()
    with pytest.raises(NotAllowed):
        hold.lift_by_hand(by=operator, now=timezone.now())
    assert hold.is_held()


def test_both_ends_are_recorded(till: Till) -> None:
    put()
    hold.lift_by_hand(by=OLGA, now=timezone.now())
    assert list(Event.objects.values_list("type", "actor_name")) == [("hold.put", "olga"), ("hold.lifted", "olga")]
