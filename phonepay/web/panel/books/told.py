"""The books as the page tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from phonepay.merchant.models import Merchant
from phonepay.payments import books
from phonepay.payments.book_models import Discrepancy, Payout, ReconciliationRun
from phonepay.payments.models import LedgerEntry
from phonepay.payments.reconciliation import runs
from phonepay.payments.reconciliation.sentences import advice, sentence
from phonepay.web.panel import formats
from phonepay.web.panel.states import State

SHOWN = 50
LATEST_RUNS = 5
LATEST_PAYOUTS = 10
FEES_OF = timedelta(days=30)

STAGES: dict[str, str | Promise] = {
    "movements": _("Stripe's balance"),
    "intents": _("payments that were begun"),
    "refunds": _("refunds, which may still fail"),
    "disputes": _("disputes"),
    "ours": _("our own entries"),
    "again": _("what was left over"),
    "payouts": _("payouts"),
}
PAYOUT: dict[str, State] = {
    "paid": State(pgettext_lazy("a payout", "Arrived"), "green"),
    "in_transit": State(pgettext_lazy("a payout", "On its way"), "gray"),
    "pending": State(pgettext_lazy("a payout", "On its way"), "gray"),
    "failed": State(pgettext_lazy("a payout", "Failed"), "red"),
    "canceled": State(pgettext_lazy("a payout", "Cancelled"), "gray", over=True),
}


@dataclass(frozen=True, slots=True)
class Differing:
    row: Discrepancy
    sentence: str
    advice: str


def told(discrepancy: Discrepancy, region: str) -> Differing:
    def money(amount: int, currency: str) -> str:
        return formats.money(amount, currency, region)

    return Differing(discrepancy, sentence(discrepancy, money), advice(discrepancy))


def stage_word(run: ReconciliationRun | None) -> str | Promise:
    return STAGES.get(run.stage, "") if run else ""


def at_work(run: ReconciliationRun | None, now: datetime) -> bool:
    """Whether it is under way, or begins as soon as a worker comes by."""
    return run is not None and (run.began_at is not None or (run.due_at is not None and run.due_at <= now))


def page_of(shop: Merchant, now: datetime, *, live: bool) -> dict[str, Any]:
    """All that the page shows."""
    rows = list(books.open_discrepancies(shop, livemode=live)[: SHOWN + 1])
    run = runs.current(shop, livemode=live)
    finished = ReconciliationRun.objects.filter(merchant=shop, livemode=live, finished_at__isnull=False)
    payouts = Payout.objects.filter(merchant=shop, livemode=live).order_by("-created_at")[:LATEST_PAYOUTS]
    fees = LedgerEntry.objects.filter(merchant=shop, livemode=live, kind="fee", at__gte=now - FEES_OF)
    per_currency = fees.order_by("currency").values_list("currency").annotate(sum=Sum("amount"))
    busy = at_work(run, now)
    return {
        "differing": [told(row, shop.region) for row in rows[:SHOWN]],
        "more": len(rows) > SHOWN,
        "agree_until": books.agree_until(shop, live),
        "compared_until": books.compared_until(shop, livemode=live),
        "run": run,
        "at_work": busy,
        "stage": stage_word(run),
        "runs": list(finished.order_by("-finished_at")[:LATEST_RUNS]),
        "payouts": [(payout, PAYOUT.get(payout.status, PAYOUT["pending"])) for payout in payouts],
        "fees": [(-(total or 0), currency) for currency, total in per_currency],
    }
