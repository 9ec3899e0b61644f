"""Money back to the card. An order's refund is one Refund per charge, newest first, under one request key.

asked ──▶ succeeded ──▶ failed (weeks later: a reversing entry)
  │  ├──▶ pending | waiting ──▶ succeeded | failed
  │  └──▶ failed
  └─────▶ unknown ──▶ found again by listing the PaymentIntent's refunds, else sent again with the same key

What its states mean for the books is in `refund_outcomes`.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

from phonepay.events import types
from phonepay.events.actors import STRIPE, Actor
from phonepay.events.models import record
from phonepay.lib.cards import looks_like_card_number
from phonepay.lib.money import format_amount
from phonepay.lib.refusal import Refusal
from phonepay.orders.models import Order
from phonepay.payments import hold
from phonepay.payments.gateway import (
    Declined,
    Gateway,
    GatewayError,
    NotConfigured,
    RefundState,
    Refused,
    Unanswered,
    get_gateway,
    get_gateway_for,
    key_is_live,
)
from phonepay.payments.models import Payment, Refund
from phonepay.payments.operations import LEASE
from phonepay.payments.refund_outcomes import READ_AGAIN, record_state
from phonepay.people.permissions import require

logger = logging.getLogger(__name__)

REASONS = {
    "requested_by_customer": "customer asked",
    "duplicate": "paid twice",
    "wrong_amount": "wrong amount",
    "fraudulent": "fraud",
}
LOOK_AGAIN = timedelta(seconds=5)  # doubled from look to look
LONGEST_WAIT = timedelta(minutes=10)
LONGEST_NOTE = 500
TRIES_AFTER_AN_ERROR = 4
MADE_WITHIN = timedelta(minutes=2)  # what a request of ours did is in Stripe's lists by then
READ_FOR = timedelta(days=45)


class RefundRefused(Refusal):
    """Nothing was sent to Stripe."""


def refund(
    *,
    of: Order | Payment,
    amount: int | None,
    reason: str,
    key: str,
    by: Actor,
    now: datetime,
    note: str = "",
) -> list[Refund]:
    """Refund `amount` minor units of an order or of one payment; None is all that is left.

    `key` names this request: the same key again returns the same refunds and sends nothing new. Returns one Refund per
    charge, with the state that Stripe gave it. Raises RefundRefused before anything was sent, NotAllowed.
    """
    require(by, "refund")
    merchant = of.merchant
    earlier = list(Refund.objects.filter(merchant=merchant, request_key=key).select_related("payment"))
    if earlier:
        return earlier
    _check(reason, note)
    if hold.is_held():
        raise RefundRefused("held", str(hold.SENTENCE))
    payments = _refundable(of)
    try:
        with transaction.atomic(durable=True):
            asked = [
                _ask(payment, part, reason=reason, note=note, key=key, by=by, now=now)
                for payment, part in _shares(payments, amount)
            ]
    except IntegrityError as error:
        twin = list(Refund.objects.filter(merchant=merchant, request_key=key).select_related("payment"))
        if twin:
            return twin
        raise RefundRefused(
            "in_flight",
            "Another refund of this payment is under way. Wait until it has ended, then look at what is left.",
        ) from error
    for each in asked:
        send(each)
    return asked


def _check(reason: str, note: str) -> None:
    if reason not in REASONS:
        raise RefundRefused(
            "no_reason", f"“{reason}” is not a reason. Choose one of: {', '.join(REASONS)}.", given=reason
        )
    if looks_like_card_number(note):
        raise RefundRefused(
            "card_number", "The note looks like it holds a card number, so nothing was kept and nothing was refunded."
        )
    if len(note) > LONGEST_NOTE:
        raise RefundRefused("too_long", "The note is too long: at most 500 characters. Nothing was refunded.")


def _refundable(of: Order | Payment) -> list[Payment]:
    """The charges to take from, newest first, all of the mode and account of the present key."""
    rows = Payment.objects.filter(status=Payment.Status.SUCCEEDED).select_related("merchant", "line", "order")
    rows = rows.filter(order=of) if isinstance(of, Order) else rows.filter(pk=of.pk)
    paid = list(rows.order_by("-settled_at"))
    if not paid:
        raise RefundRefused("unpaid", "Nothing was paid by phone here, so there is nothing to refund.")
    ours = [payment for payment in paid if payment.livemode == key_is_live()]
    if not ours:
        other = "test" if key_is_live() else "live"
        raise RefundRefused(f"{other}_key", f"This was paid with the {other} key of Stripe. Set that key to refund it.")
    try:
        account = get_gateway().account()
    except NotConfigured as error:
        raise RefundRefused("no_key", "There is no Stripe key, so nothing can be refunded. Set it first.") from error
    except GatewayError as error:
        raise RefundRefused(
            "stripe", f"Stripe did not accept the key ({error}). Nothing was refunded.", why=str(error)
        ) from error
    strangers = [p for p in ours if account and p.stripe_account and p.stripe_account != account]
    if strangers:
        raise RefundRefused(
            "other_account", "This was paid on another Stripe account. Set the key of that account to refund it."
        )
    return ours


def _shares(payments: Sequence[Payment], amount: int | None) -> list[tuple[Payment, int]]:
    left = sum(payment.refundable for payment in payments)
    currency = payments[0].currency
    if left == 0 and any(payment.refund_blocked for payment in payments):
        raise RefundRefused("disputed", "Disputed: the bank decides now. Answer at Stripe. Nothing was refunded.")
    if left == 0 and any(payment.disputed for payment in payments):
        raise RefundRefused("lost", "The bank gave this money back to the cardholder. Nothing is left to refund.")
    if left == 0:
        raise RefundRefused("all_back", "All of it was refunded already.")
    wanted = left if amount is None else amount
    if wanted < 1:
        raise RefundRefused("nothing", "The amount to refund must be more than nothing.")
    if wanted > left:
        raise RefundRefused(
            "too_much", f"Only {format_amount(left, currency)} is left to refund. Nothing was refunded.", left=left
        )
    shares = []
    for payment in payments:
        part = min(wanted, payment.refundable)
        if part:
            shares.append((payment, part))
            wanted -= part
    return shares


def _ask(payment: Payment, amount: int, *, reason: str, note: str, key: str, by: Actor, now: datetime) -> Refund:
    """Take the amount from what is refundable, and commit the wish before it is sent."""
    assert payment.order is not None  # noqa: S101  # by constraint: what succeeded has an order
    # Of the order that it was looked up for: it may have been attached to another meanwhile.
    room = Payment.objects.filter(pk=payment.pk, order=payment.order, refund_blocked=False)
    room = room.filter(amount__gte=F("refunded") + F("disputed") + amount)
    if room.update(refunded=F("refunded") + amount) != 1:
        raise RefundRefused("somebody", "Somebody else refunded this a moment ago. Look at what is left.")
    asked = Refund.objects.create(
        merchant_id=payment.merchant_id,
        payment=payment,
        order=payment.order,
        amount=amount,
        currency=payment.currency,
        livemode=payment.livemode,
        stripe_account=payment.stripe_account,
        reason=reason,
        note=note,
        by_kind=by.kind,
        by_name=by.name,
        request_key=key,
        in_flight=payment.pk,
        asked_at=now,
        due_at=now + LEASE,
        lease_until=now + LEASE,
    )
    facts = {"payment": str(payment.pk), "amount": amount, "currency": payment.currency, "reason": reason}
    record(types.REFUND_ASKED, subject=("refund", asked.pk), by=by, now=now, **facts)
    return asked


def send(asked: Refund) -> None:
    """Send a committed refund to Stripe, or find it there: safe to repeat, whatever happened the first time."""
    try:
        gateway = get_gateway_for(livemode=asked.livemode, account=asked.stripe_account or "")
        state = _already_there(asked, gateway) if asked.tries else None
    except GatewayError as error:
        _look_again(asked, error)  # what cannot be looked up may be there
        return
    try:
        state = state or gateway.create_refund(
            charge_id=asked.payment.charge_id or "",
            amount=asked.amount,
            reason=asked.reason,
            metadata=_metadata(asked),
            key=f"{asked.id}:refund",
        )
    except GatewayError as error:
        too_many = isinstance(error, Refused) and error.status == HTTPStatus.TOO_MANY_REQUESTS
        if isinstance(error, (Refused, Declined)) and not too_many:
            record_state(refund=asked, state=None, failure=str(error), by=STRIPE, now=timezone.now())
        elif isinstance(error, Unanswered) and error.status:
            _after_an_error(asked, error, gateway)
        else:
            _look_again(asked, error)
    else:
        record_state(refund=asked, state=state, failure="", by=STRIPE, now=timezone.now())


def _after_an_error(asked: Refund, error: Unanswered, gateway: Gateway) -> None:
    """Stripe gives its 5xx again for as long as it keeps the key, a day: only its list tells whether it refunded.

    Not found there after some tries and minutes, it was not made: a person may ask again, under another key. Should it
    come to light after all, it is booked then.
    """
    if asked.tries < TRIES_AFTER_AN_ERROR or timezone.now() - asked.asked_at < MADE_WITHIN:
        _look_again(asked, error)
        return
    try:
        state = _already_there(asked, gateway)
    except GatewayError as another:
        _look_again(asked, another)
        return
    failure = "" if state else gettext_noop("Stripe had an error and did not refund it. Refund it again.")
    record_state(refund=asked, state=state, failure=failure, by=STRIPE, now=timezone.now())


def look(refund: Refund, *, now: datetime) -> None:
    """Read again a refund that is on its way, in case no event told of its end; until 45 days after it was asked for.

    Raises GatewayError where Stripe does not say.
    """
    gateway = get_gateway_for(livemode=refund.livemode, account=refund.stripe_account or "")
    state = gateway.retrieve_refund(refund.stripe_id or "")
    if record_state(refund=refund, state=state, failure="", by=STRIPE, now=now):
        return
    due = now + READ_AGAIN if now - refund.asked_at < READ_FOR else None
    Refund.objects.filter(pk=refund.pk).update(due_at=due, lease_until=None, tries=0, error="")


def _already_there(asked: Refund, gateway: Gateway) -> RefundState | None:
    """A refund whose answer was lost, found by the metadata it was sent with."""
    charge_id = asked.payment.charge_id
    for state in gateway.refunds_of(charge_id=charge_id) if charge_id else []:
        if state.metadata.get("refund") == str(asked.id):
            return state
    return None


def _metadata(asked: Refund) -> dict[str, str]:
    payment = asked.payment
    return {
        "installation": str(payment.merchant.installation),
        "payment": str(payment.id),
        "refund": str(asked.id),
        "request": asked.request_key,
        "order": payment.number,
        "kind": "refund",
        "amount": f"{asked.amount} {asked.currency}",
    }


def _look_again(asked: Refund, error: GatewayError) -> None:
    logger.warning("refund %s: Stripe did not say (%s)", asked.pk, error)
    due = timezone.now() + min(LOOK_AGAIN * 2 ** min(asked.tries, 10), LONGEST_WAIT)
    rows = Refund.objects.filter(pk=asked.pk, status__in=Refund.IN_FLIGHT)
    why = f"{type(error).__name__}: {error}"[:500]
    if rows.update(status=Refund.Status.UNKNOWN, due_at=due, lease_until=None, error=why):
        asked.status = Refund.Status.UNKNOWN
