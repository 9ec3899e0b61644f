"""Who has said lately who they are, by password, passkey or second step; and the form that waits until they have.

A form that asks for it is kept, encrypted, in its sender's session while they say who they are. They come back to its
address with a word that opens it once: the request is then the form itself, and its view knows no difference. A file
is not kept: its page is only come back to.
"""

from __future__ import annotations

import time
from datetime import timedelta
from secrets import compare_digest, token_urlsafe
from typing import Any
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from phonepay.configuration.encryption import Unreadable, decrypt, encrypt
from phonepay.people.models import User

HOLDS = timedelta(minutes=10)
COMES_BACK = "taken-up"  # the name of the word in the address
_WAITS = "phonepay_waits"  # in the session
_MOST = 64 * 1024  # characters of a form that is kept


def is_fresh(request: HttpRequest) -> bool:
    """Whether this session's person signed in, or said again who they are, within the last ten minutes."""
    if not isinstance(request.user, User):
        return False
    records = get_authentication_records(request, request.user)
    if records and time.time() - records[-1].get("at", 0) < HOLDS.total_seconds():
        return True
    # Who tries the sandbox came in by the code of the set-up, and has neither a password nor a passkey to say it with.
    return not get_reauthentication_flows(request.user)


def note_proof(request: HttpRequest, user: User) -> None:
    """Somebody has just come in, by whatever road: a password, a passkey, an invitation, the first set-up."""
    record_authentication(request, user, method="sign_in")


def where(request: HttpRequest) -> str:
    """The page to come back to: a part of a page is no place to go, nor is what only takes forms."""
    htmx = getattr(request, "htmx", None)
    if htmx:
        return htmx.current_url_abs_path or "/"
    if request.method == "GET":
        return request.get_full_path()
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(came_from)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"
    return "/"


def keep(request: HttpRequest) -> str:
    """Keep what was sent until its sender has said who they are; the address to come back to then."""
    back = where(request)
    request.session[_WAITS] = {"back": back}
    if request.method == "GET":
        return request.get_full_path() if not getattr(request, "htmx", None) else back
    sent = request.POST.urlencode()
    if request.method != "POST" or request.FILES or len(sent) > _MOST:
        messages.info(request, _("Nothing was changed yet. Once you have said who you are, send it again."))
        return back
    word = token_urlsafe(18)
    request.session[_WAITS] = {
        "word": word,
        "path": request.get_full_path(),
        "sent": encrypt(sent.encode()).decode(),
        "user": request.user.pk,
        "at": time.time(),
        "back": back,
    }
    return f"{request.get_full_path()}{'&' if request.GET else '?'}{COMES_BACK}={word}"


def take_up(request: HttpRequest) -> str | None:
    """Make the request that comes back the form that waits for it. Once; else the address of the page to go to."""
    asked = request.GET.copy()
    word = str(asked.pop(COMES_BACK)[-1])
    request.GET = asked  # type: ignore[assignment]  # a QueryDict that can be changed is one all the same
    request.META["QUERY_STRING"] = asked.urlencode()
    waits = request.session.get(_WAITS) or {}
    if request.method != "GET" or not compare_digest(word, str(waits.get("word", ""))):
        return None if request.method != "GET" else "/"
    sent = _opened(request, waits)
    if sent is None:
        return str(waits["back"])
    # Loaded once more, the address is of no form any more.
    request.session[_WAITS] = {"word": word, "back": waits["back"]}
    request.method = request.META["REQUEST_METHOD"] = "POST"
    request.POST = sent  # type: ignore[assignment]  # the same
    request._files = MultiValueDict()  # type: ignore[attr-defined]  # Django reads them where they were not read yet
    return None


def _opened(request: HttpRequest, waits: dict[str, Any]) -> QueryDict | None:
    """The form, where it is this person's, for this address and not older than a proof."""
    if not is_fresh(request) or waits.get("user") != request.user.pk or waits.get("path") != request.get_full_path():
        return None
    try:
        return QueryDict(decrypt(waits["sent"].encode(), seconds=int(HOLDS.total_seconds())))
    except (Unreadable, KeyError):
        return None
