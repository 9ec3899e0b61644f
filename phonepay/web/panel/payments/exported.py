"""Payments as a file: a row for each transaction that the list shows."""

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
from phonepay.web.panel.payments.filters import read_filters
from phonepay.web.panel.payments.transactions import Transaction, transactions
from phonepay.web.panel.shop import shop_or_404

_HEADER = (
    gettext_lazy("Time"),
    gettext_lazy("Offset from UTC"),
    gettext_lazy("Order"),
    gettext_lazy("Customer"),
    gettext_lazy("Phone"),
    gettext_lazy("Card"),
    gettext_lazy("Kind"),
    gettext_lazy("Status"),
    gettext_lazy("Amount"),
    gettext_lazy("Currency"),
    gettext_lazy("Confirmation number"),
    gettext_lazy("At Stripe"),
)


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    shop = shop_or_404(request)
    filters = read_filters(request.GET, shop, timezone.now())

    def row(each: Transaction) -> Sequence[Cell]:
        return _row(each, shop.time_zone)

    return sent(
        request,
        shop,
        Export(
            what="payments",
            title=_("Payments"),
            words=filters.words,
            header=_HEADER,
            chunks=lambda: by_keys(lambda place: transactions(shop, filters, place, CHUNK), row),
        ),
    )


def _row(each: Transaction, zone: str) -> Sequence[Cell]:
    payment = each.payment
    return (
        *clock(each.at, zone),
        each.number,
        each.customer,
        payment.phone,
        each.card,
        str(each.kind_word),
        str(each.state.word),
        *sum_of(each.amount, each.currency),
        payment.confirmation or "",
        payment.intent_id or "",
    )
