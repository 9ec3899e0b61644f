"""Is this request Twilio's? Source: twilio.com/docs/usage/webhooks/webhooks-security."""

from __future__ import annotations

from django.utils.datastructures import MultiValueDict
from twilio.request_validator import RequestValidator

# Field reports say that these two are added after signing, the vendor says that all parameters are signed: where the
# whole does not match, they are left out, and nobody here reads them.
_PERHAPS_UNSIGNED = ("CallToken", "StirVerstat")


def is_signed(
    *, url: str, parameters: MultiValueDict[str, str], signature: str | None, tokens: list[str] | tuple[str, ...]
) -> bool:
    """Whether one of the account's tokens signed these form parameters for this public address.

    `url` is the configured public address with the raw path and query, never what a stranger's Host header says. False
    without a signature or without a token: the door fails closed.
    """
    if not signature:
        return False
    validators = [RequestValidator(token) for token in tokens if token]
    if any(validator.validate(url, parameters, signature) for validator in validators):
        return True
    if not any(name in parameters for name in _PERHAPS_UNSIGNED):
        return False
    fewer = parameters.copy()
    for name in _PERHAPS_UNSIGNED:
        fewer.pop(name, None)
    return any(validator.validate(url, fewer, signature) for validator in validators)
