"""Test and live money never mix, nor two accounts: what the configured key cannot see is left as it is."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from pytest_django import Settings

from phonepay.payments import stripe_side
from phonepay.payments.gateway import OtherAccount
from phonepay.payments.ledger import balance
from phonepay.payments.models import LedgerEntry, Refund
from phonepay.payments.overage import OverageRefused
from phonepay.payments.refunds import RefundRefused
from tests.shop import LUIS, Till, consent, fresh, sweep, sweep_until_done

CONFIRM = "/v1/payment_intents/*/confirm"


@pytest.fixture(params=["of live mode", "of another account", "gone"])
def change_key(request: pytest.FixtureRequest, settings: Settings, till: Till) -> Callable[[], None]:
    """The key that is set after something had been done with the first one."""
    keys = {
        "of live mode": till.key.replace("sk_test_", "sk_live_"),
        "of another account": f"sk_test_{uuid4().hex}",
        "gone": None,
    }

    def change() -> None:
        settings.PHONEPAY_STRIPE_SECRET_KEY = keys[request.param]

    return change


def test_a_charge_that_may_have_gone_through_is_not_called_uncharged(
    change_key: Callable[[], None], till: Till, settings: Settings
) -> None:
    order = till.order()
    till.faults.drop("POST", CONFIRM, when="after")
    payment = till.pay(order)
    change_key()
    for minutes in (1, 60):
        sweep(timedelta(minutes=minutes))
        order.refresh_from_db()
        assert (fresh(payment).status, order.claimed_by) == ("unknown", payment.pk)
    settings.PHONEPAY_STRIPE_SECRET_KEY = till.key
    sweep_until_done()
    assert fresh(payment).status == "succeeded"
    assert till.at_stripe == till.in_ledger == 4250


def test_nor_is_one_whose_process_was_killed(change_key: Callable[[], None], till: Till, settings: Settings) -> None:
    payment = till.agree(till.order())
    stripe_side.prepare(payment)
    card = till.card()
    till.claim(payment, card)
    till.client.payment_intents.confirm(
        payment.intent_id,
        {"payment_method": card.payment_method, "error_on_requires_action": True},
        {"idempotency_key": f"{payment.attempt}:confirm"},
    )
    change_key()
    sweep(timedelta(minutes=1))
    assert fresh(payment).status == "unknown"
    settings.PHONEPAY_STRIPE_SECRET_KEY = till.key
    sweep_until_done()
    assert fresh(payment).status == "succeeded"


def test_a_card_that_comes_after_the_change_is_not_charged(change_key: Callable[[], None], till: Till) -> None:
    order = till.order()
    payment = till.agree(order)
    stripe_side.prepare(payment)
    card = till.card()
    change_key()
    till.claim(payment, card)
    stripe_side.send_charge(payment)
    order.refresh_from_db()
    assert (payment.status, order.claimed_by) == ("failed", None)


def test_a_refund_that_may_be_under_way_is_not_called_failed(
    change_key: Callable[[], None], till: Till, settings: Settings
) -> None:
    order = till.order()
    till.pay(order)
    till.faults.drop("POST", "/v1/refunds", when="after")
    till.refund(order)
    change_key()
    sweep(timedelta(minutes=1))
    assert Refund.objects.get().status == Refund.Status.UNKNOWN
    settings.PHONEPAY_STRIPE_SECRET_KEY = till.key
    sweep_until_done()
    assert Refund.objects.get().status == Refund.Status.SUCCEEDED
    assert till.at_stripe == till.in_ledger == 0


def test_neither_refund_nor_extra_charge_is_made_with_the_wrong_key(change_key: Callable[[], None], till: Till) -> None:
    order = till.order()
    till.pay(order, consent=consent())
    change_key()
    with pytest.raises(RefundRefused, match=r"[Kk]ey"):
        till.refund(order)
    with pytest.raises(OverageRefused, match=r"[Kk]ey"):
        till.overage(order)
    assert (till.at_stripe, till.in_ledger) == (4250, 4250)


def test_an_event_of_the_other_mode_waits_for_its_key(till: Till, settings: Settings) -> None:
    payment = till.pay(till.order())
    settings.PHONEPAY_STRIPE_SECRET_KEY = till.key.replace("sk_test_", "sk_live_")
    event = till.hear("payment_intent.succeeded", payment.intent_id)
    with pytest.raises(OtherAccount):
        till.hear_and_handle("payment_intent.succeeded", payment.intent_id)
    sweep()
    event.refresh_from_db()
    assert "OtherAccount" in event.error and event.due_at is not None


def test_the_sums_of_the_modes_are_apart(till: Till, settings: Settings) -> None:
    order = till.order()
    till.pay(order)
    live = Till(till.standin, till.key.replace("sk_test_", "sk_live_"), till.shop)
    settings.PHONEPAY_STRIPE_SECRET_KEY = live.key
    real = "4539578763621486"  # no test card: those are refused in live mode
    paid = live.pay(order, number=real, phone=LUIS)
    assert (paid.status, paid.overpaid, paid.livemode) == ("succeeded", False, True)
    live.refund(order, 1000)
    assert balance(order, livemode=False) == 4250
    assert balance(order, livemode=True) == 3250
    assert set(LedgerEntry.objects.values_list("livemode", "amount")) == {(False, 4250), (True, 4250), (True, -1000)}
    order.refresh_from_db()
    assert order.paid_livemode


def test_a_test_refund_that_fails_does_not_touch_what_was_refunded_in_live(till: Till, settings: Settings) -> None:
    order = till.order()
    till.pay(order)
    [refund] = till.refund(order)
    settings.PHONEPAY_STRIPE_SECRET_KEY = till.key.replace("sk_test_", "sk_live_")
    live = Till(till.standin, settings.PHONEPAY_STRIPE_SECRET_KEY, till.shop)
    live.pay(order, number="4539578763621486")
    live.refund(order)
    settings.PHONEPAY_STRIPE_SECRET_KEY = till.key
    till.account.settle_refund(refund.stripe_id, "failed")
    till.hear_and_handle("refund.failed", refund.stripe_id)
    order.refresh_from_db()
    assert (order.status, balance(order, livemode=False), balance(order, livemode=True)) == ("refunded", 4250, 0)
