"""The search box: what people have in hand, exactly or by how it begins. One hit opens, several are grouped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from phonepay.merchant.models import Merchant
from phonepay.orders.models import Order
from phonepay.web.panel.calls_told import Told, told
from phonepay.web.panel.payments.transactions import Transaction, of_payment
from phonepay.web.panel.search_terms import MOST, read_terms
from phonepay.web.panel.shop import the_shop
from phonepay.web.panel.states import State, order_state


@dataclass(frozen=True, slots=True)
class OrderHit:
    order: Order
    state: State
    url: str


@dataclass(frozen=True, slots=True)
class Found:
    """Newest first, MOST of each at most; `more_…` is where the rest is, "" where there is none."""

    payments: Sequence[Transaction]
    orders: Sequence[OrderHit]
    calls: Sequence[Told]
    more_payments: bool
    more_orders: bool
    more_calls: bool
    lists: str  # the lists' query of the day or the caller that was asked for

    @property
    def count(self) -> int:
        return len(self.payments) + len(self.orders) + len(self.calls)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Open the only hit, else show the hits."""
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    shop = the_shop(request)
    found = find(shop, words) if shop and words else None
    if found and (url := _the_only(found)):
        return redirect(url)
    return render(request, "panel/search.html", {"search_words": words, "found": found, "most": MOST})


def find(shop: Merchant, words: str) -> Found:
    """A query for each thing that the words can be, nine at most, however much there is."""
    terms = read_terms(shop, words)
    orders = terms.orders()
    payments = terms.payments([order.pk for order in orders[:MOST]])
    calls = terms.calls()
    return Found(
        payments=[of_payment(each) for each in payments[:MOST]],
        orders=[OrderHit(each, order_state(each), reverse("order", args=[each.pk])) for each in orders[:MOST]],
        calls=[told(each, shop.region) for each in calls[:MOST]],
        more_payments=len(payments) > MOST,
        more_orders=len(orders) > MOST,
        more_calls=len(calls) > MOST,
        lists=terms.lists,
    )


def _the_only(found: Found) -> str:
    """A number that names one thing: an order stands for its one payment, which stands for the call it came by."""
    if len(found.orders) == 1 and found.orders[0].url:
        of_it = {each.payment.order_id for each in found.payments} <= {found.orders[0].order.pk}
        return found.orders[0].url if of_it and not found.calls else ""
    if len(found.payments) == 1 and len(found.orders) <= 1:
        payment = found.payments[0].payment
        of_it = all(each.call.payment_id == payment.pk for each in found.calls)
        return reverse("payment", args=[payment.pk]) if of_it else ""
    if found.count == 1 and found.calls:
        return reverse("call", args=[found.calls[0].call.pk])
    return ""
