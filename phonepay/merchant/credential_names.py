"""The names of the keys: how each is written, what the environment calls it, whether it can have several values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from phonepay.configuration import values


@dataclass(frozen=True)
class Name:
    """`variable` is the environment's name; `parse` raises ValueError.

    `secret` is shown by its last characters only, where those tell it from another (`ending_tells`: a mail server's
    address ends in its host). `default` counts where nobody sets it.
    """

    variable: str
    parse: Callable[[str], str]
    several: bool = False
    secret: bool = True
    default: str = ""
    ending_tells: bool = True

    @property
    def setting(self) -> str:
        """The name of Django's setting, in the plural where it holds several."""
        return f"{self.variable}S" if self.several else self.variable


NAMES: dict[str, Name] = {
    "twilio_account_sid": Name("PHONEPAY_TWILIO_ACCOUNT_SID", values.twilio_account_sid, secret=False),
    "twilio_auth_token": Name("PHONEPAY_TWILIO_AUTH_TOKEN", values.twilio_auth_token, several=True),
    "twilio_api_base": Name(
        "PHONEPAY_TWILIO_API_BASE", values.web_address, secret=False, default="https://api.twilio.com"
    ),
    "stripe_secret_key": Name("PHONEPAY_STRIPE_SECRET_KEY", values.stripe_secret_key),
    "stripe_webhook_secret": Name("PHONEPAY_STRIPE_WEBHOOK_SECRET", values.stripe_webhook_secret, several=True),
    "stripe_api_base": Name(
        "PHONEPAY_STRIPE_API_BASE", values.web_address, secret=False, default="https://api.stripe.com"
    ),
    "email_url": Name("PHONEPAY_EMAIL_URL", values.email_url, ending_tells=False),
    "email_from": Name("PHONEPAY_EMAIL_FROM", values.email_from, secret=False),
}


def from_environment(name: Name) -> tuple[str, ...]:
    """What the environment sets, the newest first; () where it sets nothing."""
    given: str | tuple[str, ...] | list[str] | None = getattr(settings, name.setting)
    if not given:
        return ()
    return (given,) if isinstance(given, str) else tuple(given)
