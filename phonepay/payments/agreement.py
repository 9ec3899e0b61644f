"""The caller pressed 1: a payment is made, before any card and before any money.

What follows until the card is charged lives here too: a further card, and the end without a charge.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.merchant.models import Line
from phonepay.payments.descriptor import descriptor_suffix
from phonepay.payments.gateway import key_is_live
from phonepay.payments.models import CardAttempt, Payment

PATIENCE_FOR_A_CARD = timedelta(minutes=15)  # an agreed payment that nobody touches any more is closed then
GRACE_AFTER_THE_CALL = timedelta(minutes=2)  # a card that was keyed as the call broke off may still be charged
_SAME_DIGITS_TRIES = 20


@dataclass(frozen=True, slots=True)
class Consent:
    """A caller's yes to later charges: the words heard, the key pressed, up to `cap` minor units, until when."""

    wording: str
    locale: str
    key: str
    cap: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was agreed on a call: `order_id` and `number` of a known order, the `keys` of an unknown one, or neither."""

    line: Line
    behavior: str
    call_sid: str
    phone: str
    amount: int  # minor units
    currency: str
    order_id: int | None = None
    number: str = ""
    keys: str = ""
    connector: str = "Default"
    moto: bool = False
    statement_prefix: str = ""
    consent: Consent | None = None


def agree(*, agreement: Agreement, now: datetime) -> Payment:
    """Make the payment that an agreement is about. Call inside the turn's transaction.

    Its confirmation number is six digits that no other payment of the shop has, drawn until one is free.
    """
    consent = agreement.consent
    line = agreement.line
    payment = Payment(
        merchant=line.merchant,
        line=line,
        order_id=agreement.order_id,
        number=agreement.number,
        keys=agreement.keys if agreement.order_id is None else "",
        call_sid=agreement.call_sid,
        phone=agreement.phone,
        behavior=agreement.behavior,
        amount=agreement.amount,
        currency=agreement.currency,
        connector=agreement.connector,
        livemode=key_is_live(),
        moto=agreement.moto,
        descriptor_suffix=descriptor_suffix(agreement.number, prefix=agreement.statement_prefix),
        consent_wording=consent.wording if consent else "",
        consent_locale=consent.locale if consent else "",
        consent_key=consent.key if consent else "",
        consent_cap=consent.cap if consent else 0,
        consent_until=consent.until if consent else None,
        agreed_at=now,
        due_at=now + PATIENCE_FOR_A_CARD,
    )
    for _ in range(_SAME_DIGITS_TRIES):
        payment.confirmation = str(100_000 + secrets.randbelow(900_000))
        try:
            with transaction.atomic():
                payment.save(force_insert=True)
        except IntegrityError:
            continue
        return payment
    raise RuntimeError("no confirmation number is free; a shop has 900,000 of them")


def next_card(*, payment: Payment, now: datetime) -> bool:
    """Ask for a further card of the same payment: the attempt gets a new identity, and an older one changes nothing.

    False where the payment is under way or ended meanwhile.
    """
    changes = {
        "attempt": uuid4(),
        "attempt_number": payment.attempt_number + 1,
        "status": Payment.Status.AGREED,
        "settled_at": None,
        "due_at": now + PATIENCE_FOR_A_CARD,
        "tries": 0,
    }
    open_rows = Payment.objects.filter(
        pk=payment.pk, attempt=payment.attempt, status__in=(Payment.Status.AGREED, Payment.Status.DECLINED)
    )
    if open_rows.update(**changes) != 1:
        return False
    for name, value in changes.items():
        setattr(payment, name, value)
    return True


def record_attempt(
    *,
    payment: Payment,
    result: str,
    now: datetime,
    decline_code: str = "",
    attempt: UUID | None = None,
    fingerprint: str = "",
) -> None:
    """Keep a card that did not pay; once per attempt, whoever comes first."""
    CardAttempt.objects.bulk_create(
        [
            CardAttempt(
                id=attempt or payment.attempt,
                payment=payment,
                number=payment.attempt_number,
                result=result,
                decline_code=decline_code,
                card_brand=payment.card_brand,
                card_last4=payment.card_last4,
                fingerprint=fingerprint,
                ended_at=now,
            )
        ],
        ignore_conflicts=True,
    )


def end_unpaid(*, payment: Payment, by: Actor, now: datetime, grace: bool = False) -> bool:
    """No card will follow: the PaymentIntent is to be cancelled. False where the money is under way or has moved.

    With `grace` the row waits two minutes, for the card of a call that broke off while it was being sent.
    """
    due = now + GRACE_AFTER_THE_CALL if grace else now
    rows = Payment.objects.filter(pk=payment.pk)
    if grace:
        return bool(rows.filter(status=Payment.Status.AGREED, due_at__gt=due).update(due_at=due))
    with transaction.atomic():
        if rows.filter(status=Payment.Status.DECLINED).update(due_at=now):
            return True
        ended = {"status": Payment.Status.ABANDONED, "settled_at": now, "due_at": now, "lease_until": None}
        if not rows.filter(status=Payment.Status.AGREED).update(**ended):
            return False
        record(types.PAYMENT_NOT_CHARGED, subject=("payment", payment.pk), by=by, now=now)
    payment.status = Payment.Status.ABANDONED
    return True
