"""Money that moved, as the ledger has it: the lists that home's figures add up to."""

from __future__ import annotations

from django.db.models import QuerySet
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
MOVED = {"taken": TAKEN, "refunded": REFUNDED, "kept": (*TAKEN, *REFUNDED, *RETURNED, *DISPUTED)}

# The kind's key in transactions.KINDS, and the state of its row.
TOLD: dict[str, tuple[str, states.State]] = {
    Kind.SALE: ("payment", states.PAID),
    Kind.OVERAGE: ("extra", states.PAID),
    Kind.REFUND: ("refund", states.REFUNDED),
    Kind.REFUND_FAILED: ("refund", states.State(_("Came back"), "red")),
    Kind.DISPUTE_WITHDRAWN: ("dispute", states.DISPUTED),
    Kind.DISPUTE_REINSTATED: ("dispute", states.WON),
}


def movements(shop: Merchant, kind: str, currency: str) -> QuerySet[LedgerEntry]:
    """The entries of a kind; `currency` "" is any."""
    rows = LedgerEntry.objects.filter(merchant=shop, livemode=key_is_live(), kind=kind)
    return rows.filter(currency=currency) if currency else rows
