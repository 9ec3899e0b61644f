"""The rows of Payments: a row for each card that was tried, each extra charge and each refund."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from phonepay.merchant.models import Merchant
from phonepay.payments.dispute_models import Dispute
from phonepay.payments.gateway import key_is_live
from phonepay.payments.models import CardAttempt, LedgerEntry, Payment, Refund
from phonepay.web.panel import formats
from phonepay.web.panel.paging import COUNTED_TO, PAGE, Page, Place, Source, counted, few, page_of
from phonepay.web.panel.payments.filters import Filters
from phonepay.web.panel.payments.movements import MOVED, TOLD, movements
from phonepay.web.panel.states import State, attempt_state, dispute_state, payment_state, refund_state

KINDS: dict[str, str | Promise] = {
    "payment": _("Payment"),
    "extra": _("Extra charge"),
    "refund": _("Refund"),
    "dispute": _("Dispute"),
}

# The columns of a payment that a row or its export shows: a payment has sixty, its order thirty.
_SHOWN = (
    "status", "kind", "amount", "currency", "number", "phone", "card_brand", "card_last4", "refunded", "disputed",
    "refund_blocked", "confirmation", "intent_id", "order__number", "order__customer_name",
)  # fmt: skip
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # before all of them: a bound is what an index is entered by
# How the places of each kind of ledger entry begin.
_LETTERS = {kind: chr(ord("A") + number) for number, kind in enumerate(MOVED["kept"])}
_OF_ITS_PAYMENT = tuple(f"payment__{name}" for name in _SHOWN)


@dataclass(frozen=True, slots=True)
class Transaction:
    """A row. `amount` in minor units, below zero where it went back."""

    at: datetime
    payment: Payment
    kind: str
    state: State
    amount: int
    card: str

    @property
    def kind_word(self) -> str | Promise:
        return KINDS[self.kind]

    @property
    def customer(self) -> str:
        order = self.payment.order
        return order.customer_name if order else ""

    @property
    def number(self) -> str:
        return self.payment.order.number if self.payment.order else self.payment.number

    @property
    def currency(self) -> str:
        return self.payment.currency


@dataclass(frozen=True, slots=True)
class Total:
    """How many rows a filter finds, up to COUNTED_TO, and their sum per currency where they could be counted."""

    count: int
    sums: tuple[tuple[int, str], ...]

    @property
    def is_more(self) -> bool:
        return self.count > COUNTED_TO


def transactions(shop: Merchant, filters: Filters, after: Place | None, size: int = PAGE) -> Page[Transaction]:
    return page_of([source for source, _ in _sources(shop, filters)], after, size)


def page_and_total(shop: Merchant, filters: Filters, after: Place | None) -> tuple[Page[Transaction], Total]:
    """One page, and the sum of all pages together; what did not move money adds nothing."""
    sources = _sources(shop, filters)
    if filters.any:
        read = [(few(source), sign) for source, sign in sources]
        sources = [(source, sign) for (source, _), sign in read]
        count = sum(found for (_, found), _ in read)
    else:
        count = sum(counted(source.rows) for source, _ in sources)
    page = page_of([source for source, _ in sources], after)
    return page, Total(count, () if count > COUNTED_TO else _sums(sources))


def _sums(sources: Sequence[tuple[Source[Transaction], int]]) -> tuple[tuple[int, str], ...]:
    moved: dict[str, int] = {}
    for source, sign in sources:
        for currency, amount in _moved(source.rows, sign):
            moved[currency] = moved.get(currency, 0) + amount
    return tuple((amount, currency) for currency, amount in sorted(moved.items()))


def _moved(rows: Any, sign: int) -> list[tuple[str, int]]:  # of payments, refunds or attempts: the sign tells
    if sign == 0:
        return []
    moved = "amount"
    if rows.model is Dispute:
        moved = "withdrawn"  # what the bank has now
    elif rows.model is LedgerEntry:
        pass  # signed, and all of it moved
    elif sign > 0:
        rows = rows.filter(status=Payment.Status.SUCCEEDED)
    else:
        rows = rows.exclude(status=Refund.Status.FAILED)
    per_currency = rows.order_by().values("currency").annotate(sum=Sum(moved)).values_list("currency", "sum")
    return [(currency, sign * amount) for currency, amount in per_currency]


def _sources(shop: Merchant, filters: Filters) -> list[tuple[Source[Transaction], int]]:
    """Each source with the sign that its amounts have: 1 in, −1 out, 0 where nothing moved."""
    found: list[tuple[Source[Transaction], int]] = []
    live = key_is_live()
    if filters.money:
        # Each kind by itself: together they would be looked for among all the others.
        shown = ("at", "kind", "amount", *_OF_ITS_PAYMENT)
        for kind in MOVED[filters.money]:
            entries = filters.narrow_movements(movements(shop, kind, filters.currency))
            entries = entries.select_related("payment__order")
            found.append((Source(entries, "at", _LETTERS[kind], _of_entry, shown), 1))
        return found
    if filters.wants("payment", "extra"):
        rows = Payment.objects.filter(merchant=shop, livemode=live).select_related("order")
        # A payment whose last card was tried without success is told by that card's own row.
        unpaid = Q(status__in=(*Payment.NOT_CHARGED,))
        tried = Exists(CardAttempt.objects.filter(payment=OuterRef("pk")))
        rows = filters.narrow_payments(rows.filter(~unpaid | ~tried))
        found.append((Source(rows, "agreed_at", "p", of_payment, ("agreed_at", *_SHOWN)), 1))
        # Not by a join, which would begin with all payments of the shop.
        ours = filters.of_kind(Payment.objects.filter(merchant=shop, livemode=live))
        if filters.kind == "extra":  # few
            attempts = CardAttempt.objects.filter(payment__in=ours)
        else:
            attempts = CardAttempt.objects.filter(Exists(ours.filter(pk=OuterRef("payment"))), ended_at__gte=_EARLIEST)
        attempts = attempts.select_related("payment__order")
        shown = ("ended_at", "result", "card_brand", "card_last4", *_OF_ITS_PAYMENT)
        found.append((Source(filters.narrow_attempts(attempts), "ended_at", "c", _of_attempt, shown), 0))
    if filters.wants("refund"):
        refunds = Refund.objects.filter(merchant=shop, livemode=live)
        refunds = refunds.select_related("payment__order")
        shown = ("asked_at", "status", "amount", *_OF_ITS_PAYMENT)
        found.append((Source(filters.narrow_refunds(refunds), "asked_at", "r", _of_refund, shown), -1))
    if filters.wants("dispute"):
        disputes = Dispute.objects.filter(merchant=shop, livemode=live)
        disputes = disputes.select_related("payment__order")
        found.append((Source(filters.narrow_disputes(disputes), "opened_at", "d", _of_dispute), -1))
    return found


def of_payment(payment: Payment) -> Transaction:
    kind = "extra" if payment.kind == Payment.Kind.OVERAGE else "payment"
    card = formats.card(payment.card_brand, payment.card_last4)
    return Transaction(payment.agreed_at, payment, kind, payment_state(payment), payment.amount, card)


def _of_attempt(attempt: CardAttempt) -> Transaction:
    payment = attempt.payment
    kind = "extra" if payment.kind == Payment.Kind.OVERAGE else "payment"
    card = formats.card(attempt.card_brand, attempt.card_last4)
    return Transaction(attempt.ended_at, payment, kind, attempt_state(attempt), payment.amount, card)


def _of_refund(refund: Refund) -> Transaction:
    payment = refund.payment
    card = formats.card(payment.card_brand, payment.card_last4)
    return Transaction(refund.asked_at, payment, "refund", refund_state(refund), -refund.amount, card)


def _of_dispute(dispute: Dispute) -> Transaction:
    payment = dispute.payment
    card = formats.card(payment.card_brand, payment.card_last4)
    return Transaction(dispute.opened_at, payment, "dispute", dispute_state(dispute), -dispute.amount, card)


def _of_entry(entry: LedgerEntry) -> Transaction:
    payment = entry.payment
    kind, state = TOLD[entry.kind]
    card = formats.card(payment.card_brand, payment.card_last4)
    return Transaction(entry.at, payment, kind, state, entry.amount, card)
