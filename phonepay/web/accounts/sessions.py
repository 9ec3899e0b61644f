"""How long somebody stays signed in: twelve hours without doing anything, a week in all.

What a page asks for by itself (what is on the line now, what needs somebody) keeps nobody signed in.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from phonepay.web.accounts import devices

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
_BEGAN, _LAST = "phonepay_began", "phonepay_last"
_NOTED_WITHIN = 5 * 60  # seconds: not every page is a write


class SessionsMiddleware:
    """Ends sessions that are old or idle, and marks the browsers that somebody came in with."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            why = _ended(request, time.time())
            if why:
                logout(request)
                messages.info(request, why)
        response = self.get_response(request)
        devices.mark(request, response)
        return response


def begin(request: HttpRequest) -> None:
    """Somebody has just signed in."""
    request.session[_BEGAN] = request.session[_LAST] = time.time()


def _ended(request: HttpRequest, now: float) -> str:
    """Why the session is over, or "". One that was there before sessions were timed begins with its next page."""
    began = request.session.setdefault(_BEGAN, now)
    last = request.session.setdefault(_LAST, now)
    if now - began > LONGEST.total_seconds():
        return _("You were signed in for a week. Sign in again to go on.")
    if now - last > IDLE.total_seconds():
        return _("You were signed out after twelve hours without use. Sign in to go on.")
    if now - last > _NOTED_WITHIN and _is_a_persons_doing(request):
        request.session[_LAST] = now
    return ""


def _is_a_persons_doing(request: HttpRequest) -> bool:
    return request.method != "GET" or not getattr(request, "htmx", None)
