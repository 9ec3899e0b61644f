"""The extra charge: only what the caller said yes to, up to the cap, until the day, one at a time."""

import inspect
import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from phonepay.events.models import Event
from phonepay.orders.models import Order
from phonepay.orders.operations import mark_paid_another_way
from phonepay.payments import overage
from phonepay.payments.models import LedgerEntry, Payment
from phonepay.payments.overage import OverageRefused, charge_overage
from tests.shop import OLIVIA, InBackground, Till, consent, fresh, sweep, sweep_until_done, together

pytestmark = pytest.mark.database
CONFIRM = "/v1/payment_intents/*/confirm"


@pytest.fixture
def paid(till: Till) -> Order:
    order = till.order()
    till.pay(order, consent=consent())
    return order


def room() -> int:
    payment = Payment.objects.get(kind="initial")
    return payment.consent_cap - payment.overage_used


def refused(till: Till, order: Order, amount: int = 1000, what_for: str = "Broken cup") -> OverageRefused:
    order.refresh_from_db()
    with pytest.raises(OverageRefused) as error:
        charge_overage(order=order, amount=amount, what_for=what_for, key="k", by=OLIVIA, now=timezone.now())
    assert not Payment.objects.filter(kind="overage").exclude(status="succeeded").exists()
    return error.value


def test_it_is_charged_to_the_card_that_paid(paid: Order, till: Till) -> None:
    extra = till.overage(paid, 1000)
    charge = till.account.charges[-1]
    parent = Payment.objects.get(kind="initial")
    assert (extra.status, charge["amount"], charge["payment_method"]) == ("succeeded", 1000, parent.payment_method)
    assert (charge["customer"], charge["description"]) == (parent.customer_id, "Broken cup")
    assert till.in_ledger == till.at_stripe == 5250
    assert (room(), LedgerEntry.objects.last().kind) == (9000, "overage")
    assert Event.objects.filter(type="overage.succeeded").count() == 1


def test_several_up_to_the_cap(paid: Order, till: Till) -> None:
    for _ in range(2):
        till.overage(paid, 5000)
    error = refused(till, paid)
    assert (error.reason, str(error)) == ("used_up", "The $100.00 agreed to is used up.")
    assert till.in_ledger == till.at_stripe == 14250


def test_more_than_the_cap_is_refused_with_what_is_left(paid: Order, till: Till) -> None:
    till.overage(paid, 7000)
    assert str(refused(till, paid, 3001)) == "Only $30.00 is left of what the caller agreed to. Nothing was charged."


def test_refunds_give_no_room_back(paid: Order, till: Till) -> None:
    till.refund(till.overage(paid, 7000))
    assert room() == 3000


@pytest.mark.parametrize(
    ("facts", "reason", "sentence"),
    [
        ({"amount": 49}, "too_little", "too little to charge"),
        ({"what_for": " "}, "what_for", "Say what it is for"),
        ({"what_for": "x" * 201}, "too_long", "at most 200 characters"),
        ({"what_for": "for 4242424242424242"}, "card_number", "looks like a card number"),
    ],
)
def test_a_wish_that_is_not_in_order(
    facts: dict[str, Any], reason: str, sentence: str, paid: Order, till: Till
) -> None:
    error = refused(till, paid, **facts)
    assert error.reason == reason and sentence in str(error)


def test_without_consent(till: Till) -> None:
    order = till.order()
    till.pay(order)
    assert refused(till, order).reason == "no_consent"


def test_after_the_day(till: Till) -> None:
    order = till.order()
    till.pay(order, consent=consent(days=30))
    Payment.objects.update(consent_until=timezone.now() - timedelta(seconds=1))
    assert refused(till, order).reason == "expired"


def test_unpaid(till: Till) -> None:
    assert refused(till, till.order()).reason == "unpaid"


def test_paid_another_way(till: Till) -> None:
    order = till.order()
    mark_paid_another_way(order=order, note="Cash", by=OLIVIA, now=timezone.now())
    assert refused(till, order).reason == "paid_another_way"


def test_fully_refunded_also_while_it_is_pending(paid: Order, till: Till) -> None:
    till.account.next_refund("pending")
    till.refund(paid)
    assert refused(till, paid).reason == "refunded"


def test_card_gone(paid: Order, till: Till) -> None:
    Payment.objects.update(payment_method="")
    assert refused(till, paid).reason == "no_card"


def test_brought_over_from_the_ancestor(paid: Order, till: Till) -> None:
    Payment.objects.update(consent_wording="", intent_id=None, customer_id="")
    assert refused(till, paid).reason == "brought_over"


def test_without_a_key(paid: Order, till: Till, settings: Settings) -> None:
    settings.PHONEPAY_STRIPE_SECRET_KEY = None
    assert refused(till, paid).reason == "no_key"


def test_each_refusal_has_its_own_sentence() -> None:
    sentences = re.findall(r'OverageRefused\(\s*"(\w+)",\s*f?"([^"]+)"', inspect.getsource(overage))
    assert len({sentence for _, sentence in sentences}) == len(sentences) > 12


def test_the_same_key_charges_once(paid: Order, till: Till) -> None:
    assert till.overage(paid, 1000, key="one") == till.overage(paid, 1000, key="one")
    assert till.at_stripe == 5250


def test_the_same_key_at_the_same_moment_charges_once(paid: Order, till: Till) -> None:
    answers = together(*[lambda: till.overage(paid, 1000, key="one") for _ in range(3)])
    assert len({answer.pk for answer in answers}) == 1
    sweep_until_done()
    assert till.in_ledger == till.at_stripe == 5250


def test_the_cap_holds_at_the_same_moment(paid: Order, till: Till) -> None:
    answers = together(*[lambda: till.overage(paid, 6000) for _ in range(3)])
    charged = [answer for answer in answers if isinstance(answer, Payment)]
    reasons = {answer.reason for answer in answers if isinstance(answer, OverageRefused)}
    assert len(charged) == 1 and reasons <= {"cap", "used_up", "in_flight"}
    assert (till.in_ledger, till.at_stripe, room()) == (10250, 10250, 4000)


def test_one_is_in_flight_per_order(paid: Order, till: Till) -> None:
    held = till.faults.hold("POST", CONFIRM)
    first = InBackground(lambda: till.overage(paid, 1000))
    assert held.arrived.wait(10)
    with pytest.raises(OverageRefused) as error:
        till.overage(paid, 1000)
    assert (error.value.reason, room()) == ("in_flight", 9000)
    held.release()
    first.finish()
    assert till.overage(paid, 1000).status == "succeeded"


def decline_at_the_bank(till: Till) -> None:
    method = till.account._scope.get("payment_method", Payment.objects.get(kind="initial").payment_method)
    method.private["behavior"] = "insufficient_funds"


def test_a_decline_cancels_its_intent_and_gives_the_room_back(paid: Order, till: Till) -> None:
    decline_at_the_bank(till)
    extra = till.overage(paid, 1000)
    assert (extra.status, extra.decline_code, room()) == ("declined", "insufficient_funds", 10_000)
    sweep()
    assert till.intent(fresh(extra))["status"] == "canceled"
    assert Event.objects.filter(type="overage.declined").count() == 1
    paid.refresh_from_db()
    assert paid.status == Order.Status.PAID


def test_an_expired_kept_card_that_needs_its_owner_is_declined(paid: Order, till: Till) -> None:
    method = till.account._scope.get("payment_method", Payment.objects.get(kind="initial").payment_method)
    method.private["behavior"] = "authenticate"
    assert till.overage(paid, 1000).decline_code == "authentication_required"


@pytest.mark.parametrize(("when", "then", "left"), [("before", "failed", 10_000), ("after", "succeeded", 9000)])
@pytest.mark.parametrize("fault", ["drop", "fail"])
def test_an_unknown_one_is_resolved(fault: str, when: str, then: str, left: int, paid: Order, till: Till) -> None:
    getattr(till.faults, fault)("POST", CONFIRM, when=when)
    extra = till.overage(paid, 1000)
    assert (extra.status, room()) == ("unknown", 9000)
    sweep_until_done()
    assert (fresh(extra).status, room()) == (then, left)
    assert till.in_ledger == till.at_stripe


def test_an_unknown_one_is_not_charged_again_when_stripe_has_forgotten_the_key(paid: Order, till: Till) -> None:
    till.faults.fail("POST", CONFIRM, when="after")
    extra = till.overage(paid, 1000)
    till.standin.clock.advance(25 * 3600)
    sweep_until_done()
    assert (fresh(extra).status, till.in_ledger, till.at_stripe) == ("succeeded", 5250, 5250)


def test_a_refusal_of_stripe_gives_the_room_back(paid: Order, till: Till) -> None:
    till.client.customers.delete(Payment.objects.get(kind="initial").customer_id)
    extra = till.overage(paid, 1000)
    assert (extra.status, room()) == ("failed", 10_000)
    assert Event.objects.filter(type="overage.failed").count() == 1


def test_one_that_went_through_after_all_uses_its_room_again(paid: Order, till: Till) -> None:
    till.faults.fail("POST", CONFIRM, status=400)
    extra = till.overage(paid, 1000)
    assert (extra.status, room()) == ("failed", 10_000)
    method = {"payment_method": extra.payment_method, "off_session": True}
    till.client.payment_intents.confirm(fresh(extra).intent_id, method)
    till.hear_and_handle("payment_intent.succeeded", fresh(extra).intent_id)
    assert (fresh(extra).status, room(), till.in_ledger) == ("succeeded", 9000, 5250)


def test_beyond_the_cap_it_is_recorded_all_the_same(paid: Order, till: Till) -> None:
    till.faults.fail("POST", CONFIRM, status=400)
    extra = till.overage(paid, 6000)
    till.overage(paid, 9000)
    method = {"payment_method": extra.payment_method, "off_session": True}
    till.client.payment_intents.confirm(fresh(extra).intent_id, method)
    till.hear_and_handle("payment_intent.succeeded", fresh(extra).intent_id)
    assert (fresh(extra).status, room()) == ("succeeded", 1000)
    assert till.in_ledger == till.at_stripe == 19_250


def test_only_the_payment_that_said_yes_is_charged(till: Till) -> None:
    order = till.order()
    first = till.pay(order, consent=consent())
    assert till.overage(order).parent == first


def test_what_another_used_between_the_look_and_the_charge_is_not_there(
    paid: Order, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = overage._check_wish

    def look_and_be_overtaken(*wish: Any) -> None:
        look(*wish)
        monkeypatch.setattr(overage, "_check_wish", look)
        till.overage(paid, 6000)

    monkeypatch.setattr(overage, "_check_wish", look_and_be_overtaken)
    with pytest.raises(OverageRefused) as error:
        till.overage(paid, 6000)
    assert (error.value.reason, room(), till.at_stripe) == ("cap", 4000, 10_250)


def test_the_bank_is_told_that_the_customer_is_not_there(paid: Order, till: Till) -> None:
    """A card that asks for its owner, unless he agreed to it when it was kept."""
    method = till.account._scope.get("payment_method", Payment.objects.get(kind="initial").payment_method)
    method.private["behavior"] = "authenticate_unless_saved"
    assert till.overage(paid).status == "succeeded"
