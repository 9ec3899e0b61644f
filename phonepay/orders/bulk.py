"""The same verb on several orders, each by itself: one that is refused keeps no other from being done. Never money."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from phonepay.events.actors import Actor
from phonepay.merchant.models import Merchant
from phonepay.orders.checks import OrderRefused
from phonepay.orders.models import Order
from phonepay.orders.operations import cancel_order, restore_order
from phonepay.people.permissions import require

AT_MOST = 500


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one order; `refused` is None where it is now as was asked."""

    order: Order
    refused: OrderRefused | None


def cancel_orders(*, merchant: Merchant, ids: Sequence[int], by: Actor, now: datetime) -> list[Result]:
    """Cancel each. An id that is no order of the merchant's is left out. Raises NotAllowed, OrderRefused (too_many)."""
    return _each(cancel_order, merchant, ids, by, now)


def restore_orders(*, merchant: Merchant, ids: Sequence[int], by: Actor, now: datetime) -> list[Result]:
    """Restore each that is cancelled, as `cancel_orders` cancels."""
    return _each(restore_order, merchant, ids, by, now)


def _each(verb: Callable[..., Order], merchant: Merchant, ids: Sequence[int], by: Actor, now: datetime) -> list[Result]:
    require(by, "change_orders")
    if len(ids) > AT_MOST:
        raise OrderRefused("too_many", f"At most {AT_MOST} orders at once. Nothing was changed.", limit=AT_MOST)
    results = []
    for order in Order.objects.filter(merchant=merchant, pk__in=ids).select_related("merchant").order_by("pk"):
        try:
            verb(order=order, by=by, now=now)
        except OrderRefused as refused:
            results.append(Result(order, refused))
        else:
            results.append(Result(order, None))
    return results
