"""The one way to an order of this shop."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from phonepay.orders.models import Order
from phonepay.web.panel.shop import shop_or_404


def order_or_404(request: HttpRequest, pk: int) -> Order:
    """With its merchant and what it is linked to."""
    rows = Order.objects.select_related("merchant", "attached_to", "extra_of")
    found: Order | None = rows.filter(merchant=shop_or_404(request), pk=pk).first()
    if found is None:
        raise Http404
    return found
