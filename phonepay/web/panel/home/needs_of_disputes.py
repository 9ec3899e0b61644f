"""What needs a person about disputes: an answer that the bank waits for, a payment that it thinks is fraud."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from phonepay.payments.dispute_models import Dispute, EarlyFraudWarning
from phonepay.web.panel import formats
from phonepay.web.panel.home.need import Asked, Need, money, whose
from phonepay.web.panel.money.notes import at_stripe

WARNED_FOR = timedelta(days=30)  # after that a dispute has come, or hardly will


def to_answer(asked: Asked) -> QuerySet[Dispute]:
    rows = Dispute.objects.filter(merchant=asked.shop, livemode=asked.live, status__in=Dispute.ANSWER_WANTED)
    return rows.select_related("payment__order").order_by("opened_at")


def tell_to_answer(dispute: Dispute, asked: Asked) -> Need:
    facts = {
        "amount": money(dispute.amount, dispute.currency, asked),
        "whose": whose(dispute.payment),
        "day": formats.day_within(timezone.localtime(dispute.due_by).date()) if dispute.due_by else "",
    }
    said = _("%(amount)s of %(whose)s disputed, answer by %(day)s.")
    if not dispute.due_by:
        said = _("%(amount)s of %(whose)s disputed.")
    return Need(dispute.opened_at, said % facts, at_stripe(dispute), _("Answer at Stripe"), "red")


def warned(asked: Asked) -> QuerySet[EarlyFraudWarning]:
    rows = EarlyFraudWarning.objects.filter(merchant=asked.shop, actionable=True, livemode=asked.live)
    recent = rows.filter(dismissed_at=None, warned_at__gt=asked.now - WARNED_FOR)
    return recent.select_related("payment__order").order_by("warned_at")


def tell_warned(warning: EarlyFraudWarning, asked: Asked) -> Need:
    payment = warning.payment
    said = _("The bank thinks that %(amount)s of %(whose)s was fraud. Refund it before it becomes a dispute.") % {
        "amount": money(payment.refundable, payment.currency, asked),
        "whose": whose(payment),
    }
    return Need(
        warning.warned_at,
        said,
        reverse("payment-refund", args=[payment.pk]),
        _("Refund it"),
        done_url=reverse("payment-known", args=[payment.pk]),
        done=_("We know this customer"),
    )
