"""What a <Pay> asks for: its attributes, judged as Twilio judges them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from phonepay.standins.twilio.cards import DEFAULT_KINDS, KIND_NAMES
from phonepay.standins.twilio.connector import Connector
from phonepay.standins.twilio.conversation import Conversation
from phonepay.standins.twilio.twiml import Node

_TOKEN_TYPES = frozenset({"one-time", "reusable", "payment-method"})
_TRUE_OR_FALSE = frozenset({"true", "false"})
#: Languages of the built-in words for cards.
LANGUAGES = frozenset(
    [
        "en-AU",
        "en-CA",
        "en-GB",
        "en-IN",
        "en-US",
        "en-us",
        "es-ES",
        "es-MX",
        "fr-CA",
        "fr-FR",
        "de-DE",
        "it-IT",
        "en-au",
        "en-ca",
        "en-gb",
        "en-in",
    ]
)
_NO_DECIMALS = frozenset(
    ["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"]
)
_THREE_DECIMALS = frozenset(["bhd", "jod", "kwd", "omr", "tnd"])
_HIGHEST = 1_000_000


class Invalid(Exception):
    """An attribute that Twilio refuses: Result=validation-error with this PayErrorCode."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True)
class PayOrder:
    """The settings of one <Pay>: ``minor_units`` is 0 where the card is tokenized; ``timeout`` in seconds."""

    connector: Connector
    token_type: str
    minor_units: int
    currency: str
    description: str
    kinds: frozenset[str]
    most_attempts: int
    timeout: int
    security_code: bool
    postal_code: str
    shortest_postal_code: int
    language: str

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that the caller is asked for, in their order."""
        asked = ["payment-card-number", "expiration-date"]
        asked += ["security-code"] if self.security_code else []
        asked += ["postal-code"] if self.postal_code == "true" else []
        return tuple(asked)

    @property
    def literal_postal_code(self) -> str:
        """A postal code that the document itself gives, or an empty string."""
        return "" if self.postal_code in _TRUE_OR_FALSE else self.postal_code


def order_of(conversation: Conversation, node: Node) -> PayOrder:
    """Judge the attributes; raises Invalid with Twilio's number for the first that is refused."""
    given = node.attributes
    _judge_method(given)
    name = given.get("paymentConnector", "Default")
    connector = conversation.connectors.get(name)
    if connector is None:
        raise Invalid(64004, f"No payment connector is installed under the name {name}.")
    currency = given.get("currency", "usd").lower()
    if len(currency) != 3 or not currency.isalpha() or (connector.currencies and currency not in connector.currencies):
        raise Invalid(64011, f"The connector does not take the currency {currency}.")
    minor_units = _minor_units(given.get("chargeAmount", ""), currency)
    if minor_units and not connector.can_charge:
        raise Invalid(64007, "The connector cannot charge.")
    attempts = conversation.number(node, "maxAttempts", 1, 1, 3)
    return PayOrder(
        connector=connector,
        token_type=_token_type(given.get("tokenType", "reusable"), connector, minor_units),
        minor_units=minor_units,
        currency=currency,
        description=given.get("description", ""),
        kinds=_kinds(given.get("validCardTypes")),
        most_attempts=attempts + (conversation.switches.max_attempts_counts == "retries"),
        timeout=conversation.number(node, "timeout", 5, 1, 600),
        security_code=conversation.choice(node, "securityCode", "true", _TRUE_OR_FALSE) == "true",
        postal_code=given.get("postalCode", "true"),
        shortest_postal_code=conversation.number(node, "minPostalCodeLength", 1, 1, 20),
        language=conversation.choice(node, "language", "en-us", LANGUAGES),
    )


def _judge_method(given: dict[str, str]) -> None:
    if given.get("input", "dtmf") != "dtmf":
        raise Invalid(64020, f"<Pay> takes keys only, not input={given['input']}.")
    method = given.get("paymentMethod", "credit-card")
    if method == "credit-card" and "bankAccountType" in given:
        raise Invalid(64017, "bankAccountType does not go with credit-card.")
    if method != "credit-card":
        raise Invalid(64013, f"The connector does not take the payment method {method}.")


def _token_type(token_type: str, connector: Connector, minor_units: int) -> str:
    if token_type not in _TOKEN_TYPES:
        raise Invalid(64020, f"{token_type} is no token type.")
    if not minor_units and not connector.token_types:
        raise Invalid(64005, "The connector cannot make tokens.")
    if not minor_units and token_type not in connector.token_types:
        raise Invalid(64006, f"The connector cannot make a {token_type} token.")
    return token_type


def _kinds(given: str | None) -> frozenset[str]:
    kinds = frozenset(DEFAULT_KINDS if given is None else given.split())
    if unknown := sorted(kinds - KIND_NAMES):
        raise Invalid(64020, f"{unknown[0]} is no card type.")
    return kinds or frozenset(DEFAULT_KINDS)


def _minor_units(given: str, currency: str) -> int:
    """A charge amount as minor units; it may have as many decimals as the currency, and no sign."""
    if not given:
        return 0
    places = 0 if currency in _NO_DECIMALS else 3 if currency in _THREE_DECIMALS else 2
    try:
        amount = Decimal(given)
    except InvalidOperation:
        raise Invalid(64003, f"{given} is no amount.") from None
    if not amount.is_finite() or not 0 <= amount <= _HIGHEST:
        raise Invalid(64003, f"{given} is not from 0 to {_HIGHEST}.")
    minor = amount.scaleb(places)
    if minor != minor.to_integral_value():
        raise Invalid(64003, f"{given} has more decimals than {currency} has.")
    return int(minor)
