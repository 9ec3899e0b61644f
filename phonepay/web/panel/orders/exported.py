"""Orders as a file: a row for each order that the list shows. Its columns can be loaded again."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from phonepay.lib.sheets import Cell
from phonepay.web.panel.exports.export import CHUNK, Export, by_keys, clock, sent, sum_of
from phonepay.web.panel.orders.filters import read_filters
from phonepay.web.panel.orders.rows import Row, orders
from phonepay.web.panel.shop import shop_or_404

_HEADER = (
    gettext_lazy("Order"),
    gettext_lazy("Customer"),
    gettext_lazy("Phone"),
    gettext_lazy("E-mail"),
    gettext_lazy("Status"),
    gettext_lazy("Amount"),
    gettext_lazy("Currency"),
    gettext_lazy("Note"),
    gettext_lazy("Added"),
    gettext_lazy("Offset from UTC"),
    gettext_lazy("Changed"),
    gettext_lazy("Offset from UTC"),
    gettext_lazy("Paid"),
    gettext_lazy("Offset from UTC"),
    gettext_lazy("Postal code"),  # last: whoever reads the columns by their place finds the others where they were
)


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    shop = shop_or_404(request)
    filters = read_filters(request.GET, shop, timezone.now())

    def row(each: Row) -> Sequence[Cell]:
        return _row(each, shop.time_zone)

    return sent(
        request,
        shop,
        Export(
            what="orders",
            title=_("Orders"),
            words=filters.words,
            header=_HEADER,
            chunks=lambda: by_keys(lambda place: orders(shop, filters, place, CHUNK), row),
        ),
    )


def _row(each: Row, zone: str) -> Sequence[Cell]:
    order = each.order
    return (
        order.number,
        order.customer_name,
        order.customer_phone,
        order.customer_email,
        str(each.state.word),
        *sum_of(order.amount, order.currency),
        order.note,
        *clock(order.created_at, zone),
        *clock(order.updated_at, zone),
        *clock(order.paid_at, zone),
        order.customer_postal,
    )
