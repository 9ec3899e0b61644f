"""Attach an order that a caller made to the one that was meant: say which, look how it fits, then do it."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from phonepay.orders.checks import OrderRefused
from phonepay.orders.keypad import NumberRefused, keyed_form
from phonepay.orders.models import Order
from phonepay.payments.attaching import Match, attach_order, match_of
from phonepay.people.permissions import acting
from phonepay.web.panel import formats
from phonepay.web.panel.orders.deeds import Deeds, at_rest
from phonepay.web.panel.orders.refusals import order_refusal

_FITS = ("rest", "enough", "twice")


class Attaching(Deeds):
    """Besides: `to` is the order that was meant, and `match` how what was paid fits it, once it is known."""

    to: Order | None = None
    match: Match | None = None

    def shown(self, amount: int) -> str:
        """Minor units as the reader writes them."""
        return formats.money(amount, self.order.currency, self.order.merchant.region)

    @property
    def paid(self) -> str:
        return self.shown(self.match.paid) if self.match else ""

    @property
    def asked(self) -> str:
        return self.shown(self.match.to_pay) if self.match else ""

    @property
    def apart(self) -> str:
        return self.shown(self.match.apart) if self.match else ""


def step(order: Order, request: HttpRequest, now: datetime) -> Attaching:
    """GET asks for the number, with `?to=` it shows how the two fit; POST attaches."""
    by = acting(request.user, "change_orders")
    rest = at_rest(order, request)
    deeds = Attaching(order, rest.may_change, open="attach")
    number = (request.POST if request.method == "POST" else request.GET).get("to", "").strip()
    deeds.typed = {"to": number, "fit": request.POST.get("fit", "")}
    if not number:
        return deeds
    try:
        deeds.to = _meant(order, number)
        if request.method == "POST":
            fit = deeds.typed["fit"] if deeds.typed["fit"] in _FITS else ""
            attach_order(order=order, to=deeds.to, fit=fit, by=by, now=now)
            deeds.open = ""
            deeds.said = _("Attached: the money is order %(number)s's now.") % {"number": deeds.to.number}
        else:
            deeds.match = match_of(order, deeds.to)
    except OrderRefused as refused:
        order.refresh_from_db()
        _refuse(deeds, refused)
    return deeds


def _refuse(deeds: Attaching, refused: OrderRefused) -> None:
    if refused.reason in ("does_not_fit", "paid_already") and deeds.to is not None:
        deeds.match = match_of(deeds.order, deeds.to)
        deeds.refusal = _("Choose what becomes of the difference. Nothing was changed.")
        return
    deeds.refusal = order_refusal(refused, deeds.order.merchant, deeds.order.currency)
    deeds.open = "attach" if "attach" in deeds.possible else ""
    deeds.to = None


def _meant(order: Order, number: str) -> Order:
    rows = Order.objects.filter(merchant=order.merchant).select_related("merchant")
    found: Order | None = rows.filter(number__iexact=number).first()
    if found is None:
        try:
            found = rows.filter(keyed=keyed_form(number, prefix=order.merchant.order_prefix)).first()
        except NumberRefused as error:
            raise OrderRefused(error.reason, str(error), **error.facts) from error
    if found is None:
        raise OrderRefused("not_found", f"There is no order {number}.", number=number)
    return found
