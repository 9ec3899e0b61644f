"""A person's letters: told with all that is kept of somebody, and erased with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from phonepay.calls import erasure, personal
from phonepay.calls.models import Erasure
from phonepay.calls.personal import Kept
from phonepay.events.actors import Actor
from phonepay.merchant.models import Merchant
from phonepay.notifications.models import Delivery


def letters_of(kept: Kept) -> QuerySet[Delivery]:
    """What was sent, or is to be, about these orders or to their addresses; the oldest first."""
    addresses = {order.customer_email for order in kept.orders if order.customer_email}
    about = Q(order__in=[order.pk for order in kept.orders]) | Q(to__in=addresses, kind__in=Delivery.TO_CUSTOMERS)
    return Delivery.objects.filter(about).order_by("made_at")


def export(*, kept: Kept, by: Actor, now: datetime) -> dict[str, Any]:
    """As calls.personal.export, with what was written to whom. Raises NotAllowed."""
    told = personal.export(kept=kept, by=by, now=now)
    return told | {"letters": [_letter(row) for row in letters_of(kept)]}


def _letter(row: Delivery) -> dict[str, Any]:
    return {
        "kind": str(row.get_kind_display()),
        "to": row.to,
        "language": row.language,
        "made_at": row.made_at.isoformat(),
        "sent_at": row.sent_at.isoformat() if row.sent_at else "",
        "state": row.state,
        "error": row.error,
    }


def erase(*, merchant: Merchant, kept: Kept, by: Actor, now: datetime) -> Erasure:
    """As calls.erasure.erase, with the letters' addresses; what waits is not sent. Raises as that does."""
    return erasure.erase(merchant=merchant, kept=kept, by=by, now=now, also=_forget)


def _forget(kept: Kept) -> None:
    rows = Delivery.objects.filter(pk__in=list(letters_of(kept).values_list("pk", flat=True)))
    rows.filter(state=Delivery.State.DUE).update(state=Delivery.State.DROPPED, due_at=None, lease_until=None)
    rows.update(to="", error="")
