"""What each voice route goes through: only POST, only Twilio, always TwiML.

A request that Twilio did not sign is refused with 403. Whatever breaks behind the signature is logged and answered with
the fixed apology: a caller is never left to Twilio's robot, and never told what is not known.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from functools import wraps
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseNotAllowed, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.views.decorators.csrf import csrf_exempt

from phonepay import measuring
from phonepay.alerts.notes import note
from phonepay.calls.asked import Asked
from phonepay.calls.turns import Answer
from phonepay.configuration import arrivals
from phonepay.configuration.context import About, new_request_id
from phonepay.configuration.reporting import span
from phonepay.merchant.credentials import current, reread
from phonepay.telephony import twiml
from phonepay.telephony.addresses import Addresses, public_base
from phonepay.telephony.signature import is_signed

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponse]


class VoiceRequest:
    """The parameters of a verified request."""

    def __init__(self, request: HttpRequest) -> None:
        self._posted = request.POST
        self.sid = self.text("CallSid")

    def asked(self, to: str) -> Asked:
        """The request for the call's log, which keeps almost nothing of it."""
        return Asked(to, {name: self.text(name) for name in self._posted})

    def text(self, name: str) -> str:
        """A parameter's text, at most 200 characters; "" where it is missing."""
        return str(self._posted.get(name, ""))[:200]

    def word(self, name: str) -> str:
        """One of Twilio's own words, as `caller-hung-up`; "" for anything else, which might be kept or logged."""
        word = self.text(name)
        return word if re.fullmatch("[a-z][a-z-]{0,39}", word) else ""

    def code(self, name: str) -> str:
        """One of Twilio's five-digit error codes, or ""."""
        code = self.text(name)
        return code if re.fullmatch("[0-9]{5}", code) else ""

    def digits(self) -> str:
        """What was keyed: digits, stars and pounds, with the "#" that ended an entry. What else there is was not keyed.

        Twilio takes the finishing key off Digits and names it in FinishedOnKey.
        """
        keys = str(self._posted.get("Digits", ""))
        if keys and self._posted.get("FinishedOnKey") == "#":
            keys += "#"
        return keys if all(key in "0123456789*#" for key in keys) else ""


def from_twilio(view: View) -> View:
    """Let only Twilio in; answer TwiML whatever happens inside."""

    @csrf_exempt
    @wraps(view)
    def enter(request: HttpRequest, **named: Any) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        began = perf_counter()
        if not _verified(request):
            measuring.signature_refused("twilio")
            logger.warning("a voice request without a valid signature was refused: %s", request.path)
            if names_our_account(request):
                note(kind="twilio_signature")
            refused = HttpResponseForbidden()
            refused._has_been_logged = True  # type: ignore[attr-defined]  # a moment ago, with more
            return refused
        arrivals.note(arrivals.TWILIO, timezone.now())
        voice = VoiceRequest(request)
        with About(call=voice.sid, request=new_request_id()):
            outcome = "answered"
            try:
                with span("voice", asked=view.__name__):
                    return view(voice, **named)
            except Exception:
                outcome = "apology"
                logger.exception("a voice request failed: %s", request.path)
                note(kind="voice_failed", facts={"where": view.__name__.replace("_", " ")})
                return apology(request.GET.get("locale", ""))
            finally:
                measuring.voice_answered(view.__name__, outcome, perf_counter() - began)

    return enter


def is_twilios(request: HttpRequest) -> bool:
    """Whether it is signed by what this process knows; the database is not asked, and it never raises."""
    try:
        return _verified(request, look=False)
    except Exception:
        logger.exception("a signature could not be looked at: %s", request.path)
        return False


def _verified(request: HttpRequest, *, look: bool = True) -> bool:
    """Whether Twilio signed it over the configured public address, for our account. Fails closed without either.

    An address that was given up a moment ago counts too: calls under way come to it, and numbers wired to it. `look`:
    where it does not fit, see whether the token was changed a moment ago.
    """
    base = public_base()
    if look and not base and reread("twilio_auth_token"):  # another process started the sandbox a moment ago
        base = public_base()
    if not base:
        return False
    query = request.META.get("QUERY_STRING", "")
    before = [address for address, until in settings.PHONEPAY_PUBLIC_URLS_BEFORE if until > time.time()]
    where = request.path + (f"?{query}" if query else "")
    urls = [f"{address}{where}" for address in (base, *before)]
    try:
        posted: MultiValueDict[str, str] = request.POST
    except (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError, ValueError):
        return False  # too big, too many, no UTF-8, broken off: Twilio sends nothing of that
    signature = request.headers.get("X-Twilio-Signature")

    def signed(tokens: tuple[str, ...]) -> bool:
        return any(is_signed(url=url, parameters=posted, signature=signature, tokens=tokens) for url in urls)

    tokens = current().twilio_auth_tokens
    if not signed(tokens):
        # The token may be one that was set a moment ago.
        known_now = look and bool(signature) and reread("twilio_auth_token", tokens)
        if not known_now or not signed(current().twilio_auth_tokens):
            return False
    ours = current().twilio_account_sid
    return not ours or posted.get("AccountSid") == ours


def names_our_account(request: HttpRequest) -> bool:
    """Whether a request that is not believed says that it is Twilio's, for our account: no passing stranger's."""
    try:
        account = request.POST.get("AccountSid", "")
    except (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError, ValueError):
        return False
    signed = bool(request.headers.get("X-Twilio-Signature"))
    return signed and bool(account) and account == current().twilio_account_sid


def xml(document: str) -> HttpResponse:
    return HttpResponse(document, content_type=twiml.CONTENT_TYPE)


def speak(answer: Answer) -> HttpResponse:
    """An answer of the conversation as TwiML."""
    return xml(
        twiml.render(
            answer.reply,
            addresses=Addresses(public_base()),
            turn=answer.turn,
            attempt=answer.attempt,
            connector=answer.connector,
        )
    )


def apology(locale: str = twiml.DEFAULT_LOCALE) -> HttpResponse:
    """The fixed answer when nothing else works."""
    return xml(twiml.apology(locale))
