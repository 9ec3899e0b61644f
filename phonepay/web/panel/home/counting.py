"""The red count that every page shows: read once a request, and only by a page that shows it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.http import HttpRequest
from django.utils import timezone

from phonepay.web.panel.home.need import Asked
from phonepay.web.panel.home.needs import ask, counts_of
from phonepay.web.panel.shop import the_shop

_KEPT = "_phonepay_needs"


def asked_with_counts(request: HttpRequest) -> tuple[Asked, dict[str, int]] | None:
    """None before the first line was set up."""
    kept: tuple[Asked, dict[str, int]] | None = getattr(request, _KEPT, None)
    shop = the_shop(request)
    if kept is None and shop is not None:
        asked = ask(shop, timezone.now())
        kept = asked, counts_of(asked)
        setattr(request, _KEPT, kept)
    return kept


def counter(request: HttpRequest) -> Callable[[], int]:
    """For templates, which call it where they show it."""

    @cache
    def count() -> int:
        found = asked_with_counts(request)
        return sum(found[1].values()) if found else 0

    return count
