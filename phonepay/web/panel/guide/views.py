"""Help, and About."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from phonepay import __version__
from phonepay.payments.stripe_events import SUBSCRIBED, WEBHOOK_PATH
from phonepay.people.permissions import may
from phonepay.telephony.addresses import Addresses
from phonepay.web.panel.settings.chosen import chosen_line

# What an endpoint that is made by hand is to send; what of it nobody needs is answered too, and passes by.
EVENTS = sorted({f"{name.partition('.')[0]}.*" for name in SUBSCRIBED})


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """How to set the number up, change keys, choose behaviors and words, give money back."""
    line = chosen_line(request).line
    addresses = Addresses(settings.PHONEPAY_PUBLIC_URL or f"{request.scheme}://{request.get_host()}")
    context = {
        "line": line,
        "public": bool(settings.PHONEPAY_PUBLIC_URL),
        "voice_url": addresses.voice(),
        "fallback_url": addresses.fallback(line.locales[0] if line else "en-US"),
        "status_url": addresses.status(),
        "webhook_url": f"{addresses.base}{WEBHOOK_PATH}",
        "events": EVENTS,
        "version": __version__,
    }
    return render(request, "panel/guide/help.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What runs here. Where it lies on the machine is for owners."""
    owner = may(request.user, "change_settings")
    context = {
        "version": __version__,
        "database": connection.display_name,
        "embedded": settings.PHONEPAY_DATABASE_EMBEDDED,
        "folder": str(settings.PHONEPAY_DATA_DIR) if owner else "",
        "base": settings.PHONEPAY_PUBLIC_URL or "",
    }
    return render(request, "panel/guide/about.html", context)
