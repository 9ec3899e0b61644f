"""The component: what can be done about the money of a payment or an order, and how far somebody has come with it.

A page makes one with `at_rest`, and its views for `refund` and `charge` with `refund_step` and `charge_step`; the
template `panel/money/actions.html` shows it. All of the page is rendered again after each step, so that figures and
history are already new.

The key of a request is made of what had happened before it: two tabs, two people and two presses that look at the same
state ask for the same thing, and it is done once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property

from phonepay.lib import money as lib_money
from phonepay.merchant import mail_account
from phonepay.orders.models import Order
from phonepay.payments.models import Payment
from phonepay.payments.overage import OverageRefused, room_for_overage
from phonepay.people.permissions import may
from phonepay.web.panel import formats
from phonepay.web.panel.money.figures import Money
from phonepay.web.panel.money.notes import Note, notes_of
from phonepay.web.panel.money.refusals import charge_refusal

# Why a card cannot be charged again, where nothing that the shop does changes that.
_CARD_NEVER = ("no_consent", "expired", "no_card", "brought_over", "paid_another_way", "refunded")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the page is, and where its two actions are."""

    page: str
    refund: str
    charge: str


@dataclass
class Actions:
    """`open` is "", "refund" or "charge"; `closed` the action whose form was just left, which gets the focus back."""

    money: Money
    addresses: Addresses
    region: str
    may_refund: bool
    may_charge: bool
    may_change_orders: bool
    now: datetime
    open: str = ""
    closed: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    refusal: str = ""
    said: str = ""  # what was done; announced
    tone: str = "green"

    @property
    def currency(self) -> str:
        return self.money.currency

    @property
    def decimals(self) -> int:
        """That people see of a whole amount; `digits` of one that is not."""
        return lib_money.currency(self.currency).shown_decimals

    @property
    def digits(self) -> int:
        return lib_money.currency(self.currency).decimals

    @property
    def locale(self) -> str:
        return formats.reader_locale(self.region)

    def units(self, amount: int) -> str:
        """Of minor units, with a point: what a program reads."""
        return f"{amount / 10**self.digits:.{self.digits}f}"

    @property
    def left_units(self) -> str:
        return self.units(self.money.refundable)

    @property
    def refund_state(self) -> int:
        """How many refunds there were when the form was shown."""
        return len(self.money.refunds)

    @property
    def charge_state(self) -> int:
        """The same of extra charges, of all of the order: its page and its payment's ask for the same thing."""
        return Payment.objects.filter(order=self.money.order, kind=Payment.Kind.OVERAGE).count()

    @cached_property
    def _room(self) -> tuple[Payment | None, int, OverageRefused | None]:
        """The payment whose card may be charged, what is left, or why not. On an extra charge's own page: neither."""
        order = self.money.order
        of = self.money.of
        if order is None or (isinstance(of, Payment) and of.kind == Payment.Kind.OVERAGE):
            return None, 0, None
        try:
            payment, left = room_for_overage(order=order, now=self.now)
        except OverageRefused as refused:
            return None, 0, refused
        if isinstance(of, Payment) and payment.pk != of.pk:
            return None, 0, None
        return payment, left, None

    @property
    def tells(self) -> str:
        """The address that can be told of an extra charge; "" where there is none, or no e-mail is set up."""
        order = self.money.order
        return order.customer_email if order is not None and mail_account.current() is not None else ""

    @cached_property
    def notes(self) -> list[Note]:
        """What the card's bank says of these payments."""
        return notes_of([*self.money.charges, *self.money.extras])

    @property
    def consent(self) -> Payment | None:
        return self._room[0]

    @property
    def chargeable(self) -> int:
        return self._room[1]

    @property
    def why_not_charge(self) -> str:
        refused = self._room[2]
        return charge_refusal(refused, self.money.shown) if refused else ""

    @property
    def ask_url(self) -> str:
        """Where more is asked for by phone, once the card cannot give it, with what was typed; else ""."""
        order = self.money.order
        refused = self._room[2]
        never = refused.reason in _CARD_NEVER if refused else bool(self.consent) and not self.chargeable
        if order is None or not self.may_change_orders or not (never or (self.open == "charge" and self.refusal)):
            return ""
        asked = urlencode({name: self.typed[name] for name in ("amount", "what_for") if self.typed.get(name)})
        return reverse("order-ask", args=[order.pk]) + (f"?{asked}" if asked else "")


def at_rest(money: Money, request: HttpRequest, *, addresses: Addresses, now: datetime, **more: Any) -> Actions:
    """The component with nothing open. `?closed=refund` says which form was just left."""
    of: Payment | Order = money.of
    return Actions(
        money=money,
        addresses=addresses,
        region=of.merchant.region,
        may_refund=may(request.user, "refund"),
        may_charge=may(request.user, "charge"),
        may_change_orders=may(request.user, "change_orders"),
        now=now,
        closed=request.GET.get("closed", ""),
        **more,
    )
