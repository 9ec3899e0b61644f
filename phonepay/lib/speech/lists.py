"""Lists in words."""

from collections.abc import Sequence

from phonepay.lib.speech.numerals import language

# Twilio's words for card types, as their issuers' names are said.
CARD_NAMES = {
    "visa": "Visa",
    "mastercard": "Mastercard",
    "amex": "American Express",
    "maestro": "Maestro",
    "discover": "Discover",
    "optima": "Optima",
    "jcb": "JCB",
    "diners-club": "Diners Club",
    "enroute": "enRoute",
}


def say_cards(cards: Sequence[str], locale: str) -> str:
    """Twilio's card types as a spoken list: "Visa, Mastercard, American Express and Discover"."""
    names = [CARD_NAMES.get(card, card) for card in cards]
    joint = "y" if language(locale) == "es" else "and"
    return f" {joint} ".join(part for part in (", ".join(names[:-1]), names[-1]) if part) if names else ""
