"""What a run looks at, in its order. A stage does one page from its cursor on, and says where the next one begins.

An hourly run holds the balance against our books, and our books against Stripe. A thorough one (each night, after a
restore, and whenever somebody asks) also reads what makes no entry on the balance: PaymentIntents that nobody confirms
any more, refunds up to 45 days old, which may still fail, and inquiries.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from phonepay.events.actors import STRIPE
from phonepay.payments import disputes, stripe_side
from phonepay.payments.book_models import Discrepancy, Payout, ReconciliationRun
from phonepay.payments.brought_over import BROUGHT_OVER
from phonepay.payments.gateway import Refused
from phonepay.payments.models import LedgerEntry, Payment
from phonepay.payments.reconciliation import rebuild
from phonepay.payments.reconciliation.discrepancies import found, gone
from phonepay.payments.reconciliation.movements import Comparison
from phonepay.payments.stripe_lists import IntentFound

REFUNDS_READ_FOR = timedelta(days=45)
PAYOUTS_SHOWN_FOR = timedelta(days=40)
AN_INTENT_IS_OLD = timedelta(hours=1)  # an agreement holds for ten minutes, and its payment is closed after fifteen
_OPEN_DISPUTES = 200
_READ_AT_ONCE = 20  # entries that are asked about one by one


@dataclass(frozen=True, slots=True)
class Done:
    """`after`: where the next page begins, "" where this was the last; `looked_at` objects were on it."""

    looked_at: int
    after: str


Stage = Callable[[Comparison, str], Done]


def stages_of(run: ReconciliationRun) -> Sequence[str]:
    return tuple(STAGES) if run.thorough else ("movements", "ours", "again")


def _time(run: ReconciliationRun) -> tuple[datetime, datetime]:
    if run.since is None or run.until is None:
        raise ValueError("the run has not begun")
    return run.since, run.until


def _movements(comparison: Comparison, after: str) -> Done:
    page = comparison.gateway.lists.balance(*_time(comparison.run), after)
    for entry in reversed(page.rows):  # the oldest first: an extra charge comes after its payment
        comparison.entry(entry)
    return Done(len(page.rows), page.after)


def _intents(comparison: Comparison, after: str) -> Done:
    since, until = _time(comparison.run)
    page = comparison.gateway.lists.intents(since, until, after)
    for listed in reversed(page.rows):
        _intent(comparison, listed)
    return Done(len(page.rows), page.after)


def _intent(comparison: Comparison, listed: IntentFound) -> None:
    """A success is booked, though its charge is not on the balance yet; what nobody confirms any more is canceled."""
    intent, merchant = listed.intent, comparison.run.merchant
    if not rebuild.is_ours(intent.metadata, merchant):
        return
    if intent.succeeded:
        if intent.charge_id and not Payment.objects.filter(intent_id=intent.id, status="succeeded").exists():
            comparison.charge(comparison.gateway.lists.charge(intent.charge_id))
        return
    made = datetime.fromtimestamp(listed.created, UTC)
    if intent.status in ("canceled", "processing") or made > comparison.now - AN_INTENT_IS_OLD:
        return
    identity = rebuild.payment_id(intent.metadata)
    payment = Payment.objects.filter(pk=identity).first() if identity else None
    if payment is not None and payment.status in Payment.OPEN and payment.intent_id in (intent.id, None):
        return  # the sweeper's
    ended = comparison.gateway.cancel_intent(intent.id)
    if ended.succeeded and payment is not None:
        stripe_side.apply_intent(payment=payment, intent=ended, by=STRIPE, now=comparison.now)
    comparison.healed += 1


def _refunds(comparison: Comparison, after: str) -> Done:
    since, until = _time(comparison.run)
    page = comparison.gateway.lists.refunds(min(since, comparison.now - REFUNDS_READ_FOR), until, after)
    for state in reversed(page.rows):
        comparison.refund(state)
    return Done(len(page.rows), page.after)


def _disputes(comparison: Comparison, after: str) -> Done:
    """Inquiries move no money, and are found here alone; what is open is read again until it is closed."""
    page = comparison.gateway.lists.disputes(*_time(comparison.run), after)
    for state in page.rows:
        comparison.dispute(state)
    if not page.after:
        run = comparison.run
        for row in disputes.open_disputes().filter(merchant=run.merchant, livemode=run.livemode)[:_OPEN_DISPUTES]:
            comparison.dispute(comparison.gateway.retrieve_dispute(row.stripe_id or ""))
    return Done(len(page.rows), page.after)


def _ours(comparison: Comparison, after: str) -> Done:
    """Entries of ours that the balance did not show: each is asked about, which settles it."""
    run, (since, until) = comparison.run, _time(comparison.run)
    rows = LedgerEntry.objects.filter(merchant=run.merchant, livemode=run.livemode, at__gte=since, at__lte=until)
    rows = rows.filter(settlement_amount=None, kind__in=("sale", "overage", "refund"), pk__gt=int(after or 0))
    rows = rows.exclude(stripe_object__startswith=BROUGHT_OVER)  # Stripe has no such name
    rows = rows.filter(stripe_account__in=("", run.stripe_account)) if run.stripe_account else rows
    page = list(rows.select_related("payment", "refund").order_by("pk")[:_READ_AT_ONCE])
    for entry in page:
        _entry(comparison, entry)
    return Done(len(page), str(page[-1].pk) if len(page) == _READ_AT_ONCE else "")


def _entry(comparison: Comparison, entry: LedgerEntry) -> None:
    object_id = entry.stripe_object or ""
    try:
        if entry.kind == LedgerEntry.Kind.REFUND:
            comparison.refund(comparison.gateway.retrieve_refund(object_id))
            return
        charge = comparison.gateway.lists.charge(object_id)
    except Refused as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise
        theirs = None
    else:
        theirs = charge.captured
        if theirs == entry.amount:
            return
    found(
        comparison.run,
        Discrepancy.Kind.NOT_AT_STRIPE if theirs is None else Discrepancy.Kind.AMOUNT,
        stripe_object=object_id,
        happened_at=entry.at,
        now=comparison.now,
        ours=entry.amount,
        theirs=theirs,
        currency=entry.currency,
        payment=entry.payment,
    )


def _again(comparison: Comparison, after: str) -> Done:
    """What could not be rebuilt may be by now: the payment that it belongs to was further down the list."""
    rows = Discrepancy.objects.filter(seen_by=comparison.run, kind=Discrepancy.Kind.NOT_HERE, resolved_at=None)
    page = list(rows.filter(pk__gt=int(after or 0)).order_by("pk")[:_READ_AT_ONCE])
    for row in page:
        if comparison.charge(comparison.gateway.lists.charge(row.stripe_object or "")) is not None:
            gone(row, now=comparison.now)
    return Done(0, str(page[-1].pk) if len(page) == _READ_AT_ONCE else "")


def _payouts(comparison: Comparison, after: str) -> Done:
    run, (_, until) = comparison.run, _time(comparison.run)
    page = comparison.gateway.lists.payouts(comparison.now - PAYOUTS_SHOWN_FOR, until, after)
    for state in page.rows:
        facts = {
            "merchant": run.merchant,
            "livemode": run.livemode,
            "stripe_account": run.stripe_account,
            "amount": state.amount,
            "currency": state.currency,
            "status": state.status[:16],
            "failure": state.failure[:200],
            "created_at": datetime.fromtimestamp(state.created, UTC),
            "arrives_at": datetime.fromtimestamp(state.arrives, UTC),
        }
        Payout.objects.update_or_create(pk=state.id, defaults=facts)
    return Done(0, page.after)


STAGES: dict[str, Stage] = {
    "movements": _movements,
    "intents": _intents,
    "refunds": _refunds,
    "disputes": _disputes,
    "ours": _ours,
    "again": _again,
    "payouts": _payouts,
}
