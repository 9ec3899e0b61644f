"""The log of calls, those on the line now, where callers stop, and one call."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from phonepay.calls.end_told import tell_end
from phonepay.calls.models import Call
from phonepay.calls.requests import requests_of
from phonepay.people.permissions import acting, may
from phonepay.web.panel.calls.conversation import conversation
from phonepay.web.panel.calls.filters import calls_of, read_filters
from phonepay.web.panel.calls.log import MOST_LIVE, Row, live_ids, page_and_count, read_ids, rows_of
from phonepay.web.panel.calls.stops import DEFAULT_PERIOD, stops_of
from phonepay.web.panel.calls_told import told
from phonepay.web.panel.guarded import said_of_call
from phonepay.web.panel.paging import COUNTED_TO, Page, read_place
from phonepay.web.panel.shop import shop_or_404, the_shop
from phonepay.web.panel.states import payment_state


@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """Every call, newest first."""
    shop = the_shop(request)
    if shop is None:
        return render(request, "panel/calls/list.html", {"tab": "all", "page": Page((), "", True), "filters": None})
    filters = read_filters(request.GET, shop, timezone.now())
    rows = calls_of(shop)
    unordered = filters.narrow_from_payments(rows) if filters.any else None
    place = read_place(request.GET.get("after", ""))
    page, count = page_and_count(filters.narrow(rows), unordered, place, shop)
    context = {
        "tab": "all",
        "filters": filters,
        "page": page,
        "live_ids": live_ids(page.rows),
        "count": count,
        "is_more": count > COUNTED_TO,
        "line": shop.lines.first(),
        "on_line": _on_line(request),
    }
    return render(request, "panel/calls/list.html", context)


@require_safe
def on_the_line(request: HttpRequest) -> HttpResponse:
    """Those who are talking now, who called first on top: whoever calls next is added below."""
    shop = the_shop(request)
    live = list(calls_of(shop).filter(ended_at=None).order_by("started_at", "pk")[:MOST_LIVE]) if shop else []
    rows = rows_of(live, shop) if shop else []
    context = {"tab": "now", "rows": rows, "on_line": len(rows), "watch": True}
    return render(request, "panel/calls/now.html", context | {"live_ids": live_ids(rows, all_of_them=True)})


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The rows that a page shows as live, as they are now; asked every two seconds while there is one."""
    shop = shop_or_404(request)
    shown = read_ids(request.GET.get("ids", ""))
    watch = "now" in request.GET
    rows = rows_of(calls_of(shop).filter(pk__in=shown), shop)
    others = calls_of(shop).filter(ended_at=None).exclude(pk__in=shown).order_by("started_at", "pk")
    new = rows_of(others[:MOST_LIVE], shop) if watch else []
    ids = live_ids([*rows, *new], all_of_them=watch)
    context = {"rows": rows, "new_rows": new, "watch": watch, "live_ids": ids}
    return render(request, "panel/calls/live_rows.html", context)


@require_safe
def stops(request: HttpRequest) -> HttpResponse:
    """The steps at which calls ended without a payment, most first."""
    shop = the_shop(request)
    if shop is None:
        return render(request, "panel/calls/stops.html", {"tab": "stops", "found": None})
    query = request.GET.copy()
    if not {"period", "from", "to"} & set(query):
        query["period"] = DEFAULT_PERIOD
    filters = read_filters(query, shop, timezone.now())
    context = {"tab": "stops", "filters": filters, "found": stops_of(calls_of(shop), filters)}
    return render(request, "panel/calls/stops.html", context | {"on_line": _on_line(request)})


@require_safe
def call(request: HttpRequest, identity: int) -> HttpResponse:
    """One call as a conversation; asked for again every two seconds while it is on the line."""
    found = _call(request, identity)
    shop = found.merchant
    payment = found.payment
    context: dict[str, Any] = {
        "call": found,
        "told": told(found, shop.region),
        "row": Row(told(found, shop.region), timezone.now()),
        "payment": payment,
        "state": payment_state(payment) if payment else None,
        "entries": conversation(found, shop.region),
        "guarded": said_of_call(found.script),
        "several_lines": shop.lines.count() > 1,
        "may_see_requests": may(request.user, "see_requests"),
    }
    name = "panel/calls/talk.html" if request.htmx else "panel/calls/one.html"  # type: ignore[attr-defined]  # by its middleware
    return render(request, name, context)


@require_POST
def told_them(request: HttpRequest, identity: int) -> HttpResponse:
    """Somebody told the caller how the payment ended."""
    by = acting(request.user, "tell_callers")
    tell_end(call=_call(request, identity), by=by, now=timezone.now())
    messages.success(request, _("Kept: they know how it ended."))
    return redirect("home")


@never_cache
@require_safe
def requests(request: HttpRequest, identity: int) -> HttpResponse:
    """What went over the wire in one call; that somebody looked is recorded."""
    found = _call(request, identity)
    by = acting(request.user, "see_requests")
    context = {"call": found, "requests": requests_of(call=found, by=by, now=timezone.now())}
    name = "panel/calls/requests_part.html" if request.htmx else "panel/calls/requests.html"  # type: ignore[attr-defined]  # by its middleware
    return render(request, name, context)


def _on_line(request: HttpRequest) -> int:
    return calls_of(shop_or_404(request)).filter(ended_at=None).count()


def _call(request: HttpRequest, identity: int) -> Call:
    """The one accessor: of this shop alone."""
    rows = Call.objects.select_related("merchant", "line__merchant", "payment__order", "payment__merchant")
    found = rows.filter(merchant=shop_or_404(request), pk=identity).first()
    if found is None:
        raise Http404
    return found
