"""Several orders at once: confirm, then cancel or restore each by itself. Money is never moved in bulk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from phonepay.merchant.models import Merchant
from phonepay.orders.bulk import AT_MOST, cancel_orders, restore_orders
from phonepay.orders.checks import OrderRefused
from phonepay.orders.models import Order
from phonepay.people.permissions import acting
from phonepay.web.panel.orders.refusals import order_refusal
from phonepay.web.panel.orders.rows import rows_of
from phonepay.web.panel.shop import shop_or_404

VERBS = {"cancel": cancel_orders, "restore": restore_orders}
_LONGEST_ID = 15


@dataclass(frozen=True, slots=True)
class Left:
    """An order that was left as it is, and why."""

    order: Order
    why: str


@require_http_methods(["GET", "HEAD", "POST"])
def selected(request: HttpRequest) -> HttpResponse:
    """First what would be done, then what was done."""
    shop = shop_or_404(request)
    by = acting(request.user, "change_orders")
    do = request.POST.get("do", "")
    if request.method != "POST" or do not in VERBS:
        return redirect("orders")
    ids = _ids(request)[:AT_MOST]
    context: dict[str, Any] = {"do": do, "back": _back(request), "heading": _heading(do, len(ids))}
    if request.POST.get("sure") != "yes":
        rows = rows_of(Order.objects.filter(merchant=shop, pk__in=ids).order_by("-updated_at", "-pk"))
        context |= {"rows": rows, "sentence": _sentence(do), "button": _heading(do, len(rows))}
        return render(request, "panel/orders/selected.html", context)
    results = VERBS[do](merchant=shop, ids=ids, by=by, now=timezone.now())
    left = [Left(each.order, _why(each.refused, shop, each.order)) for each in results if each.refused]
    done = len(results) - len(left)
    context |= {"done": True, "refused": left, "done_words": _done(do, done) if done else ""}
    return render(request, "panel/orders/selected.html", context)


def _ids(request: HttpRequest) -> list[int]:
    given = request.POST.getlist("order")
    return [int(each) for each in given if each.isascii() and each.isdigit() and len(each) <= _LONGEST_ID]


def _back(request: HttpRequest) -> str:
    """The list as it was filtered."""
    back = request.POST.get("back", "")
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith(reverse("orders"))
    return back if ours else reverse("orders")


def _why(refused: OrderRefused, shop: Merchant, order: Order) -> str:
    return order_refusal(refused, shop, order.currency)


def _heading(do: str, count: int) -> str:
    if do == "cancel":
        return ngettext("Cancel %(count)d order", "Cancel %(count)d orders", count) % {"count": count}
    return ngettext("Restore %(count)d order", "Restore %(count)d orders", count) % {"count": count}


def _sentence(do: str) -> str:
    if do == "cancel":
        return _(
            "Callers who key one of these numbers hear that nothing is to pay. No money moves. You can restore them."
        )
    return _("Callers can pay these again. No money moves. Only cancelled orders are restored.")


def _done(do: str, count: int) -> str:
    if do == "cancel":
        return ngettext("%(count)d order is cancelled.", "%(count)d orders are cancelled.", count) % {"count": count}
    return ngettext("%(count)d order is to pay again.", "%(count)d orders are to pay again.", count) % {"count": count}
