"""What needs a person: one sentence and one way to go each, the oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from phonepay.merchant.models import Merchant
from phonepay.payments.gateway import key_is_live
from phonepay.payments.models import Payment, Refund
from phonepay.web.panel import formats

SHOWN = 50
_PATIENCE = timedelta(minutes=2)  # within it the next look of the worker answers most of them


@dataclass(frozen=True, slots=True)
class Need:
    since: datetime
    sentence: str
    url: str
    button: str
    color: str


def needs_of(shop: Merchant, now: datetime) -> list[Need]:
    """Charges whose result is not known, refunds that failed, money that came twice."""
    live = key_is_live()
    found = [*_unknown(shop, now, live), *_failed(shop, live), *_overpaid(shop, live)]
    return sorted(found, key=lambda each: each.since)


def _unknown(shop: Merchant, now: datetime, live: bool) -> list[Need]:
    rows = Payment.objects.filter(
        merchant=shop, livemode=live, due_at__isnull=False, status__in=Payment.UNDER_WAY, agreed_at__lt=now - _PATIENCE
    ).select_related("order")
    return [
        Need(
            each.agreed_at,
            _("%(amount)s of %(whose)s is still being checked, %(long)s.")
            % {
                "amount": _money(each.amount, each, shop),
                "whose": _whose(each),
                "long": formats.ago(each.agreed_at, now),
            },
            reverse("payment", args=[each.pk]),
            _("Look at it"),
            "amber",
        )
        for each in rows[:SHOWN]
    ]


def _failed(shop: Merchant, live: bool) -> list[Need]:
    rows = Refund.objects.filter(merchant=shop, livemode=live, status=Refund.Status.FAILED, payment__refunded__lt=1)
    return [
        Need(
            each.asked_at,
            _("The refund of %(amount)s to %(card)s failed.")
            % {
                "amount": _money(each.amount, each.payment, shop),
                "card": formats.card(each.payment.card_brand, each.payment.card_last4),
            },
            reverse("payment", args=[each.payment_id]),
            _("Pay it back another way"),
            "red",
        )
        for each in rows.select_related("payment")[:SHOWN]
    ]


def _overpaid(shop: Merchant, live: bool) -> list[Need]:
    rows = Payment.objects.filter(merchant=shop, livemode=live, overpaid=True, refunded=0).select_related("order")
    return [
        Need(
            each.settled_at or each.agreed_at,
            _("%(amount)s came for %(whose)s, which was paid already.")
            % {"amount": _money(each.amount, each, shop), "whose": _whose(each)},
            reverse("payment", args=[each.pk]),
            _("Refund it"),
            "amber",
        )
        for each in rows[:SHOWN]
    ]


def _money(amount: int, payment: Payment, shop: Merchant) -> str:
    return formats.money(amount, payment.currency, shop.region)


def _whose(payment: Payment) -> str:
    order = payment.order
    if order is not None:
        return order.customer_name or _("order %(number)s") % {"number": order.number}
    return payment.number or payment.phone or _("a hidden caller")
