"""The shop's order prefix, which callers need not key: changing it changes by which keys every order is found."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.lib.cards import looks_like_card_number
from phonepay.merchant.models import Merchant
from phonepay.orders.keypad import NumberRefused, is_lettered, to_keys, without_prefix
from phonepay.orders.models import Order
from phonepay.orders.operations import OrderRefused
from phonepay.people.permissions import require

LONGEST = 8
BATCH = 500


def set_order_prefix(*, merchant: Merchant, prefix: str, by: Actor, now: datetime) -> Merchant:
    """Set the prefix and key all orders of the merchant anew, at once; "" is none.

    Raises OrderRefused, naming two orders that would be keyed alike, and NotAllowed; then nothing was changed.
    """
    require(by, "change_settings")
    prefix = prefix.strip()
    _check(prefix)
    with transaction.atomic():
        merchant = Merchant.objects.select_for_update().get(pk=merchant.pk)
        before = merchant.order_prefix
        if prefix == before:
            return merchant
        _key_anew(merchant, prefix)
        Merchant.objects.filter(pk=merchant.pk).update(order_prefix=prefix)
        facts = {"before": {"order_prefix": before}, "after": {"order_prefix": prefix}}
        record(types.LINE_CHANGED, subject=("merchant", merchant.pk), by=by, now=now, **facts)
    merchant.order_prefix = prefix
    return merchant


def _check(prefix: str) -> None:
    if len(prefix) > LONGEST:
        raise OrderRefused("too_long", f"An order prefix can have at most {LONGEST} characters.", limit=LONGEST)
    if looks_like_card_number(prefix):
        raise OrderRefused(
            "card_number", "This looks like a card number, so nothing was kept. Card numbers never belong here."
        )
    try:
        to_keys(prefix)
    except NumberRefused as error:
        raise OrderRefused(error.reason, str(error), **error.facts) from error


def _key_anew(merchant: Merchant, prefix: str) -> None:
    # Numbers that are only held by a charge under way are keyed anew too: the charge itself finds them by their row.
    orders = Order.with_reserved.filter(merchant=merchant, keyed__isnull=False).only("number", "keyed", "lettered")
    owners: dict[str, str] = {}
    changed = []
    for order in orders.iterator(BATCH):
        keyed, lettered = without_prefix(to_keys(order.number), prefix=prefix), is_lettered(order.number, prefix=prefix)
        if keyed in owners:
            raise OrderRefused(
                "prefix_alike",
                f"With the prefix “{prefix}”, {owners[keyed]} and {order.number} would be keyed alike on a phone, "
                "so callers could pay the wrong one. Nothing was changed.",
                one=owners[keyed],
                other=order.number,
            )
        owners[keyed] = order.number
        if (keyed, lettered) != (order.keyed, order.lettered):
            order.keyed, order.lettered = keyed, lettered
            changed.append(order)
    # First all away, then all to their places: one may take the keys that another leaves.
    for start in range(0, len(changed), BATCH):
        Order.with_reserved.filter(pk__in=[each.pk for each in changed[start : start + BATCH]]).update(keyed=None)
    Order.with_reserved.bulk_update(changed, ["keyed", "lettered"], batch_size=BATCH)
