"""Whose request it is: the address of the network that it came from."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The client's IP address as the sign-in counts it, behind the proxies that are trusted; "" if not known."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except (ImproperlyConfigured, PermissionDenied):  # fewer proxies than were said
        return ""
