"""Calls as a file: a row for each call that the list shows."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from phonepay.lib.sheets import Cell
from phonepay.web.panel.calls.filters import calls_of, read_filters
from phonepay.web.panel.calls.log import Row, page_of_calls
from phonepay.web.panel.exports.export import CHUNK, Export, by_keys, clock, sent, sum_of
from phonepay.web.panel.shop import shop_or_404

_HEADER = (
    gettext_lazy("Time"),
    gettext_lazy("Offset from UTC"),
    gettext_lazy("Phone"),
    gettext_lazy("Customer"),
    gettext_lazy("What happened"),
    gettext_lazy("Status"),
    gettext_lazy("Seconds"),
    gettext_lazy("Order"),
    gettext_lazy("Paid"),
    gettext_lazy("Currency"),
    gettext_lazy("Call at Twilio"),
)


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    shop = shop_or_404(request)
    filters = read_filters(request.GET, shop, timezone.now())
    rows = filters.narrow(calls_of(shop))

    def row(each: Row) -> Sequence[Cell]:
        return _row(each, shop.time_zone)

    return sent(
        request,
        shop,
        Export(
            what="calls",
            title=_("Calls"),
            words=filters.words,
            header=_HEADER,
            chunks=lambda: by_keys(lambda place: page_of_calls(rows, place, shop, CHUNK), row),
        ),
    )


def _row(each: Row, zone: str) -> Sequence[Cell]:
    call, payment, paid = each.call, each.told.payment, each.told.paid
    order = payment.order if payment else None
    return (
        *clock(call.started_at, zone),
        call.phone,
        order.customer_name if order else "",
        each.told.what,
        str(each.told.state.word) if each.told.state else "",
        each.length,
        order.number if order else "",
        *(sum_of(paid.amount, paid.currency) if paid else (None, None)),
        call.sid,
    )
