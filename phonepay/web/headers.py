"""What every answer carries, pages, files and errors alike, so that a browser keeps it to itself.

By OWASP's Secure Headers Project; `tests/web/test_headers.py` holds every page to it with a public checker. The policy
of what a page may load is django-csp's.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# What a page of ours may ask of a browser: to copy what one presses, to play how a prompt sounds, and passkeys.
_ALLOWED = ("autoplay", "clipboard-write", "publickey-credentials-create", "publickey-credentials-get")
_REFUSED = (
    "accelerometer", "camera", "clipboard-read", "display-capture", "encrypted-media", "fullscreen",
    "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment",
    "picture-in-picture", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip

ALWAYS = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        [f"{feature}=(self)" for feature in _ALLOWED] + [f"{feature}=()" for feature in _REFUSED]
    ),
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
    # The filter that old browsers had could be turned against a page.
    "X-XSS-Protection": "0",
}
NO_STORE = "no-store, max-age=0"
# A year; not of the hosts below ours, which may be somebody else's to decide.
STRICT_TRANSPORT = "max-age=31536000"


class HeadersMiddleware:
    """The outermost: nothing leaves without them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        # Files have the digest of what is in them in their address; everything else is of one person and one moment.
        if "immutable" not in response.headers.get("Cache-Control", ""):
            response.headers["Cache-Control"] = NO_STORE
        # What ends the encryption stands before us, so that each request looks unencrypted here.
        if (settings.PHONEPAY_PUBLIC_URL or "").startswith("https:"):
            response.headers["Strict-Transport-Security"] = STRICT_TRANSPORT
        return response
