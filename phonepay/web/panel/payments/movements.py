"""Money that moved, as the ledger has it: the lists that home's figures add up to."""

from __future__ import annotations

from django.db.models import QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from phonepay.merchant.models import Merchant
from phonepay.payments.gateway import key_is_live
from phonepay.payments.models import LedgerEntry
from phonepay.web.panel import states

Kind = LedgerEntry.Kind
TAKEN = (Kind.SALE, Kind.OVERAGE)
REFUNDED = (Kind.REFUND,)
RETURNED = (Kind.REFUND_FAILED,)
DISPUTED = (Kind.DISPUTE_WITHDRAWN, Kind.DISPUTE_REINSTATED)

MONEY: dict[str, str | Promise] = {
    "taken": _("Money taken"),
    "refunded": _("Money refunded"),
    "kept": _("Money taken, refunded and disputed"),
}
KINDS = {"taken": TAKEN, "refunded": REFUNDED, "kept": (*TAKEN, *REFUNDED, *RETURNED, *DISPUTED)}

# The kind's key in transactions.KINDS, and the state of its row.
TOLD: dict[str, tuple[str, states.State]] = {
    Kind.SALE: ("payment", states.PAID),
    Kind.OVERAGE: ("extra", states.PAID),
    Kind.REFUND: ("refund", states.REFUNDED),
    Kind.REFUND_FAILED: ("refund", states.State(_("Came back"), "red")),
    Kind.DISPUTE_WITHDRAWN: ("dispute", states.DISPUTED),
    Kind.DISPUTE_REINSTATED: ("dispute", states.WON),
}


def movements(shop: Merchant, money: str, currency: str) -> QuerySet[LedgerEntry]:
    """The entries that a figure of home counts; `currency` "" is any."""
    rows = LedgerEntry.objects.filter(merchant=shop, livemode=key_is_live(), kind__in=KINDS[money])
    return rows.filter(currency=currency) if currency else rows


def sums(rows: QuerySet[LedgerEntry]) -> tuple[tuple[int, str], ...]:
    """(minor units, currency) of each currency."""
    per_currency = rows.order_by().values_list("currency").annotate(total=Sum("amount")).order_by("currency")
    return tuple((total, currency) for currency, total in per_currency)
