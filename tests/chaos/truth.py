"""What must be true in the end: our rows and our ledger against what Stripe has, and against what callers heard."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Sum

from phonepay.calls.models import Call as CallRow
from phonepay.events.verifying import verify
from phonepay.orders.models import Order
from phonepay.payments.models import LedgerEntry, Payment, Refund
from phonepay.standins.stripe.account import Account
from tests.chaos.callers import Made
from tests.journeys.statements import CHECKING, NOT_CHARGED, NOTHING_TO_PAY, PAID, told_in

ENOUGH = 5
_MOVES = ("sale", "overage", "refund", "refund_failed", "dispute_withdrawn", "dispute_reinstated")


def broken(account: Account, made: list[Made]) -> list[str]:
    """Every statement that does not hold, as a line; empty where all is true."""
    return [
        *_too_little(), *_unsettled(), *_ledger(account), *_payments(account), *_orders(account),
        *_told(account, made), *_activity(),
    ]  # fmt: skip


def summary() -> dict[str, int]:
    """How many of what came about."""
    found: Counter[str] = Counter()
    for kind, status in Payment.objects.values_list("kind", "status"):
        found[f"payments ({kind}) {status}"] += 1
    for status in Refund.objects.values_list("status", flat=True):
        found[f"refunds {status}"] += 1
    for told in CallRow.objects.values_list("told", flat=True):
        found[f"calls told {told or 'nothing'}"] += 1
    for ended in CallRow.objects.values_list("ended", flat=True):
        found[f"calls ended {ended or 'without an end'}"] += 1
    found["overpaid"] = Payment.objects.filter(overpaid=True).count()
    return dict(sorted(found.items()))


def unsettled() -> int:
    """Rows that are still under way: the run waits for none."""
    under_way = (*Payment.UNDER_WAY, Payment.Status.AGREED)
    return (
        Payment.objects.filter(status__in=under_way).count()
        + Refund.objects.filter(status__in=(*Refund.IN_FLIGHT,)).count()
    )


def _too_little() -> Iterator[str]:
    """A run in which nothing happened proves nothing."""
    if Payment.objects.filter(status=Payment.Status.SUCCEEDED).count() < ENOUGH:
        yield f"fewer than {ENOUGH} payments went through: too little to prove anything"


def _unsettled() -> Iterator[str]:
    for payment in Payment.objects.filter(status__in=(*Payment.UNDER_WAY, Payment.Status.AGREED)):
        yield f"payment {payment.id} is still {payment.status} (call {payment.call_sid}, tries {payment.tries})"
    for refund in Refund.objects.filter(status__in=Refund.IN_FLIGHT):
        yield f"refund {refund.id} is still {refund.status} (tries {refund.tries}, {refund.failure})"
    for order in Order.objects.filter(claimed_by__isnull=False):
        held = Payment.objects.filter(pk=order.claimed_by).first()
        if held is None or held.status in Payment.NOT_CHARGED:
            yield f"order {order.number} is held by a payment that is not under way"


def _activity() -> Iterator[str]:
    """Whatever died meanwhile: no entry of Activity is missing, changed or added, and its chain holds."""
    report = verify()
    if not report.events + report.waiting:
        yield "nothing is in Activity"
    for found in report.breaks:
        yield f"Activity: {found.kind}, {found.first} to {found.last} {found.about}".rstrip()


def _ours(account: Account) -> dict[str, dict[str, Any]]:
    """Stripe's PaymentIntents that took money, by our payment's id."""
    found: dict[str, dict[str, Any]] = {}
    for intent in account.payment_intents:
        if intent["status"] == "succeeded":
            payment = intent["metadata"].get("payment", "")
            if payment in found:
                raise AssertionError(f"two charges for payment {payment}: {found[payment]['id']} and {intent['id']}")
            found[payment] = intent
    return found


def _kept_at_stripe(account: Account) -> dict[str, int]:
    """Minor units that Stripe took and has not given back, by PaymentIntent."""
    kept: defaultdict[str, int] = defaultdict(int)
    for charge in account.charges:
        if charge["status"] == "succeeded":
            kept[charge["payment_intent"]] += charge["amount_captured"]
    for refund in account.refunds:
        if refund["status"] not in ("failed", "canceled"):
            kept[refund["payment_intent"]] -= refund["amount"]
    return kept


def _ledger(account: Account) -> Iterator[str]:
    """The sum per order, and within it per payment, equals Stripe's."""
    kept = _kept_at_stripe(account)
    ours = _ours(account)
    booked = dict(
        LedgerEntry.objects.filter(kind__in=_MOVES).values_list("payment_id").annotate(sum=Sum("amount")).order_by()
    )
    pending: defaultdict[Any, int] = defaultdict(int)
    for refund in Refund.objects.filter(status__in=(Refund.Status.PENDING, Refund.Status.WAITING)):
        pending[refund.payment_id] += refund.amount  # Stripe counts them at once, the ledger when they went through
    for payment in Payment.objects.all():
        intent = ours.get(str(payment.id))
        stripe = kept[intent["id"]] if intent else 0
        mine = booked.get(payment.id, 0) - pending[payment.id]
        if mine != stripe:
            yield f"payment {payment.id} of order {payment.number}: {mine} in the ledger, {stripe} at Stripe"
    known = {str(key) for key in Payment.objects.values_list("pk", flat=True)}
    for payment_id, intent in ours.items():
        if payment_id not in known:
            yield f"{intent['id']} took money and no payment of ours tells of it"


def _payments(account: Account) -> Iterator[str]:
    ours = _ours(account)
    for payment in Payment.objects.all():
        intent = ours.get(str(payment.id))
        if (payment.status == Payment.Status.SUCCEEDED) != (intent is not None):
            stripe = "it took money" if intent else "nothing moved"
            yield f"payment {payment.id} is {payment.status}, at Stripe {stripe}"
        if intent is not None and intent["amount_received"] != payment.amount:
            yield f"payment {payment.id} is {payment.amount}, and Stripe took {intent['amount_received']}"
    for intent_id, left in _kept_at_stripe(account).items():
        if left < 0:
            yield f"{intent_id} was refunded by {-left} too much"


def _orders(account: Account) -> Iterator[str]:
    """No order was paid twice: one charge for each order, but for what a full refund had opened again."""
    paid: defaultdict[str, list[str]] = defaultdict(list)
    refunded: defaultdict[str, int] = defaultdict(int)
    for refund in account.refunds:
        refunded[refund["payment_intent"]] += refund["amount"]
    for intent in account.payment_intents:
        facts = intent["metadata"]
        took = intent["status"] == "succeeded" and refunded[intent["id"]] < intent["amount"]
        if took and facts.get("kind") == "initial" and facts.get("order"):
            paid[facts["order"]].append(intent["id"])
    for number, intents in paid.items():
        if len(intents) > 1:
            yield f"order {number} was paid {len(intents)} times: {', '.join(intents)}"


def _told(account: Account, made: list[Made]) -> Iterator[str]:
    taken: Counter[str] = Counter()
    for intent in account.payment_intents:
        if intent["metadata"].get("kind") == "initial":
            taken[intent["metadata"].get("call", "")] += intent["amount_received"]
    for one in made:
        call = one.call
        if call is None:
            continue
        words, money = told_in(call.heard), taken[call.sid]
        false = (words == PAID and not money) or (words in (NOT_CHARGED, NOTHING_TO_PAY) and money)
        if false:
            yield f"call {call.sid} was told {words}, and {money} was charged\n{call.transcript()}"
        if words == CHECKING and re.search("pound key", call.heard[-1].text):
            yield f"call {call.sid} was asked for more after it was told to wait\n{call.transcript()}"
