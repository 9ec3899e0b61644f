"""A Pay Connector: what turns the keyed card into a token, or a charge, in a Stripe account."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from phonepay.standins.twilio.cards import TEST_NUMBERS, Card
from phonepay.standins.twilio.transport import ConnectFailed, HttpTransport, Outgoing, ReadFailed, Transport

_SECONDS = 15.0


class ConnectorRefused(Exception):
    """The connector, or Stripe behind it, refused: Twilio's number, words for PaymentError, Stripe's own code."""

    def __init__(self, code: int, reason: str, raw: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.raw = raw


@dataclass(frozen=True)
class Token:
    """What a successful <Pay> returns: ``token`` for a tokenization, ``confirmation`` for a charge."""

    token: str = ""
    profile: str = ""
    confirmation: str = ""


@dataclass(frozen=True)
class Connector:
    """The Stripe connector of an account, with the key of the Stripe account that it was connected to.

    ``currencies``: the ISO codes in lower case that it takes, or empty for any. ``token_types``: what it can make.
    """

    stripe_url: str
    secret_key: str = field(repr=False)
    currencies: frozenset[str] = frozenset()
    token_types: frozenset[str] = frozenset({"one-time", "reusable", "payment-method"})
    can_charge: bool = True
    transport: Transport = field(default_factory=HttpTransport, repr=False, compare=False)

    @property
    def test_mode(self) -> bool:
        """Whether the connector was installed in test mode: only test cards pass."""
        return "_live_" not in self.secret_key

    def tokenize(self, card: Card, token_type: str, postal_code: str) -> Token:
        """A fresh token for the card, of the type asked for; raises ConnectorRefused."""
        self._permit(card)
        if token_type == "payment-method":  # noqa: S105 - Twilio's word for a kind of token, no secret
            details = _details(card, postal_code, "card", "billing_details[address][postal_code]")
            return Token(token=str(self._post("/v1/payment_methods", {"type": "card"} | details, 64010)["id"]))
        token = self._token(card, postal_code)
        if token_type == "one-time":  # noqa: S105 - Twilio's word for a kind of token, no secret
            return Token(token=token)
        return Token(token=token, profile=str(self._post("/v1/customers", {"source": token}, 64010)["id"]))

    def charge(self, card: Card, postal_code: str, minor_units: int, currency: str, description: str) -> Token:
        """Charge the card at once; ``minor_units`` of the currency; raises ConnectorRefused."""
        self._permit(card)
        form = {"amount": str(minor_units), "currency": currency, "source": self._token(card, postal_code)}
        if description:
            form["description"] = description
        return Token(confirmation=str(self._post("/v1/charges", form, 64008)["id"]))

    def _permit(self, card: Card) -> None:
        if self.test_mode and card.number not in TEST_NUMBERS:
            raise ConnectorRefused(64022, "Only test cards are allowed with a connector in test mode.")

    def _token(self, card: Card, postal_code: str) -> str:
        return str(self._post("/v1/tokens", _details(card, postal_code, "card", "card[address_zip]"), 64010)["id"])

    def _post(self, path: str, form: Mapping[str, str], refused: int) -> dict[str, Any]:
        """Post to Stripe under the connector's key; ``refused`` is Twilio's number for a refusal of this step."""
        body = urlencode(form).encode()
        url = self.stripe_url.rstrip("/") + path
        headers = (
            ("Host", urlsplit(url).netloc),
            ("Authorization", f"Bearer {self.secret_key}"),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Content-Length", str(len(body))),
        )
        try:
            answer = self.transport.send(Outgoing("POST", url, headers, body), _SECONDS, _SECONDS)
            content = json.loads(answer.body)
        except (ConnectFailed, ReadFailed, ValueError) as problem:
            raise ConnectorRefused(64002, "The payment provider is not available.", str(problem)) from problem
        if answer.status == 200 and isinstance(content, dict) and "id" in content:
            return content
        raise _refusal(answer.status, content, refused)


def _details(card: Card, postal_code: str, prefix: str, postal_name: str) -> dict[str, str]:
    form = {
        f"{prefix}[number]": card.number,
        f"{prefix}[exp_month]": str(int(card.expiry[:2])),
        f"{prefix}[exp_year]": "20" + card.expiry[2:],
    }
    if card.code:
        form[f"{prefix}[cvc]"] = card.code
    if postal_code:
        form[postal_name] = postal_code
    return form


def _refusal(status: int, content: object, refused: int) -> ConnectorRefused:
    error = content.get("error") if isinstance(content, dict) else None
    error = error if isinstance(error, dict) else {}
    raw = str(error.get("decline_code") or error.get("code") or error.get("type") or status)
    words = str(error.get("message") or f"The payment provider answered {status}.")
    if status in (401, 403):
        return ConnectorRefused(64009, words, raw)
    if status >= 500:
        return ConnectorRefused(64002, words, raw)
    return ConnectorRefused(64012 if error.get("type") == "card_error" else refused, words, raw)
