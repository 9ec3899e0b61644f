"""The list of orders, one order, and each thing that can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from phonepay.orders.models import Order
from phonepay.people.permissions import may
from phonepay.web.panel.called import calls_of
from phonepay.web.panel.money.actions import Actions, Addresses
from phonepay.web.panel.money.actions import at_rest as money_at_rest
from phonepay.web.panel.money.charging import charge_step
from phonepay.web.panel.money.figures import Money, money_of_order
from phonepay.web.panel.money.refunding import REASONS, refund_step
from phonepay.web.panel.orders import attaching, deeds
from phonepay.web.panel.orders.dialing import dial, why_no_dial
from phonepay.web.panel.orders.filters import read_filters
from phonepay.web.panel.orders.found import order_or_404
from phonepay.web.panel.orders.history import ended_by, history_of
from phonepay.web.panel.orders.rows import Total, last_of, page_and_total, state_of
from phonepay.web.panel.paging import Page, read_place
from phonepay.web.panel.shop import the_shop

MoneyStep = Callable[..., Actions]


@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """Orders by what happened to them last."""
    shop = the_shop(request)
    context: dict[str, Any] = {"may_change": may(request.user, "change_orders") and shop is not None}
    if shop is None:
        context |= {"page": Page((), "", True), "total": Total(0, ()), "filters": None, "asks_number": True}
        return render(request, "panel/orders/list.html", context)
    filters = read_filters(request.GET, shop, timezone.now())
    page, total = page_and_total(shop, filters, read_place(request.GET.get("after", "")))
    lines = [] if page.rows else list(shop.lines.all())
    asks = not lines or any(line.asks_order_number for line in lines)
    context |= {"page": page, "total": total, "filters": filters, "asks_number": asks}
    return render(request, "panel/orders/list.html", context)


@require_safe
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """One order: what it is, what can be done, what happened."""
    return _shown(request, pk, _money_at_rest)


@require_http_methods(["GET", "HEAD", "POST"])
def refund(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, pk, refund_step)


@require_http_methods(["GET", "HEAD", "POST"])
def charge(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, pk, charge_step)


@require_http_methods(["GET", "HEAD", "POST"])
def deed(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Cancel, restore, reopen, mark paid another way, give the right number."""
    found = order_or_404(request, pk)
    return _shown(request, pk, _money_at_rest, deeds.step(found, request, deed, timezone.now()))


@require_http_methods(["GET", "HEAD", "POST"])
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    found = order_or_404(request, pk)
    return _shown(request, pk, _money_at_rest, attaching.step(found, request, timezone.now()))


def _money_at_rest(request: HttpRequest, read: Callable[[], Money], **how: object) -> Actions:
    return money_at_rest(read(), request, **how)  # type: ignore[arg-type]  # the addresses and the time, passed on


def _shown(request: HttpRequest, pk: int, step: MoneyStep, done: deeds.Deeds | None = None) -> HttpResponse:
    """The page after a step, or the part of it that HTMX swaps in."""
    addresses = Addresses(*(reverse(name, args=[pk]) for name in ("order", "order-refund", "order-charge")))
    read = partial(_money, request, pk)
    actions = step(request, read, addresses=addresses, now=timezone.now())
    fresh = actions.money.of
    assert isinstance(fresh, Order)  # noqa: S101  # of an order's money
    shown = done or deeds.at_rest(fresh, request)
    shown.order = fresh
    context = {
        "order": fresh,
        "state": state_of(fresh, refunded=actions.money.refunded),
        "last": last_of(fresh),
        "actions": actions,
        "deeds": shown,
        "money_now": actions.money,
        "reasons": REASONS,
        "dial": dial(fresh),
        "why_no_dial": why_no_dial(fresh),
        "history": history_of(fresh, actions.money),
        "by": ended_by(fresh),
        "calls": calls_of(each.pk for each in actions.money.charges),
        "may_personal": may(request.user, "personal_data"),
        "besides": fresh.asked_besides.order_by("pk"),
    }
    name = "panel/orders/one_part.html" if request.htmx else "panel/orders/one.html"  # type: ignore[attr-defined]  # by its middleware
    return render(request, name, context)


def _money(request: HttpRequest, pk: int) -> Money:
    return money_of_order(order_or_404(request, pk))
