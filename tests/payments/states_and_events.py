"""How a payment gets into each state, and each thing that can happen to it, for the table in test_state_by_event."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import stripe
import time_machine
from django.utils import timezone

from phonepay.events.actors import SYSTEM, caller
from phonepay.orders.models import Order
from phonepay.orders.operations import OrderRefused, cancel_order, edit_order, mark_paid_another_way
from phonepay.payments import stripe_side
from phonepay.payments.agreement import end_unpaid, next_card
from phonepay.payments.due import run_due
from phonepay.payments.gateway import Refused
from phonepay.payments.models import Payment
from phonepay.payments.operations import Card, Charge, ChargeRefused, charge, mark_failed
from phonepay.payments.overage import OverageRefused
from phonepay.payments.refunds import RefundRefused
from tests.shop import DECLINED, GOOD, MARY, OLIVIA, Till, fresh, sweep, together

CONFIRM = "/v1/payment_intents/*/confirm"
OUTCOMES = {"succeeded": "paid", "declined": "declined", "failed": "failed", "unknown": "checking"}


# --- states: each takes a payment that was agreed and prepared -------------------------------------------------------


def charging(till: Till, payment: Payment) -> None:
    """Claimed and committed; the process was killed before it sent anything."""
    assert till.claim(payment) is Charge.STARTED


def unknown_moved(till: Till, payment: Payment) -> None:
    """The charge went through, its answer was lost."""
    till.faults.drop("POST", CONFIRM, when="after")
    till.charge(payment)


def unknown_lost(till: Till, payment: Payment) -> None:
    """The request was lost on its way."""
    till.faults.drop("POST", CONFIRM)
    till.charge(payment)


def failed(till: Till, payment: Payment) -> None:
    """Stripe would not; its PaymentIntent is not cancelled yet."""
    till.claim(payment)
    error = Refused("no", status=400)
    mark_failed(payment=payment, attempt=payment.attempt, why=str(error), by=SYSTEM, now=timezone.now())


STATES: dict[str, Callable[[Till, Payment], Any]] = {
    "agreed": lambda till, payment: None,
    "charging": charging,
    "unknown, moved": unknown_moved,
    "unknown, lost": unknown_lost,
    "succeeded": lambda till, payment: till.charge(payment),
    "declined": lambda till, payment: till.charge(payment, DECLINED),
    "abandoned": lambda till, payment: end_unpaid(payment=payment, by=SYSTEM, now=timezone.now()),
    "failed": failed,
}


# --- events: each answers with what the one who did it is told -------------------------------------------------------


def action(till: Till, payment: Payment, number: str = GOOD) -> str:
    if till.claim(payment, till.card(number)) is Charge.AS_IT_IS:
        return "as it is"
    stripe_side.send_charge(payment)
    return OUTCOMES[payment.status]


def action_whose_answer_is_lost(till: Till, payment: Payment) -> str:
    till.faults.drop("POST", CONFIRM)
    return action(till, payment)


def action_that_stripe_refuses(till: Till, payment: Payment) -> str:
    till.faults.fail("POST", CONFIRM, status=403)
    return action(till, payment)


def action_after_the_order_changed(till: Till, payment: Payment) -> str:
    operator(edit_order, amount=5000)(till, payment)
    try:
        return action(till, payment)
    except ChargeRefused as refused:
        return refused.reason


def action_again_later(till: Till, payment: Payment) -> str:
    card = till.card()
    if till.claim(payment, card) is Charge.STARTED:
        stripe_side.send_charge(payment)
    return "as it is" if till.claim(fresh(payment), card) is Charge.AS_IT_IS else "charged again"


def action_twice_at_once(till: Till, payment: Payment) -> str:
    card, rows = till.card(), [fresh(payment), fresh(payment)]
    answers = together(*[partial(_claim_and_send, till, row, card) for row in rows])
    return {0: "never", 1: "once"}[answers.count(Charge.STARTED)]


def _claim_and_send(till: Till, payment: Payment, card: Card) -> Charge:
    answer = till.claim(payment, card)
    if answer is Charge.STARTED:
        stripe_side.send_charge(payment)
    return answer


def action_of_an_older_card(till: Till, payment: Payment) -> str:
    answer = charge(payment=payment, attempt=uuid4(), card=till.card(), by=caller(MARY), now=timezone.now())
    return "as it is" if answer is Charge.AS_IT_IS else "charged"


def further_card(till: Till, payment: Payment) -> str:
    return action(till, payment) if next_card(payment=payment, now=timezone.now()) else "no card"


def hang_up(till: Till, payment: Payment) -> str:
    waits = end_unpaid(payment=payment, by=caller(MARY), now=timezone.now(), grace=True)
    return "ends soon" if waits else "goes on"


def call_ended(till: Till, payment: Payment) -> str:
    return "ended" if end_unpaid(payment=payment, by=caller(MARY), now=timezone.now()) else "goes on"


def event_succeeded(till: Till, payment: Payment) -> str:
    """Whatever we think, the PaymentIntent has gone through: a process of ours was at it and is gone."""
    if till.intent(payment)["status"] != "succeeded":
        method = payment.payment_method if payment.status in Payment.UNDER_WAY else till.card().payment_method
        till.client.payment_intents.confirm(payment.intent_id, {"payment_method": method})
    till.hear_and_handle("payment_intent.succeeded", payment.intent_id)
    return "-"


def event_payment_failed(till: Till, payment: Payment) -> str:
    """Under way: this very card was declined. Else some card was, which concerns nobody here."""
    card = till.card(DECLINED)
    if payment.status in Payment.UNDER_WAY:
        Payment.objects.filter(pk=payment.pk).update(payment_method=card.payment_method)
    if till.intent(payment)["status"] != "succeeded":
        with contextlib.suppress(stripe.CardError):
            till.client.payment_intents.confirm(payment.intent_id, {"payment_method": card.payment_method})
    till.hear_and_handle("payment_intent.payment_failed", payment.intent_id)
    return "-"


def event_canceled(till: Till, payment: Payment) -> str:
    if till.intent(payment)["status"] not in ("succeeded", "canceled"):
        till.client.payment_intents.cancel(payment.intent_id)
    till.hear_and_handle("payment_intent.canceled", payment.intent_id)
    return "-"


def swept(after: timedelta) -> Callable[[Till, Payment], str]:
    def event(till: Till, payment: Payment) -> str:
        for _ in range(3):  # one look closes what the look before ended
            sweep(after)
        return "-"

    return event


def swept_while_the_card_is_turned_away(till: Till, payment: Payment) -> str:
    for _ in range(3):
        with time_machine.travel(timezone.now() + timedelta(minutes=1)):
            run_due(timezone.now(), lambda payment: lambda fingerprint: True)
    return "-"


def operator(verb: Callable[..., Any], **facts: Any) -> Callable[[Till, Payment], str]:
    def event(till: Till, payment: Payment) -> str:
        order = Order.objects.get(pk=payment.order_id)
        try:
            verb(order=order, by=OLIVIA, now=timezone.now(), **facts)
        except OrderRefused:
            return "refused"
        return "done"

    return event


def operator_refunds(till: Till, payment: Payment) -> str:
    try:
        [refund] = till.refund(Order.objects.get(pk=payment.order_id))
    except RefundRefused:
        return "refused"
    return str(refund.get_status_display())


def operator_charges_more(till: Till, payment: Payment) -> str:
    try:
        extra = till.overage(Order.objects.get(pk=payment.order_id))
    except OverageRefused as refused:
        return refused.reason
    return {"succeeded": "charged"}[extra.status]


EVENTS: dict[str, Callable[[Till, Payment], str]] = {
    "action": action,
    "action, declined": lambda till, payment: action(till, payment, DECLINED),
    "action, answer lost": action_whose_answer_is_lost,
    "action, Stripe refuses": action_that_stripe_refuses,
    "action, order changed": action_after_the_order_changed,
    "action again later": action_again_later,
    "action twice at once": action_twice_at_once,
    "action of an older card": action_of_an_older_card,
    "further card": further_card,
    "hang-up": hang_up,
    "call ended": call_ended,
    "event: succeeded": event_succeeded,
    "event: payment_failed": event_payment_failed,
    "event: canceled": event_canceled,
    "sweeper, a minute later": swept(timedelta(minutes=1)),
    "sweeper, an hour later": swept(timedelta(hours=1)),
    "sweeper, turned away": swept_while_the_card_is_turned_away,
    "operator edits": operator(edit_order, amount=5000),
    "operator cancels": operator(cancel_order),
    "operator marks paid": operator(mark_paid_another_way, note="Cash."),
    "operator refunds": operator_refunds,
    "operator charges more": operator_charges_more,
}
