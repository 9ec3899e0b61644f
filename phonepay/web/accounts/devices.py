"""Browsers that somebody signed in with before: their failures are counted apart from strangers'.

Whoever fails on purpose at somebody's sign-in locks the account for a while; without this they could lock its person
out for good. A browser carries a signed cookie with a name of its own and the accounts that it was signed in with
(OWASP, "Slow down online guessing attacks with device cookies"). It opens nothing, and is
counted by itself as strictly.
"""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

from phonepay.people.models import User

COOKIE = "phonepay_browser"
_HOLDS = 365 * 24 * 60 * 60
_MOST = 5  # people at one browser
_SALT = "phonepay.web.accounts.devices"


def known_browser(request: HttpRequest, email: str) -> str:
    """The name of this browser, where `email` signed in with it before; else ""."""
    kept = _read(request)
    return f"browser:{kept['name']}" if _digest(email) in kept["people"] else ""


def remember_browser(request: HttpRequest, user: User) -> None:
    """Somebody came in, or set a new password by their link: the answer to this request brings the cookie."""
    request.phonepay_knows = user.email  # type: ignore[attr-defined]  # read by `mark` alone


def mark(request: HttpRequest, response: HttpResponseBase) -> None:
    """Put the cookie on the answer where somebody came in."""
    email = getattr(request, "phonepay_knows", "")
    if not email:
        return
    kept = _read(request)
    people = [_digest(email), *(each for each in kept["people"] if each != _digest(email))][:_MOST]
    response.set_cookie(
        COOKIE,
        signing.dumps({"name": kept["name"] or token_urlsafe(12), "people": people}, salt=_SALT),
        max_age=_HOLDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_HOLDS)
    except signing.BadSignature:
        return {"name": "", "people": []}
    return {"name": str(kept["name"]), "people": list(kept["people"])}


def _digest(email: str) -> str:
    return salted_hmac(_SALT, email.strip().lower()).hexdigest()[:24]
