"""What is shown when a page cannot be: one sentence, and where to go."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from phonepay.web.panel.access import is_machine


def _page(request: HttpRequest, status: int, heading: str, sentence: str) -> HttpResponse:
    if is_machine(request.path_info):
        return HttpResponse(status=status)
    return render(request, "panel/failure.html", {"heading": heading, "sentence": sentence}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, DisallowedHost) and settings.PHONEPAY_PUBLIC_URL:
        page = _page(
            request,
            400,
            _("Not under this address"),
            _(
                "Phone Pay answers under %(address)s. If that is where you are, the proxy in front of it does not pass "
                "on the name that was asked for (the Host header): mend that first."
            )
            % {"address": settings.PHONEPAY_PUBLIC_URL},
        )
        # A page that asks by itself while the address is changed (the set-up's) goes on under the new one.
        page["HX-Redirect"] = settings.PHONEPAY_PUBLIC_URL + request.get_full_path()
        return page
    return _page(request, 400, _("This could not be read"), _("Go back and try once more."))


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 403, _("You can look, not do this"), _("Your role does not allow it. Ask an owner."))


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: a page that was open for very long, or not ours."""
    return _page(
        request,
        403,
        _("This page was open for too long"),
        _("Nothing was changed. Load the page again, then repeat it."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 404, _("There is nothing here"), _("It may have been moved, or the address was mistyped."))


def too_many(request: HttpRequest) -> HttpResponse:
    """Somebody tries too often: a password, a link, a code."""
    response = _page(
        request,
        429,
        _("That was too often"),
        _("Nothing was changed. Wait a few minutes, then go on: others may be trying from the network that you use."),
    )
    response["Retry-After"] = "300"
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """Our own fault: rendered without anything that may be what broke."""
    if is_machine(request.path_info):
        return HttpResponse(status=500)
    context: dict[str, Any] = {
        "heading": _("Something broke on our side"),
        "sentence": _("It was written down. If you were moving money, look at the payment before you repeat it."),
    }
    return HttpResponse(render_to_string("panel/failure.html", context), status=500)
