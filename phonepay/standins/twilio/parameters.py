"""The parameters that Twilio sends with every voice request (twilio.com/docs/voice/twiml)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

API_VERSION = "2010-04-01"


def new_sid(prefix: str) -> str:
    """A fresh identifier as Twilio makes them: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


def standard(
    *, account_sid: str, call_sid: str, caller: str, called: str, extra: Mapping[str, str], hidden: bool
) -> dict[str, str]:
    """What stays the same through a call; CallStatus comes with each request. ``extra`` wins over everything."""
    form = {
        "AccountSid": account_sid,
        "ApiVersion": API_VERSION,
        "CallSid": call_sid,
        "CallToken": f'{{"parentCallInfoToken":"{secrets.token_urlsafe(24)}"}}',
        "Called": called,
        "Caller": caller,
        "Direction": "inbound",
        "From": caller,
        "To": called,
    }
    for who in ("Called", "To"):
        form |= _place(who, known=True)
    for who in ("Caller", "From"):
        form |= _place(who, known=not hidden)
    if not hidden:
        form["StirVerstat"] = "TN-Validation-Passed-A"
    return form | dict(extra)


def _place(who: str, *, known: bool) -> dict[str, str]:
    place = {"City": "SAN FRANCISCO", "State": "CA", "Zip": "94105", "Country": "US"}
    return {f"{who}{name}": value if known else "" for name, value in place.items()}
