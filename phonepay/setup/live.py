"""Going live: the live key and the live connector, compared before either is kept; then one real payment."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.lib import money
from phonepay.merchant.models import Line
from phonepay.orders.models import Order
from phonepay.orders.operations import OrderRefused, add_order
from phonepay.payments.gateway import key_is_live
from phonepay.people.permissions import require
from phonepay.protection.clearing import forget_tried
from phonepay.setup.connector import compare, use_connector
from phonepay.setup.findings import Finding
from phonepay.setup.first_call import LIVE, begin_watch
from phonepay.setup.refusals import StepRefused, check_found
from phonepay.setup.steps import facts_of
from phonepay.setup.stripe_key import keep_key, look_at_key

_NUMBERS = range(9001, 9100)  # of the order for the first real payment: short to key


def go_live(*, key: str, name: str, account: str, by: Actor, now: datetime) -> list[Finding]:
    """Keep the live key and use the live connector, if both are of the same account. From then on money is real, and
    nothing is held against anybody for what was tried before. Where it is real already, this changes to another
    account, or to another connector of the same; "" is the key that counts.

    `name` and `account` as Twilio's console shows them of the live connector. Raises StepRefused with nothing changed,
    NotAllowed. It asks the network, so no transaction may be open.
    """
    require(by, "change_keys")
    tried = not key_is_live()
    gateway, of_key, found = look_at_key(key, live=True)
    found += compare(gateway, name=name, account=account, live=True)
    check_found(found)

    def with_its_connector() -> None:
        use_connector(name=name, account=account, live=True, by=by, now=now)
        if tried:
            forget_tried(now=now)
        record(types.WENT_LIVE, subject=("setup", 1), by=by, now=now, account=account.strip())

    keep_key(key, gateway, of_key, found, by=by, now=now, also=with_its_connector)
    begin_watch(LIVE, now=now, anew=True)
    return found


def smallest(line: Line) -> int:
    """The least that a real payment of this line can be, in minor units: Stripe's least, or the line's own."""
    return max(money.stripe_minimum(line.currency), line.floor if not line.asks_order_number else 0)


def first_order(line: Line) -> Order | None:
    """The order that was made for the first real payment, where one was."""
    made: Order | None = Order.objects.filter(merchant=line.merchant, request_key=_request_key()).first()
    return made


def _request_key() -> str:
    return f"first-live-payment-{facts_of(LIVE).get('since', '')}"[:64]


def order_for_first_payment(*, line: Line, by: Actor, now: datetime) -> Order | None:
    """An order of the least amount that Stripe takes, for a line that asks for a number; None for one that does not.

    Asked again, it is the same one. Raises StepRefused, NotAllowed.
    """
    if not line.asks_order_number:
        return None
    # Also one that a caller is paying just now, and one that is written otherwise and keyed alike.
    taken = set(Order.with_reserved.filter(merchant=line.merchant).values_list("keyed", flat=True))
    number = next((str(each) for each in _NUMBERS if str(each) not in taken), "")
    try:
        return add_order(
            merchant=line.merchant,
            number=number,
            amount=money.stripe_minimum(line.currency),
            currency=line.currency,
            by=by,
            now=now,
            key=_request_key(),
            note=_("The first real payment, to be refunded"),
        )
    except OrderRefused as refused:
        raise StepRefused({"order": str(refused)}) from refused
