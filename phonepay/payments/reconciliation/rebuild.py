"""Rows that a restored backup does not have, made anew from the metadata on Stripe's objects.

Every object that we make at Stripe names the installation, the payment, the attempt, the order, the line, the call, the
kind and the amount, so that the books can be whole again. What was never sent to Stripe cannot come back: the caller's
phone number, and the words of a consent, without which there is no extra charge.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4, uuid5

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_noop

from phonepay.events import types
from phonepay.events.actors import STRIPE, SYSTEM
from phonepay.events.models import record
from phonepay.lib.cards import looks_like_card_number
from phonepay.merchant.models import Line, Merchant
from phonepay.orders import claims
from phonepay.payments import room
from phonepay.payments.at_stripe import RefundState
from phonepay.payments.brought_over import named_at_last
from phonepay.payments.models import Payment, Refund
from phonepay.payments.stripe_lists import ChargeFound

_SAME_DIGITS_TRIES = 20
_SOON = timedelta(seconds=30)


class CannotRebuild(Exception):
    """The metadata does not say enough; the message says what is missing."""


def is_ours(metadata: Mapping[str, str], merchant: Merchant) -> bool:
    return metadata.get("installation") == str(merchant.installation)


def payment_id(metadata: Mapping[str, str]) -> UUID | None:
    return as_uuid(metadata.get("payment", ""))


def payment(merchant: Merchant, charge: ChargeFound, *, now: datetime, beside: Payment | None = None) -> Payment:
    """The payment of a charge that we have no row of: being checked, and looked at soon, until it is booked.

    `beside`: a second charge for a payment that has its own; it becomes a payment of its own, under an identity that is
    the same however often it is found. Raises CannotRebuild.
    """
    facts = charge.metadata
    named = payment_id(facts)
    if named is None:
        raise CannotRebuild(gettext_noop("its metadata names no payment"))
    identity = uuid5(named, charge.id) if beside else named
    line = _line(merchant, facts)
    overage = facts.get("kind") == Payment.Kind.OVERAGE
    parent = _parent(merchant, facts, beside) if overage else None
    row = Payment(
        id=identity,
        merchant=merchant,
        line=line,
        order=parent.order if parent else None,
        parent=parent,
        kind=Payment.Kind.OVERAGE if overage else Payment.Kind.INITIAL,
        call_sid=_no_card(facts.get("call", "")[:64]),
        phone=beside.phone if beside else "",
        number=_no_card(facts.get("order", "")[:24]),
        behavior=beside.behavior if beside else "",
        amount=_amount(charge),
        currency=charge.currency,
        status=Payment.Status.UNKNOWN,
        attempt=as_uuid(facts.get("attempt", "")) or uuid4(),
        payment_method=charge.payment_method,
        card_brand=charge.card_brand[:16],
        card_last4=charge.card_last4[:4],
        stripe_account=beside.stripe_account if beside else "",
        livemode=charge.livemode,
        intent_id=charge.intent_id or None,
        customer_id=charge.customer_id,
        agreed_at=datetime.fromtimestamp(charge.created, UTC),
        due_at=now + _SOON,
    )
    return _save(row, merchant, _no_card(facts.get("confirmation", "")), now)


def _no_card(text: str) -> str:
    """Metadata is what somebody wrote at Stripe: no card number comes back from there."""
    return "" if looks_like_card_number(text) else text


def _save(row: Payment, merchant: Merchant, confirmation: str, now: datetime) -> Payment:
    """Once, whoever else makes it at this moment; the digits are drawn anew where another payment has them."""
    for _ in range(_SAME_DIGITS_TRIES):
        if row.kind == Payment.Kind.INITIAL:
            row.confirmation = confirmation or str(100_000 + secrets.randbelow(900_000))
        try:
            with transaction.atomic(durable=True):
                if row.kind == Payment.Kind.INITIAL and row.number and row.order_id is None:
                    row.order = claims.find_or_rebuild(row.terms, number=row.number, merchant=merchant, now=now)
                row.save(force_insert=True)
                if row.parent is not None:
                    room.take(row.parent, row.amount)
                record(types.PAYMENT_REBUILT, subject=("payment", row.pk), by=SYSTEM, now=now, amount=row.amount)
        except IntegrityError:
            there = Payment.objects.select_related("merchant", "line", "order", "parent").filter(pk=row.pk).first()
            if there is not None:
                return there
            confirmation = ""
            continue
        return row
    raise CannotRebuild(gettext_noop("no confirmation number is free"))


def _amount(charge: ChargeFound) -> int:
    """What was agreed, as the metadata has it; what was taken where it does not say."""
    agreed, _, currency = charge.metadata.get("amount", "").partition(" ")
    return int(agreed) if agreed.isdecimal() and currency == charge.currency else charge.captured


def _line(merchant: Merchant, facts: Mapping[str, str]) -> Line:
    lines = Line.objects.filter(merchant=merchant)
    line = lines.filter(phone_number=facts.get("line", "")).first() or lines.order_by("pk").first()
    if line is None:
        raise CannotRebuild(gettext_noop("there is no line here: make one with phonepay line set"))
    return line


def _parent(merchant: Merchant, facts: Mapping[str, str], beside: Payment | None) -> Payment:
    """Whose card was charged extra. The oldest payment is booked first, so that it is there."""
    if beside is not None and beside.parent is not None:
        return beside.parent
    rows = Payment.objects.select_related("order").filter(merchant=merchant, kind=Payment.Kind.INITIAL)
    identity = as_uuid(facts.get("parent", ""))
    parent = rows.filter(pk=identity).first() if identity else None
    if parent is None and facts.get("call"):
        parent = rows.filter(call_sid=facts["call"], status=Payment.Status.SUCCEEDED).first()
    if parent is None or parent.order is None:
        raise CannotRebuild(gettext_noop("the payment whose card was charged extra is not here"))
    return parent


def refund(of: Payment, state: RefundState, *, now: datetime) -> Refund:
    """A refund that we have no row of: one of ours under its own identity and request key, or one made elsewhere.

    Raises IntegrityError where a refund of ours, that Stripe has not answered yet, holds the room that this one took.
    """
    assert of.order is not None  # noqa: S101  # by constraint: what succeeded has an order
    known = named_at_last(of, state) if not of.intent_id else None
    if known is not None:
        return known
    identity = as_uuid(state.metadata.get("refund", "")) if state.metadata.get("payment") == str(of.pk) else None
    with transaction.atomic(durable=True):
        Payment.objects.filter(pk=of.pk).update(refunded=F("refunded") + state.amount)
        return Refund.objects.create(
            id=identity or uuid5(of.pk, state.id),
            merchant_id=of.merchant_id,
            payment=of,
            order=of.order,
            amount=state.amount,
            currency=state.currency,
            livemode=of.livemode,
            stripe_account=of.stripe_account,
            reason="requested_by_customer",
            by_kind=STRIPE.kind,
            by_name="Stripe's dashboard" if identity is None else "",
            request_key=(state.metadata.get("request", "") if identity else "") or f"stripe:{state.id}",
            stripe_id=state.id,
            asked_at=min(datetime.fromtimestamp(state.created, UTC), now),
        )


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
