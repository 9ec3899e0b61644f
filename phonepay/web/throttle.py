"""How often a stranger may try something, counted by all processes together.

allauth counts sign-ins, passkeys, second steps and resets by the same means (ACCOUNT_RATE_LIMITS in settings); these
are the tries that it does not know of. A network is an IPv4 address, or the /64 of an IPv6 one, behind the proxies
that are trusted (PHONEPAY_TRUSTED_PROXIES).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.internal.ratelimit import consume, respond_429
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

# By what is tried: how often, in how long, counted by what (`ip`, or the `key` that is given with the try).
RATES = {
    "invitation": "20/m/ip,200/h/ip",
    # allauth counts the tries alone; asking for a challenge leaves a session behind.
    "passkey": "60/m/ip,600/h/ip",
    # The code is long enough not to be guessed: this only keeps the log of a server on the open net short.
    "set-up": "10/m/ip,60/h/ip",
}


def allowed(request: HttpRequest, what: str, *, key: str = "") -> bool:
    """Count one try of `what` (a name in RATES); False where it is one too many. KeyError for another name."""
    rates = {what: RATES[what]}
    return consume(request, app="phonepay", action=what, config=rates, key=key or None, limit_get=True) is not None


def refused_for_now(request: HttpRequest) -> HttpResponse:
    """The page with status 429."""
    answer: HttpResponse = respond_429(request)
    return answer


def throttled(what: str, view: Callable[..., Any]) -> Callable[..., HttpResponseBase]:
    """The view, each request of which is counted."""

    @wraps(view)
    def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer: HttpResponseBase = (
            view(request, *args, **kwargs) if allowed(request, what) else refused_for_now(request)
        )
        return answer

    return counted
