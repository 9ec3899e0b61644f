"""What needs a person about calls: who heard "being checked" and was not told the end of it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from phonepay.calls.end_told import OWED_FOR, owed_the_end
from phonepay.calls.models import Call
from phonepay.payments.models import Payment
from phonepay.web.panel.home.need import Asked, Need, money, whose


def not_told(asked: Asked) -> QuerySet[Call]:
    """Until a letter has told them, or somebody says that they did."""
    rows = owed_the_end(asked.shop, livemode=asked.live, since=asked.now - OWED_FOR)
    return rows.select_related("payment__order")


def tell_not_told(call: Call, asked: Asked) -> Need:
    payment = call.payment
    assert payment is not None  # noqa: S101 - the rows are found by its status
    said = _("%(whose)s heard that %(amount)s is being checked. It was not charged: tell them.")
    if payment.status == Payment.Status.SUCCEEDED:
        said = _("%(whose)s heard that %(amount)s is being checked. It was paid: tell them.")
    facts = {"amount": money(payment.amount, payment.currency, asked), "whose": whose(payment)}
    return Need(
        call.started_at,
        (said % facts)[:1].upper() + (said % facts)[1:],
        reverse("call", args=[call.pk]),
        _("Look at the call"),
        done_url=reverse("call-told", args=[call.pk]),
        done=_("Told them"),
    )
