"""What is wrong with an owner's own words for a prompt, said before they are ever spoken."""

import re

from phonepay.ivr.prompts.catalogue import catalogue, fill, placeholders
from phonepay.lib.speech import seconds

LONGEST = 14  # Seconds a prompt may take, rounded as lengths are shown.

# Facts that a prompt exists to tell. The others (the shop's name, a key's name, a noun) may be worded away.
FACTS = frozenset(
    {"order", "amount", "hundredth", "floor", "ceiling", "cap", "days", "confirmation", "paid_when", "ago"}
    | {"descriptor", "where", "shop_phone", "key", "sample_keys", "sample_keys_cents"}
)  # fmt: skip

_KEY_SAID = re.compile(r"\b(?:press|oprima|pulse)(?: el)? (\d)|\bel (\d)\b")

SAMPLES = {
    "en": {
        "shop": "Harbor Garage", "order_noun": "order", "Order_noun": "Order", "order": "1, 0, 4, 2",
        "amount": "forty-two dollars and fifty cents", "hundredth": "forty-two dollars and fifty cents",
        "floor": "one dollar", "ceiling": "five hundred dollars", "cap": "fifty dollars", "days": "thirty",
        "currency": "dollars", "cents": "cents", "sample": "forty-two fifty", "sample_keys": "4 2 star 5 0",
        "sample_keys_cents": "4 2 5 0", "cards": "Visa, Mastercard, American Express and Discover",
        "confirmation": "4, 0, 7. 2, 1, 9", "paid_when": "on November 3", "ago": "eight minutes",
        "descriptor": "HARBOR GARAGE", "where": "this phone", "key": "1",
        "shop_phone": "five five five, zero one, four two",
    },
    "es": {
        "shop": "Harbor Garage", "order_noun": "pedido", "Order_noun": "Pedido", "order": "1, 0, 4, 2",
        "amount": "cuarenta y dos dólares con cincuenta centavos",
        "hundredth": "cuarenta y dos dólares con cincuenta centavos",
        "floor": "un dólar", "ceiling": "quinientos dólares", "cap": "cincuenta dólares", "days": "treinta",
        "currency": "dólares", "cents": "centavos", "sample": "cuarenta y dos cincuenta",
        "sample_keys": "4 2 asterisco 5 0", "sample_keys_cents": "4 2 5 0",
        "cards": "Visa, Mastercard, American Express y Discover", "confirmation": "4, 0, 7. 2, 1, 9",
        "paid_when": "el 3 de noviembre", "ago": "ocho minutos", "descriptor": "HARBOR GARAGE",
        "where": "este teléfono", "key": "1", "shop_phone": "cinco cinco cinco, cero uno, cuatro dos",
    },
}  # fmt: skip


def check(text: str, key: str, locale: str) -> list[str]:
    """The problems of `text` as the words of prompt `key`, as sentences; none means that it can be spoken.

    A fact or a key of the choice left out, a placeholder that the prompt does not have, words that take too long.
    """
    original = catalogue(locale).prompts[key]
    if not text.strip():
        return ["Write the words, or remove them to use the product's own."]
    problems = []
    asked, given = placeholders(original), placeholders(text)
    problems += [f"Leave {{{name}}} in: callers must hear it." for name in sorted((asked & FACTS) - given)]
    allowed = asked | {"shop", "order_noun", "Order_noun", "pound_key", "star_key"}
    problems += [f"{{{name}}} is not known in these words." for name in sorted(given - allowed)]
    missing = sorted(_keys_said(original) - set(re.findall(r"\d", text)))
    problems += [f"Say what key {digit} does." for digit in missing]
    if re.search(r"[<>{}]", fill(text, lambda _name: "")):
        problems.append("Use plain words: no markup and no other braces.")
    length = sample_length(text, locale)
    if round(length) > LONGEST:
        problems.append(f"These words take {round(length)} seconds; {LONGEST} is the most that people listen to.")
    return problems


def sample_length(text: str, locale: str) -> float:
    """Seconds that a prompt takes with ordinary values in its placeholders."""
    words = catalogue(locale)
    samples = SAMPLES[locale[:2]] | {"pound_key": words.pound_key, "star_key": words.star_key}
    return seconds(fill(text, lambda name: samples.get(name, "")), locale)


def _keys_said(text: str) -> set[str]:
    return {first or second for first, second in _KEY_SAID.findall(text)}
