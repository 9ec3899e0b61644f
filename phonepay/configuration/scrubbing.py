"""What leaves this installation for a service that collects errors or traces: without secrets, people and cards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from phonepay.configuration.logs import SID, mask

REMOVED = "[removed]"
DEEPEST = 20  # levels of what is nested; deeper is left out altogether

_SECRETS = re.compile(
    r"""
    \b(?:sk|rk|pk)_(?:test|live)_[0-9A-Za-z]+       # Stripe's keys
    | \bwhsec_[0-9A-Za-z+/=_-]+                     # its webhooks' secrets
    | \bpi_[0-9A-Za-z]+_secret_[0-9A-Za-z]+         # a PaymentIntent's client secret
    | (?<![0-9A-Za-z])[0-9a-fA-F]{32,}(?![0-9A-Za-z])  # Twilio's tokens, keys in hexadecimal
    | \b[0-9A-Za-z_-]{43}=                          # Fernet keys
    | (?<=://)[^\s/@:]*:[^\s/@]+(?=@)               # a password in an address
    | (?<=Bearer\s)\S+
    """,
    re.VERBOSE,
)
_PEOPLE = re.compile(r"\+[0-9][0-9 ().-]{5,18}[0-9]|[^\s@<>\"']+@[^\s@<>\"']+\.[A-Za-z]{2,}")


def scrubbed(value: Any, secrets: Sequence[str] = (), depth: int = 0) -> Any:
    """The same value with every text in it cleaned: secrets by their form and those given, phone numbers, e-mail
    addresses, and digits that may be a card's."""
    if isinstance(value, str):
        return scrub_text(value, secrets)
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if mask(str(value)) == str(value) else REMOVED
    if depth >= DEEPEST:
        return REMOVED
    if isinstance(value, dict):
        return {scrub_text(str(key), secrets): scrubbed(each, secrets, depth + 1) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [scrubbed(each, secrets, depth + 1) for each in value]
    return scrub_text(str(value), secrets)


def scrub_text(text: str, secrets: Sequence[str] = ()) -> str:
    for secret in secrets:
        text = text.replace(secret, REMOVED)
    # Ids of calls stay whole, by which they are found: they are hexadecimal, as Twilio's tokens are.
    return "".join(part if SID.fullmatch(part) else _clean(part) for part in SID.split(text))


def _clean(text: str) -> str:
    return mask(_PEOPLE.sub(REMOVED, _SECRETS.sub(REMOVED, text)))
