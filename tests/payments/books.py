"""The books in tests: a run in one go, a backup that is restored, and whether ledger and Stripe are the same."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, models
from django.utils import timezone

from phonepay.events.actors import SYSTEM
from phonepay.orders.models import Order
from phonepay.payments.book_models import Discrepancy, ReconciliationRun
from phonepay.payments.books import open_discrepancies
from phonepay.payments.models import CardAttempt, LedgerEntry, Payment, Refund
from phonepay.payments.reconciliation import runs
from tests.shop import Till


def check_books(till: Till, *, since: timedelta = timedelta(hours=1)) -> ReconciliationRun:
    """Somebody asks, and it is done to the end."""
    run = runs.ask(merchant=till.shop, by=SYSTEM, now=timezone.now(), since=timezone.now() - since)
    runs.finish_now(run, clock=timezone.now, tell=lambda _: None)
    run.refresh_from_db()
    assert run.error == ""
    assert run.finished_at is not None
    return run


def differing(till: Till) -> list[Discrepancy]:
    return list(open_discrepancies(till.shop, livemode=False))


def lose(*payments: Payment, orders: bool = False) -> None:
    """What a restored backup does not have: the payment with all that hangs on it, and its order if that was new."""
    for payment in payments:
        order_id = payment.order_id
        extra = [each.pk for each in Payment.objects.filter(parent=payment)]
        for pk in (*extra, payment.pk):
            erase(LedgerEntry, payment_id=pk)
            erase(Refund, payment_id=pk)
            erase(CardAttempt, payment_id=pk)
            erase(Payment, pk=pk)
        if order_id is not None and orders:
            erase(Order, pk=order_id)
        elif order_id is not None:
            Order.objects.filter(pk=order_id).update(status="unpaid", paid_at=None, paid_livemode=None, claimed_by=None)


def lose_refunds(payment: Payment) -> None:
    gone = Refund.objects.filter(payment=payment)
    back = sum(gone.exclude(status="failed").values_list("amount", flat=True))
    erase(LedgerEntry, refund__payment=payment)
    erase(Refund, payment=payment)
    Payment.objects.filter(pk=payment.pk).update(refunded=models.F("refunded") - back)
    Order.objects.filter(pk=payment.order_id, status="refunded").update(status="paid")


def erase(model: type[models.Model], **which: object) -> None:
    """Past what is append-only, as a restore does it."""
    rows: models.QuerySet[models.Model] = models.QuerySet(model).filter(**which)
    rows.filter(pk__in=list(rows.values_list("pk", flat=True)))._raw_delete(connection.alias)


def per_order(till: Till) -> dict[str, int]:
    """Our ledger: what the shop has of each order's number, before fees."""
    sums: dict[str, int] = {}
    entries = LedgerEntry.objects.filter(merchant=till.shop).exclude(kind="fee").select_related("payment")
    for entry in entries:
        sums[str(entry.payment.pk)] = sums.get(str(entry.payment.pk), 0) + entry.amount
    return sums
