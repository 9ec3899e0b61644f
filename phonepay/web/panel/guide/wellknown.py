"""Addresses that are the same on every site: whom to tell of a hole, and where a password is changed."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

_HOLDS = timedelta(days=90)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116. There is none until the owner has said whom to tell."""
    contact = settings.PHONEPAY_SECURITY_CONTACT
    if not contact:
        raise Http404
    expires = (timezone.now() + _HOLDS).replace(minute=0, second=0, microsecond=0)
    lines = [f"Contact: {contact}", f"Expires: {expires.isoformat().replace('+00:00', 'Z')}"]
    lines.append(f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}")
    if settings.PHONEPAY_PUBLIC_URL:
        lines.append(f"Canonical: {settings.PHONEPAY_PUBLIC_URL}{reverse('security-txt')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def change_password(request: HttpRequest) -> HttpResponse:
    """Where managers of passwords lead somebody (W3C, A Well-Known URL for Changing Passwords)."""
    return redirect("account_change_password")
