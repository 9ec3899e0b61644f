"""Callers as protection knows them: by a keyed hash, so that its rows name nobody."""

from __future__ import annotations

from django.utils.crypto import salted_hmac

HIDDEN = "hidden"  # all who hide their number: lib.phone.HIDDEN has Twilio's words and numbers for it
_LENGTH = 32


def key_of(phone: str) -> str:
    """The key of a caller's number in E.164; HIDDEN for "", which is what a hidden or unreadable one is read as.

    The same number has the same key as long as the installation has the same secret key; with another one nothing is
    held against any caller, and trust that was given by hand is gone (docs/runbook.md).
    """
    if not phone:
        return HIDDEN
    return salted_hmac("phonepay.protection.caller", phone, algorithm="sha256").hexdigest()[:_LENGTH]
