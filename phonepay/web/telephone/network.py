"""The telephone network that the page talks to: the switchboard of Twilio's stand-in, on this machine alone.

See phonepay.standins.twilio.switchboard for what it understands. A card is one of Stripe's test cards, named by what
becomes of it: no number ever comes from a browser.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import httpx

from phonepay.merchant.credentials import Connections, current, reread
from phonepay.merchant.models import Line
from phonepay.setup.sandbox import NUMBER

_SECONDS = 5.0
_ANSWERED_WITHIN = "0.4"  # seconds that a deed is waited for: most lead to the next question sooner
_DATE, _POSTAL_CODE = "1240", "94110"


@dataclass(frozen=True, slots=True)
class Card:
    """A test card of Stripe's (docs.stripe.com/testing); `lost`: the bank is asked, and never answers."""

    number: str
    code: str = "123"
    lost: bool = False


CARDS = {
    "accepted": Card("4242424242424242"),
    "no_funds": Card("4000000000009995"),
    "wrong_code": Card("4000000000000127"),
    "expired": Card("4000000000000069"),
    "no_answer": Card("5555555555554444", lost=True),
}


class Away(Exception):
    """The stand-ins do not answer: they are starting, or were ended."""


class Gone(Exception):
    """The call is not known there (any more)."""


class Network:
    """One telephone network; every method answers the call as Handset.told has it, or raises Away or Gone."""

    def __init__(self, connections: Connections) -> None:
        token = connections.twilio_auth_tokens[0]
        self._twilio = f"{connections.twilio_api_base}/_standin/telephones"
        self._stripe = f"{connections.stripe_api_base}/_standin/faults"
        self._auth = (connections.twilio_account_sid or "", token)

    def check(self) -> None:
        """Raise Away where nobody is there."""
        try:
            httpx.get(self._twilio, auth=self._auth, timeout=_SECONDS, trust_env=False)
        except httpx.HTTPError as error:
            raise Away from error

    def dial(self, line: Line) -> dict[str, Any]:
        """Call the line from a number that belongs to nobody, another each time."""
        facts = {"to": line.phone_number or NUMBER, "from": _somebody(), "connector": line.connector}
        try:
            return self._ask("POST", "", facts | {"wait": _ANSWERED_WITHIN})
        except Gone as refused:  # too many at once, or the stand-ins are not wired yet
            raise Away from refused

    def look(self, sid: str) -> dict[str, Any]:
        """The call as it is now."""
        return self._ask("GET", sid, {})

    def press(self, sid: str, keys: str) -> dict[str, Any]:
        """Where a card is asked for only the star is passed on: nobody is to key the number of a real card here."""
        return self._do(sid, do="press", keys=keys, into_pay="false")

    def keep_silent(self, sid: str) -> dict[str, Any]:
        return self._do(sid, do="silence")

    def key_card(self, sid: str, name: str) -> dict[str, Any]:
        """One of CARDS; KeyError for another name."""
        card = CARDS[name]
        if card.lost:
            self._lose_the_bank()
        return self._do(sid, do="card", number=card.number, code=card.code, expiry=_DATE, postal_code=_POSTAL_CODE)

    def person(self, sid: str, *, answers: bool) -> dict[str, Any]:
        return self._do(sid, do="person", answers=str(answers).lower())

    def hang_up(self, sid: str) -> dict[str, Any]:
        return self._do(sid, do="hang-up")

    def _do(self, sid: str, **facts: str) -> dict[str, Any]:
        return self._ask("POST", sid, facts | {"wait": _ANSWERED_WITHIN})

    def _lose_the_bank(self) -> None:
        """The next charge is kept waiting at the bank for good: it is given up, looked up and cancelled."""
        fault = {"action": "hold", "method": "POST", "pattern": "/v1/payment_intents/*/confirm", "when": "before"}
        try:
            httpx.post(self._stripe, json=fault, timeout=_SECONDS, trust_env=False).raise_for_status()
        except httpx.HTTPError as error:
            raise Away from error

    def _ask(self, method: str, sid: str, facts: dict[str, str]) -> dict[str, Any]:
        url = f"{self._twilio}/{sid}".rstrip("/")
        sent: dict[str, Any] = {"data": facts} if method == "POST" else {"params": facts}
        try:
            answer = httpx.request(method, url, auth=self._auth, timeout=_SECONDS, trust_env=False, **sent)
        except httpx.HTTPError as error:
            raise Away from error
        if answer.status_code in (httpx.codes.NOT_FOUND, httpx.codes.BAD_REQUEST):
            raise Gone
        if answer.is_error:
            raise Away
        told: dict[str, Any] = answer.json()
        return told


def network() -> Network | None:
    """The one that this installation talks to; None where that is the real one, or none."""
    connections = current()
    if not connections.stays_here and reread("twilio_api_base"):  # another process started the sandbox a moment ago
        connections = current()
    return Network(connections) if connections.stays_here and connections.twilio_auth_tokens else None


def _somebody() -> str:
    """+1 202 555 0101 to 0199: kept for stories by the North American Numbering Plan."""
    return f"+1202555{101 + secrets.randbelow(99):04d}"
