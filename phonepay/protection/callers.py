"""Callers as protection knows them: by a keyed hash, so that its rows name nobody."""

from __future__ import annotations

from django.utils.crypto import salted_hmac

HIDDEN = "hidden"  # all who hide their number: lib.phone.HIDDEN has Twilio's words and numbers for it
_LENGTH = 32


def key_of(phone: str) -> str:
    """The key of a caller's number in E.164; HIDDEN for "", which is what a hidden or unreadable one is read as.

    The same number has the same key as long as the installation has the same secret key (docs/runbook.md). With another
    one only trust that was given by hand is lost: what a caller tried is counted from payments and calls, so a tester
    is refused anew. The encryption key would be no better to hash under, as it is rotated as a matter of course; and a
    key that is kept wrapped beside the rows must be read, and readable, before the first statement of each call.
    """
    if not phone:
        return HIDDEN
    return salted_hmac("phonepay.protection.caller", phone, algorithm="sha256").hexdigest()[:_LENGTH]
