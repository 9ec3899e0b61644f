"""A person's data: told whole, erased as far as it may be, and forgotten after a set time."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from phonepay.calls import erasure, retention
from phonepay.calls.erasure import ErasureRefused
from phonepay.calls.models import Call, Erasure
from phonepay.calls.personal import Kept, export, kept_of, readable
from phonepay.events.actors import command
from phonepay.events.models import Event
from phonepay.merchant.models import Line
from phonepay.orders.models import Order
from phonepay.orders.operations import edit_order
from phonepay.payments.models import LedgerEntry, Payment, StripeEvent
from phonepay.payments.overage import OverageRefused
from phonepay.people.permissions import NotAllowed, Person
from tests.shop import LUIS, MARY, OLIVIA, Till, consent, fresh, sweep_until_done

pytestmark = pytest.mark.database
OLGA = command("olga")


def a_call(till: Till, phone: str, payment: Payment | None = None, *, ended_days_ago: float = 0) -> Call:
    at = timezone.now() - timedelta(days=ended_days_ago)
    said = {"key": "order.ask", "text": "Enter your order number.", "locale": "en-US", "voice": ""}
    turn = {"answers": "voice", "at": at.isoformat(), "step": "order", "keyed": "1234#",
            "reply": {"kind": "hangup", "say": [said]}}  # fmt: skip
    line: Line = till.line
    return Call.objects.create(
        sid=payment.call_sid if payment else f"CA{Call.objects.count():032x}", merchant=till.shop, line=line,
        payment=payment, phone=phone, script={}, state={}, turn=1, turns=[turn], started_at=at, last_at=at, ended_at=at,
    )  # fmt: skip


@pytest.fixture
def mary(till: Till) -> Payment:
    """She paid her order, allowed later charges, and her name stands in the order; Luis paid his."""
    order = till.order()
    facts: Any = {"customer_name": "Mary Miller", "customer_phone": MARY, "customer_email": "mary@example.com"}
    edit_order(order=order, by=OLIVIA, now=timezone.now(), note="Mary's bike", **facts)
    payment = till.pay(order, consent=consent())
    a_call(till, MARY, payment)
    a_call(till, LUIS, till.pay(till.order("1235"), phone=LUIS, consent=consent()))
    return payment


def erase(till: Till, kept: Kept | None = None) -> Erasure:
    kept = kept or kept_of(merchant=till.shop, phone=MARY)
    return erasure.erase(merchant=till.shop, kept=kept, by=OLGA, now=timezone.now())


def finish() -> None:
    while erasure.run_due(timezone.now()):
        pass


def everything() -> str:
    """All text of the tables that may know people, in one piece."""
    rows: list[Any] = []
    for table in ("orders_order", "payments_payment", "payments_refund", "calls_call", "events_event", "calls_erasure"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - names of our own
            rows += cursor.fetchall()
    return repr(rows)


def test_a_persons_rows_are_found_by_the_phone(mary: Payment, till: Till) -> None:
    kept = kept_of(merchant=till.shop, phone=MARY)
    assert [order.number for order in kept.orders] == ["1234"]
    assert [payment.pk for payment in kept.payments] == [mary.pk]
    assert [call.phone for call in kept.calls] == [MARY]


def test_or_by_an_order(mary: Payment, till: Till) -> None:
    by_order = kept_of(merchant=till.shop, order=Order.objects.get(number="1234"))
    by_phone = kept_of(merchant=till.shop, phone=MARY)
    assert [row.pk for row in by_order.calls] == [row.pk for row in by_phone.calls]
    assert [row.pk for row in by_order.payments] == [row.pk for row in by_phone.payments]


def test_without_a_number_nobody_is_found(mary: Payment, till: Till) -> None:
    a_call(till, "")
    assert not kept_of(merchant=till.shop, phone="")


def test_it_is_told_whole_for_programs_and_for_people(mary: Payment, till: Till) -> None:
    told = export(kept=kept_of(merchant=till.shop, phone=MARY), by=OLGA, now=timezone.now())
    assert json.loads(json.dumps(told))["orders"][0]["email"] == "mary@example.com"
    assert told["payments"][0]["agreed_to"] and told["calls"][0]["heard_and_keyed"][0]["keyed"] == "1234#"
    text = readable(told)
    assert "Mary Miller" in text and "$42.50" in text and "Enter your order number." in text
    assert LUIS not in text
    assert Event.objects.get(type="customer.exported").data == {"orders": 1, "payments": 1, "calls": 1}


def test_nothing_that_names_the_person_is_left(mary: Payment, till: Till) -> None:
    till.refund(mary.order, 1000) if mary.order else None
    assert MARY in everything()
    erase(till)
    finish()
    left = everything()
    for trace in (MARY, "Mary", "mary@example.com", 'Enter your order number.", "locale": "en-US", "keyed'):
        assert trace not in left, trace
    assert LUIS in left


def test_what_moved_stays(mary: Payment, till: Till) -> None:
    before = list(LedgerEntry.objects.values())
    erase(till)
    finish()
    after = fresh(mary)
    assert list(LedgerEntry.objects.values()) == before
    assert (after.amount, after.card_last4, after.confirmation) == (4250, "4242", mary.confirmation)
    assert after.status == Payment.Status.SUCCEEDED


def test_the_card_is_taken_off_and_the_customer_deleted(mary: Payment, till: Till) -> None:
    card, customer = mary.payment_method or "", mary.customer_id or ""
    erase(till)
    finish()
    assert till.client.payment_methods.retrieve(card).customer is None
    assert till.client.customers.retrieve(customer).deleted is True
    assert Erasure.objects.get().done_at is not None


def test_no_extra_charge_is_possible_any_more_at_once(mary: Payment, till: Till) -> None:
    erase(till)
    with pytest.raises(OverageRefused):
        till.overage(Order.objects.get(number="1234"))


def test_refunds_still_work(mary: Payment, till: Till) -> None:
    erase(till)
    finish()
    [refund] = till.refund(Order.objects.get(number="1234"))
    assert (refund.status, till.at_stripe) == ("succeeded", 4250)


def test_while_stripe_is_away_the_card_is_owed_and_taken_off_later(mary: Payment, till: Till) -> None:
    till.faults.drop("POST", "/v1/payment_methods/*", times=1)
    erase(till)
    erasure.run_due(timezone.now())
    owed = Erasure.objects.get()
    assert owed.error and owed.done_at is None and fresh(mary).customer_id
    erasure.run_due(timezone.now() + timedelta(hours=2))
    assert Erasure.objects.get().done_at is not None
    assert fresh(mary).customer_id == ""


def test_killed_between_the_card_and_its_record_it_is_done_again_without_harm(mary: Payment, till: Till) -> None:
    till.client.payment_methods.detach(mary.payment_method)
    till.client.customers.delete(mary.customer_id)
    erase(till)
    finish()
    assert Erasure.objects.get().done_at is not None


def test_again_it_changes_nothing_more(mary: Payment, till: Till) -> None:
    kept = kept_of(merchant=till.shop, phone=MARY)
    erase(till, kept)
    finish()
    erase(till, kept)
    finish()
    assert Erasure.objects.exclude(done_at=None).count() == 2
    with pytest.raises(ErasureRefused):
        erase(till)


def test_nothing_is_erased_while_money_is_under_way(till: Till) -> None:
    payment = till.agree(till.order())
    with pytest.raises(ErasureRefused) as refused:
        erase(till)
    assert refused.value.reason == "under_way"
    assert fresh(payment).phone == MARY
    assert not Erasure.objects.exists()


OTTO = Person("person", "2", "Otto Operator", role="operator")


def erase_by(till: Till) -> None:
    kept = kept_of(merchant=till.shop, phone=MARY)
    erasure.erase(merchant=till.shop, kept=kept, by=OTTO, now=timezone.now())


def export_by(till: Till) -> None:
    export(kept=kept_of(merchant=till.shop, phone=MARY), by=OTTO, now=timezone.now())


@pytest.mark.parametrize("verb", [erase_by, export_by])
def test_only_an_owner_may(mary: Payment, till: Till, verb: Callable[[Till], object]) -> None:
    with pytest.raises(NotAllowed):
        verb(till)


# --- what is forgotten by itself ------------------------------------------------------------------------------------


def test_the_words_of_old_calls_are_forgotten_and_their_facts_stay(till: Till, settings: Settings) -> None:
    settings.PHONEPAY_KEEP_CALLS = 30
    old, young = a_call(till, MARY, ended_days_ago=31), a_call(till, LUIS, ended_days_ago=29)
    assert retention.run_due(timezone.now()) == 1
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.turns, old.phone, old.turn) == ([], MARY, 1)
    assert young.turns
    assert retention.run_due(timezone.now()) == 0


def test_a_call_that_has_not_ended_keeps_its_words(till: Till, settings: Settings) -> None:
    settings.PHONEPAY_KEEP_CALLS = 1
    call = a_call(till, MARY, ended_days_ago=9)
    Call.objects.update(ended_at=None)
    assert retention.run_due(timezone.now()) == 0
    call.refresh_from_db()
    assert call.turns


def test_stripes_events_are_forgotten_once_nothing_is_owed_of_them(till: Till, settings: Settings) -> None:
    settings.PHONEPAY_KEEP_STRIPE_EVENTS = 90
    payment = till.pay(till.order())
    handled = till.hear_and_handle("payment_intent.succeeded", payment.intent_id or "")
    owed = till.hear("payment_intent.succeeded", payment.intent_id or "")
    StripeEvent.objects.update(received_at=timezone.now() - timedelta(days=91))
    recent = till.hear_and_handle("payment_intent.succeeded", payment.intent_id or "")
    retention.run_due(timezone.now())
    assert set(StripeEvent.objects.values_list("pk", flat=True)) == {owed.pk, recent.pk}
    assert handled.pk != owed.pk


def test_money_is_never_forgotten(till: Till, settings: Settings) -> None:
    settings.PHONEPAY_KEEP_CALLS = settings.PHONEPAY_KEEP_STRIPE_EVENTS = 1
    order = till.order()
    till.pay(order)
    till.refund(order, 1000)
    sweep_until_done()
    before = [list(model.objects.values()) for model in (Payment, LedgerEntry, Event)]
    retention.run_due(timezone.now() + timedelta(days=36500))
    assert [list(model.objects.values()) for model in (Payment, LedgerEntry, Event)] == before


def test_what_an_extra_charge_was_for_goes_with_the_person(till: Till, mary: Payment) -> None:
    till.overage(Order.objects.get(number="1234"))
    assert "Broken cup" in everything()
    erase(till)
    assert "Broken cup" not in everything()
