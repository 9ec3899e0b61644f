"""What a customer dials for an order, and a line of words to send."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from phonepay.lib import phone
from phonepay.merchant.models import Line
from phonepay.orders.models import Order
from phonepay.payments.gateway import key_is_live
from phonepay.web.panel import formats


@dataclass(frozen=True, slots=True)
class Dial:
    """`keys` with spaces between them; `line` is whose number is called; `words` are ready to send."""

    keys: str
    line: Line
    words: str


def dial(order: Order) -> Dial | None:
    """None where nobody can pay it by phone: `why_no_dial` says why."""
    if not order.keyed or not order.is_payable(livemode=key_is_live()):
        return None
    for line in order.merchant.lines.order_by("paused", "pk"):
        if line.asks_order_number and line.phone_number:
            keys = " ".join(order.keyed)
            return Dial(keys, line, _words(order, line, keys))
    return None


def why_no_dial(order: Order) -> str:
    """A sentence for an order that is to pay and that nobody can pay by phone; "" for any other."""
    if not order.is_payable(livemode=key_is_live()):
        return ""
    lines = list(order.merchant.lines.all())
    if not any(line.phone_number for line in lines):
        return _("There is no phone number yet that customers could call. Set one up in Settings.")
    if not any(line.asks_order_number for line in lines):
        return _("Callers are not asked for an order number now, so nobody can pay this one by phone.")
    return ""


def _words(order: Order, line: Line, keys: str) -> str:
    words = _("To pay %(amount)s to %(shop)s by card, call %(phone)s. When asked for the number, key %(keys)s.")
    return words % {
        "amount": formats.money(order.amount, order.currency, order.merchant.region),
        "shop": order.merchant.name,
        "phone": phone.format_number(line.phone_number, order.merchant.region),
        "keys": keys,
    }
