"""Add an order, and edit one that is not paid."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from phonepay.orders.models import Order
from phonepay.orders.operations import add_order, edit_order
from phonepay.people.permissions import acting
from phonepay.web.panel import formats
from phonepay.web.panel.orders.found import order_or_404
from phonepay.web.panel.orders.typed import Form, currencies_of, empty_form, form_of, form_typed
from phonepay.web.panel.shop import shop_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    shop = shop_or_404(request)
    by = acting(request.user, "change_orders")
    form = empty_form(shop)
    if request.method == "POST":
        form = form_typed(request, currencies_of(shop))

        def verb(form: Form) -> Order:
            return add_order(
                merchant=shop,
                number=form.values["number"],
                amount=form.amount(),
                currency=form.currency,
                by=by,
                now=timezone.now(),
                key=form.key,
                **form.facts,
            )

        order = form.tried(verb, shop)
        if order is not None:
            amount = formats.money(order.amount, order.currency, shop.region)
            said = _("Added order %(number)s: %(amount)s to pay.") % {"number": order.number, "amount": amount}
            messages.success(request, said)
            return redirect("order", order.pk)
    return render(request, "panel/orders/form.html", {"form": form, "order": None})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    order = order_or_404(request, pk)
    by = acting(request.user, "change_orders")
    form = form_of(order)
    if request.method == "POST":
        form = form_typed(request, [order.currency])

        def verb(form: Form) -> Order:
            return edit_order(
                order=order,
                number=form.values["number"],
                amount=form.amount(),
                seen=_moment(form.seen),
                by=by,
                now=timezone.now(),
                **form.facts,
            )

        if form.tried(verb, order.merchant) is not None:
            messages.success(request, _("Saved."))
            return redirect("order", order.pk)
        order = order_or_404(request, pk)
    return render(request, "panel/orders/form.html", {"form": form, "order": order})


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
