"""The shop whose panel this is: an installation has one."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest

from phonepay.merchant.models import Merchant

_KEPT = "_phonepay_shop"
_UNREAD = object()


def the_shop(request: HttpRequest) -> Merchant | None:
    """The merchant, read once a request; None before the first line was set up."""
    kept = getattr(request, _KEPT, _UNREAD)
    if kept is _UNREAD:
        kept = Merchant.objects.order_by("pk").first()
        setattr(request, _KEPT, kept)
    return cast(Merchant | None, kept)


def shop_or_404(request: HttpRequest) -> Merchant:
    """For pages about something of the shop's: without a shop there is no such thing."""
    shop = the_shop(request)
    if shop is None:
        raise Http404
    return shop
