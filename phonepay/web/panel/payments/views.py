"""The list of payments, one payment, and its two actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phonepay.payments.disputes import keep_in_spite_of_warnings
from phonepay.payments.models import Payment
from phonepay.people.permissions import acting, may
from phonepay.web.panel.called import calls_of
from phonepay.web.panel.money.actions import Actions, Addresses, at_rest
from phonepay.web.panel.money.charging import charge_step
from phonepay.web.panel.money.figures import Money, money_of_payment
from phonepay.web.panel.money.refunding import REASONS, refund_step
from phonepay.web.panel.paging import Page, read_place
from phonepay.web.panel.payments.filters import read_filters
from phonepay.web.panel.payments.history import history
from phonepay.web.panel.payments.transactions import Total, page_and_total
from phonepay.web.panel.shop import shop_or_404, the_shop
from phonepay.web.panel.states import payment_state


@require_safe
def payments(request: HttpRequest) -> HttpResponse:
    """Every transaction, newest first."""
    shop = the_shop(request)
    if shop is None:
        context = {"page": Page((), "", True), "total": Total(0, ()), "filters": None}
        return render(request, "panel/payments/list.html", context)
    filters = read_filters(request.GET, shop, timezone.now())
    page, total = page_and_total(shop, filters, read_place(request.GET.get("after", "")))
    context = {"page": page, "total": total, "filters": filters, "line": shop.lines.first()}
    return render(request, "panel/payments/list.html", context)


@require_safe
def payment(request: HttpRequest, identity: UUID) -> HttpResponse:
    """One payment: what it is, what can be done, what happened."""
    return _shown(request, identity, at_rest_of)


@require_http_methods(["GET", "HEAD", "POST"])
def refund(request: HttpRequest, identity: UUID) -> HttpResponse:
    return _shown(request, identity, refund_step)


@require_http_methods(["GET", "HEAD", "POST"])
def charge(request: HttpRequest, identity: UUID) -> HttpResponse:
    return _shown(request, identity, charge_step)


@require_POST
def known(request: HttpRequest, identity: UUID) -> HttpResponse:
    """The customer is known: the bank's warning of fraud asks nobody any more."""
    by = acting(request.user, "refund")
    keep_in_spite_of_warnings(payment=_payment(request, identity), by=by, now=timezone.now())
    return redirect("payment", identity)


Step = Callable[..., Actions]


def at_rest_of(request: HttpRequest, read: Callable[[], Money], *, addresses: Addresses, now: datetime) -> Actions:
    return at_rest(read(), request, addresses=addresses, now=now)


def _shown(request: HttpRequest, identity: UUID, step: Step) -> HttpResponse:
    """The page after a step, or the part of it that HTMX swaps in."""
    found = _payment(request, identity)
    addresses = Addresses(*(reverse(name, args=[identity]) for name in ("payment", "payment-refund", "payment-charge")))
    actions = step(
        request, lambda: money_of_payment(_payment(request, identity)), addresses=addresses, now=timezone.now()
    )
    fresh = actions.money.of
    context = {
        "payment": fresh,
        "state": payment_state(fresh) if isinstance(fresh, Payment) else None,
        "actions": actions,
        "money_now": actions.money,
        "reasons": REASONS,
        "history": history(actions.money, found),
        "calls": calls_of([found.parent_id or found.pk]),
        "may_personal": may(request.user, "personal_data"),
    }
    name = "panel/payments/one_part.html" if request.htmx else "panel/payments/one.html"  # type: ignore[attr-defined]  # by its middleware
    return render(request, name, context)


def _payment(request: HttpRequest, identity: UUID) -> Payment:
    """The one accessor: of this shop alone."""
    rows = Payment.objects.select_related("merchant", "line", "order", "parent")
    found = rows.filter(merchant=shop_or_404(request), pk=identity).first()
    if found is None:
        raise Http404
    return found
