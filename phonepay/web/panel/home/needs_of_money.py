"""What needs a person about money: charges not known, refunds that failed or wait, money that came twice."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from phonepay.payments.models import Payment, Refund
from phonepay.payments.set_aside import failed_and_open
from phonepay.web.panel import formats
from phonepay.web.panel.home.need import Asked, Need, money, whose
from phonepay.web.panel.money.reasons import refund_failure

PATIENCE = timedelta(minutes=2)  # within it the next look of the worker answers most of them
REFUND_PATIENCE = timedelta(hours=1)


def checking(asked: Asked) -> QuerySet[Payment]:
    rows = Payment.objects.filter(merchant=asked.shop, livemode=asked.live, status__in=Payment.UNDER_WAY)
    return rows.filter(agreed_at__lt=asked.now - PATIENCE).select_related("order").order_by("agreed_at")


def tell_checking(payment: Payment, asked: Asked) -> Need:
    facts = {
        "amount": money(payment.amount, payment.currency, asked),
        "whose": whose(payment),
        "long": formats.ago(payment.agreed_at, asked.now),
    }
    said = _("%(amount)s of %(whose)s is still being checked, %(long)s.") % facts
    return Need(payment.agreed_at, said, reverse("payment", args=[payment.pk]), _("Look at it"))


def failed(asked: Asked) -> QuerySet[Refund]:
    return failed_and_open(livemode=asked.live).filter(merchant=asked.shop).select_related("payment")


def tell_failed(refund: Refund, asked: Asked) -> Need:
    card = formats.card(refund.payment.card_brand, refund.payment.card_last4)
    said = _("The refund of %(amount)s to %(card)s failed: %(why)s.") % {
        "amount": money(refund.amount, refund.currency, asked),
        "card": card,
        "why": refund_failure(refund.failure).rstrip("."),
    }
    page = reverse("payment", args=[refund.payment_id])
    url = reverse("payment-paid-back", args=[refund.payment_id, refund.pk])
    return Need(refund.asked_at, said, url, _("Pay it back another way"), "red", look_url=page)


def waiting(asked: Asked) -> QuerySet[Refund]:
    """Stripe's balance is too low: they go out by themselves, but a person can fill it up."""
    rows = Refund.objects.filter(merchant=asked.shop, livemode=asked.live, status=Refund.Status.WAITING)
    return rows.filter(asked_at__lt=asked.now - REFUND_PATIENCE).select_related("payment__order").order_by("asked_at")


def tell_waiting(refund: Refund, asked: Asked) -> Need:
    said = _("The refund of %(amount)s to %(whose)s waits: your Stripe balance is too low. It goes out by itself.")
    facts = {"amount": money(refund.amount, refund.currency, asked), "whose": whose(refund.payment)}
    return Need(refund.asked_at, said % facts, reverse("payment", args=[refund.payment_id]), _("Look at it"))


def overpaid(asked: Asked) -> QuerySet[Payment]:
    rows = Payment.objects.filter(merchant=asked.shop, livemode=asked.live, overpaid=True, refunded=0)
    return rows.select_related("order").order_by("agreed_at")


def tell_overpaid(payment: Payment, asked: Asked) -> Need:
    said = _("%(amount)s came for %(whose)s, which was paid already.") % {
        "amount": money(payment.amount, payment.currency, asked),
        "whose": whose(payment),
    }
    url = reverse("payment", args=[payment.pk])
    return Need(payment.settled_at or payment.agreed_at, said, url, _("Refund it"))
