"""Is the page that somebody reads encrypted all the way? By the browser's own words, never by a proxy's silence.

What ends the encryption stands before us: we see http either way. A form's `Origin` says how its page was reached
(fetch.spec.whatwg.org, "append a request Origin header"), and `Sec-Fetch-Site` comes only from pages that the browser
trusts: encrypted ones, and this machine's own (w3.org/TR/fetch-metadata).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render

from phonepay.configuration.values import is_loopback

# Where keys are typed, and passwords before there is anything else to hold the door.
_HELD = ("setup", "go-live", "settings-key")


class SameHostCsrf(CsrfViewMiddleware):
    """Until there is a public address, a form of the same host is let through whatever ends the encryption before us.

    Django compares the whole origin, and sees http where the browser saw https. The form's token is asked for as ever.
    """

    def _origin_verified(self, request: HttpRequest) -> bool:
        if super()._origin_verified(request):  # type: ignore[misc]  # Django's types leave it out
            return True
        if settings.PHONEPAY_PUBLIC_URL:
            return False
        try:
            return bool(urlsplit(request.META["HTTP_ORIGIN"]).netloc == request.get_host())
        except (ValueError, DisallowedHost):
            return False


class EncryptedOnly:
    """Takes no key and no password over plain http, but on this machine."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        route = (request.resolver_match.url_name or "") if request.resolver_match else ""
        if not route.startswith(_HELD) or is_encrypted(request):
            return None
        return render(request, "installer/plain.html", {"host": request.get_host()}, status=400)


def is_encrypted(request: HttpRequest) -> bool:
    """Whether what is typed on this page stays between the browser and us."""
    origin = request.headers.get("Origin", "")
    if origin and request.method not in ("GET", "HEAD"):
        return _is_safe(origin)
    # A page that is asked for; or a form that waited until its sender said who they are, and comes as one.
    return (
        "Sec-Fetch-Site" in request.headers
        or request.headers.get("X-Forwarded-Proto", "").lower() == "https"
        or _is_this_machine(request)
        or _is_public(request)
    )


def _is_safe(origin: str) -> bool:
    try:
        parts = urlsplit(origin)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def _is_this_machine(request: HttpRequest) -> bool:
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    return is_loopback(host)


def _is_public(request: HttpRequest) -> bool:
    public = urlsplit(settings.PHONEPAY_PUBLIC_URL or "")
    return public.scheme == "https" and public.netloc == request.get_host()
