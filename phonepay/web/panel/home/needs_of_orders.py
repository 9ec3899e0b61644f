"""What needs a person about orders: money for a number that the shop does not know."""

from __future__ import annotations

from django.db.models import Exists, F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from phonepay.orders.models import Order
from phonepay.payments.models import Payment
from phonepay.web.panel.home.need import Asked, Need, money


def to_match(asked: Asked) -> QuerySet[Payment]:
    """Paid for a number that a caller keyed and no order had, where the shop has a list to be on.

    Until somebody says that the number is right, or gives it another, or attaches it to another order. A line that asks
    for no number makes its own.
    """
    listed = Order.objects.filter(merchant=asked.shop, origin=Order.Origin.SHOP)
    # Not by the payment's status, which nearly all share: an unpaid one lets go of a number that no order has.
    rows = Payment.objects.filter(Exists(listed), merchant=asked.shop, livemode=asked.live, keys__gt="")
    rows = rows.filter(order__number=F("keys"), order__origin=Order.Origin.CALL, order__status=Order.Status.PAID)
    rows = rows.filter(order__right_at=None)
    return rows.select_related("order").order_by("agreed_at")


def tell_to_match(payment: Payment, asked: Asked) -> Need:
    order = payment.order
    said = _("Someone paid %(amount)s for order %(number)s, which is not on your list.") % {
        "amount": money(payment.amount, payment.currency, asked),
        "number": order.number if order else payment.number,
    }
    since, page = payment.settled_at or payment.agreed_at, reverse("order", args=[payment.order_id])
    return Need(since, said, reverse("order-attach", args=[payment.order_id]), _("Match it"), look_url=page)
