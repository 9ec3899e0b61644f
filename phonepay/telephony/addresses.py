"""The addresses that Twilio is told to come back to. The voice door serves the same paths.

Each ends in Twilio's connection overrides: 3 s to connect, 6 s to answer, two more tries after a lost connection, a
lost answer or a 5xx. All of it may be repeated, because each address names the turn or the card attempt that it
answers.
Source: twilio.com/docs/usage/webhooks/webhooks-connection-overrides.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from phonepay.merchant.credentials import current

OVERRIDES = "#ct=3000&rt=6000&tt=15000&rc=2&rp=5xx,ct,rt"
PLAIN = "#ct=3000&rt=3000"  # a status that is lost is no loss
# What the telephone of a sandbox calls where no public address is set: signed as any other, and nobody's (RFC 2606).
SANDBOX = "https://sandbox.invalid"


def public_base() -> str:
    """The address under which Twilio reaches us, which it signs; "" where there is none, and no call is let in."""
    return settings.PHONEPAY_PUBLIC_URL or (SANDBOX if current().stays_here else "")


def without_overrides(url: str) -> str:
    return url.partition("#")[0]


def is_same(one: str, other: str) -> bool:
    """Whether two addresses are the same but for their overrides, which people leave out at Twilio's console."""
    return without_overrides(one) == without_overrides(other)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Absolute addresses below the public one, `https://pay.example` without a slash at its end."""

    base: str

    def voice(self) -> str:
        return f"{self.base}/twilio/voice{OVERRIDES}"

    def fallback(self, locale: str) -> str:
        """Carries the line's language: the fallback reads nothing but its own address."""
        return f"{self.base}/twilio/fallback?locale={locale}{OVERRIDES}"

    def resume(self, locale: str) -> str:
        """Where the document that Twilio hosts comes back to, once: `resumed` tells it that it has tried."""
        return f"{self.base}/twilio/resume?locale={locale}&resumed=1{OVERRIDES}"

    def status(self) -> str:
        return f"{self.base}/twilio/status{PLAIN}"

    def input(self, turn: int) -> str:
        return f"{self.base}/twilio/input/{turn}{OVERRIDES}"

    def person(self, turn: int) -> str:
        return f"{self.base}/twilio/person/{turn}{OVERRIDES}"

    def pay(self, attempt: UUID) -> str:
        return f"{self.base}/twilio/pay/{attempt}{OVERRIDES}"

    def pay_fell_through(self, attempt: UUID) -> str:
        return f"{self.base}/twilio/pay/{attempt}/fell-through{OVERRIDES}"

    def pay_status(self, attempt: UUID) -> str:
        return f"{self.base}/twilio/pay/{attempt}/status{PLAIN}"

    def waiting(self, attempt: UUID, said: int) -> str:
        return f"{self.base}/twilio/waiting/{attempt}/{said}{OVERRIDES}"
