"""One thing that needs a person, and who asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from phonepay.merchant.models import Merchant
from phonepay.payments.models import Payment
from phonepay.web.panel import formats


@dataclass(frozen=True, slots=True)
class Asked:
    """For which shop, when, and whether of live money."""

    shop: Merchant
    now: datetime
    live: bool


@dataclass(frozen=True, slots=True)
class Need:
    """`since` orders them; `url` and `button` are the way to go; `color` is amber, or red where money is at stake.

    `done_url` and `done` are a second, quiet button that is posted: for what a person does elsewhere, and tells.
    `look_url` is the way of who may change nothing, where `url` is not for them.
    """

    since: datetime
    sentence: str
    url: str
    button: str
    color: str = "amber"
    done_url: str = ""
    done: str = ""
    look_url: str = ""


def money(amount: int, currency: str, asked: Asked) -> str:
    return formats.money(amount, currency, asked.shop.region)


def whose(payment: Payment) -> str:
    """A name, else the order, else who called. `payment` with its order loaded."""
    order = payment.order
    if order is not None:
        return order.customer_name or _("order %(number)s") % {"number": order.number}
    return payment.number or payment.phone or _("a hidden caller")
