"""The extra charge (overage): more from the card of a payment whose caller allowed it, up to the cap, until the day.

On the screen it is called "extra charge". It is a Payment of its own, beside the one that agreed to it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from phonepay.events.actors import Actor
from phonepay.lib.cards import looks_like_card_number
from phonepay.lib.money import MoneyError, check_chargeable, format_amount
from phonepay.lib.refusal import Refusal
from phonepay.orders.models import Order
from phonepay.payments import disputes, hold, room, stripe_side
from phonepay.payments.gateway import GatewayError, NotConfigured, get_gateway, key_is_live
from phonepay.payments.models import Payment
from phonepay.payments.operations import LEASE
from phonepay.people.permissions import require

LONGEST_DESCRIPTION = 200


class OverageRefused(Refusal):
    """Nothing was charged."""


def room_for_overage(*, order: Order, now: datetime) -> tuple[Payment, int]:
    """The payment whose card may be charged, and the minor units left under its cap. Raises OverageRefused."""
    payments = order.payments.filter(status=Payment.Status.SUCCEEDED, kind=Payment.Kind.INITIAL)
    paid = list(payments.select_related("merchant", "line").order_by("-settled_at"))
    if not paid:
        if order.status == Order.Status.PAID_ANOTHER_WAY:
            raise OverageRefused("paid_another_way", "This order was paid another way, so there is no card to charge.")
        raise OverageRefused("unpaid", "This order was not paid by phone, so there is no card to charge.")
    here = [payment for payment in paid if payment.livemode == key_is_live()]
    if not here:
        raise OverageRefused(
            "other_mode", "This was paid with the other kind of Stripe key (test or live). Set that key first."
        )
    allowed = [payment for payment in here if payment.consent_wording]
    if not allowed:
        if any(payment.charge_id and not payment.intent_id for payment in here):
            raise OverageRefused(
                "brought_over", "This payment was brought over from another system, and no card was kept."
            )
        raise OverageRefused("no_consent", "The caller did not agree to later charges. Ask for it by phone.")
    payment = allowed[0]
    _check_agreement(payment, order, now)
    return payment, payment.consent_cap - payment.overage_used


def _check_agreement(payment: Payment, order: Order, now: datetime) -> None:
    if payment.refunded >= payment.amount or order.status == Order.Status.REFUNDED:
        raise OverageRefused("refunded", "This order was refunded in full, so its card is not charged again.")
    if payment.consent_until is None or payment.consent_until < now:
        raise OverageRefused(
            "expired", "The time in which the caller allowed later charges is over. Ask for it by phone."
        )
    against = disputes.why_not_charge(order, livemode=payment.livemode)
    if against == "disputed":
        raise OverageRefused("disputed", "A payment of this order was disputed, so its card is not charged again.")
    if against == "warned":
        raise OverageRefused("warned", "The card's bank warned of fraud, so this card is not charged again.")
    if not payment.customer_id or not payment.payment_method or payment.card_gone_at:
        raise OverageRefused("no_card", "The card is not kept any more. Ask for it by phone.")
    try:
        account = get_gateway().account()
    except NotConfigured as error:
        raise OverageRefused("no_key", "There is no Stripe key, so nothing can be charged. Set it first.") from error
    except GatewayError as error:
        raise OverageRefused(
            "stripe", f"Stripe did not accept the key ({error}). Nothing was charged.", why=str(error)
        ) from error
    if account and payment.stripe_account and account != payment.stripe_account:
        raise OverageRefused(
            "other_account", "This was paid on another Stripe account. Set the key of that account first."
        )


def charge_overage(
    *, order: Order, amount: int, what_for: str, key: str, by: Actor, now: datetime, tell: bool = True
) -> Payment:
    """Charge `amount` minor units more to the card that paid the order. Returns the extra charge with its result:
    status succeeded, declined, failed, or unknown while it is being checked.

    `key` names this request: the same key again returns the same extra charge. `tell`: the customer gets a receipt,
    where the order has an address and e-mail is set up. Raises OverageRefused, NotAllowed.
    """
    require(by, "charge")
    earlier = (
        Payment.objects.filter(merchant=order.merchant, request_key=key).select_related("merchant", "line").first()
    )
    if earlier is not None:
        return earlier
    if hold.is_held():
        raise OverageRefused("held", str(hold.SENTENCE))
    parent, left = room_for_overage(order=order, now=now)
    _check_wish(amount, left, what_for, parent)
    extra = Payment(
        merchant=parent.merchant,
        line=parent.line,
        order=order,
        parent=parent,
        kind=Payment.Kind.OVERAGE,
        number=order.number,
        call_sid=parent.call_sid,
        phone=parent.phone,
        behavior=parent.behavior,
        amount=amount,
        currency=parent.currency,
        status=Payment.Status.CHARGING,
        claim=f"overage:{order.pk}",
        payment_method=parent.payment_method,
        card_brand=parent.card_brand,
        card_last4=parent.card_last4,
        connector=parent.connector,
        stripe_account=parent.stripe_account,
        livemode=parent.livemode,
        description=what_for.strip(),
        descriptor_suffix=parent.descriptor_suffix,
        tells_customer=tell,
        by_name=str(by)[:200],
        request_key=key,
        agreed_at=now,
        due_at=now + LEASE,
        lease_until=now + LEASE,
    )
    try:
        with transaction.atomic(durable=True):
            if not room.take(parent, amount):
                raise OverageRefused(
                    "cap", "Another extra charge used what was left a moment ago. Nothing was charged."
                )
            extra.save(force_insert=True)
            Payment.objects.filter(pk=extra.pk).update(charging_at=Now())
    except IntegrityError as error:
        twin = Payment.objects.filter(request_key=key).select_related("merchant", "line").first()
        if twin is not None:
            return twin
        raise OverageRefused(
            "in_flight", "Another extra charge for this order is under way. Nothing was charged."
        ) from error
    stripe_side.send_charge(extra)
    return extra


def _check_wish(amount: int, left: int, what_for: str, parent: Payment) -> None:
    if not what_for.strip():
        raise OverageRefused("what_for", "Say what it is for: the customer reads it.")
    if len(what_for) > LONGEST_DESCRIPTION:
        raise OverageRefused(
            "too_long", "What it is for is too long: at most 200 characters.", limit=LONGEST_DESCRIPTION
        )
    if looks_like_card_number(what_for):
        raise OverageRefused(
            "card_number", "This looks like a card number, so nothing was kept and nothing was charged."
        )
    if left <= 0:
        cap = format_amount(parent.consent_cap, parent.currency)
        raise OverageRefused("used_up", f"The {cap} agreed to is used up.", cap=parent.consent_cap)
    if amount > left:
        raise OverageRefused(
            "cap",
            f"Only {format_amount(left, parent.currency)} is left of what the caller agreed to. Nothing was charged.",
            left=left,
        )
    try:
        check_chargeable(amount, parent.currency)
    except MoneyError as error:
        raise OverageRefused(error.reason, str(error), **error.facts) from error
