"""What does not agree: opened once, gone when it is not found any more, or explained by a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from phonepay.events import types
from phonepay.events.actors import SYSTEM, Actor
from phonepay.events.models import record
from phonepay.lib.cards import looks_like_card_number
from phonepay.payments.book_models import Discrepancy, ReconciliationRun
from phonepay.payments.models import Payment
from phonepay.people.permissions import require

LONGEST_NOTE = 500


class ResolveRefused(ValueError):
    """The discrepancy was left open; the message says why, for a person to read."""


def found(
    run: ReconciliationRun,
    kind: str,
    *,
    stripe_object: str,
    happened_at: datetime,
    now: datetime,
    ours: int | None = None,
    theirs: int | None = None,
    currency: str = "",
    payment: Payment | None = None,
    detail: str = "",
) -> None:
    """Open it, or say that it is still there. What a person explained, and has not changed since, stays explained."""
    facts: dict[str, Any] = {
        "payment_id": payment.pk if payment else None,
        "ours": ours,
        "theirs": theirs,
        "currency": currency,
        "detail": detail[:200],
    }
    same = Discrepancy.objects.filter(merchant_id=run.merchant_id, kind=kind, stripe_object=stripe_object)
    if same.exclude(resolved_by="").filter(ours=ours, theirs=theirs).exists():
        return
    key = f"{kind}:{stripe_object}"
    seen: dict[str, Any] = {"seen_at": now, "seen_by": run}
    with transaction.atomic():
        if Discrepancy.objects.filter(open_key=key).update(**facts, **seen):
            return
        row, made = Discrepancy.objects.get_or_create(
            open_key=key,
            defaults={
                "merchant_id": run.merchant_id,
                "livemode": run.livemode,
                "stripe_account": run.stripe_account,
                "kind": kind,
                "stripe_object": stripe_object,
                "happened_at": happened_at,
                "since": now,
                **facts,
                **seen,
            },
        )
        if made:
            what = {"kind": kind, "object": stripe_object, "ours": ours, "theirs": theirs, "currency": currency}
            record(types.BOOKS_DIFFER, subject=("discrepancy", row.pk), by=SYSTEM, now=now, **what)


def open_ones(merchant_id: int, *, livemode: bool) -> QuerySet[Discrepancy]:
    """Those that are open now, the oldest first."""
    rows = Discrepancy.objects.filter(merchant_id=merchant_id, livemode=livemode, resolved_at=None)
    return rows.order_by("since", "pk")


def let_go(run: ReconciliationRun, now: datetime) -> int:
    """A run has looked at all of its time and did not find these again: they are gone. Returns how many.

    Of a payment too whose movements lie elsewhere: a difference in what was refunded is found by any of them.
    """
    rows = open_ones(run.merchant_id, livemode=run.livemode).exclude(seen_by=run)
    looked_at = Q(happened_at__gte=run.since, happened_at__lte=run.until)
    gone = list(rows.filter(looked_at, stripe_account__in=("", run.stripe_account)))
    for row in gone:
        _end(row, by=SYSTEM, now=now, note="", name="")
    return len(gone)


def gone(discrepancy: Discrepancy, *, now: datetime) -> None:
    """It was looked at again, and agrees now."""
    _end(discrepancy, by=SYSTEM, now=now, note="", name="")


def resolve(*, discrepancy: Discrepancy, note: str, by: Actor, now: datetime) -> bool:
    """A person says why it is so: it is not counted any more. False where it was resolved already.

    Nothing in the books changes. Raises ResolveRefused without a note that says something.
    """
    require(by, "resolve_books")
    note = note.strip()
    if not note:
        raise ResolveRefused(_("Write what explains it: whoever looks next year will want to know."))
    if len(note) > LONGEST_NOTE:
        raise ResolveRefused(_("The note is too long: at most 500 characters."))
    if looks_like_card_number(note):
        raise ResolveRefused(_("The note looks like it holds a card number, so nothing was kept. Write it without."))
    return _end(discrepancy, by=by, now=now, note=note, name=str(by)[:200])


def _end(row: Discrepancy, *, by: Actor, now: datetime, note: str, name: str) -> bool:
    with transaction.atomic():
        rows = Discrepancy.objects.filter(pk=row.pk, resolved_at=None)
        if rows.update(resolved_at=now, open_key=None, note=note, resolved_by=name) != 1:
            return False
        record(types.BOOKS_RESOLVED, subject=("discrepancy", row.pk), by=by, now=now, kind=row.kind, note=note)
    return True
