"""What is wrong with an owner's own words for a prompt, said before they are ever spoken."""

import re
from dataclasses import dataclass
from typing import Literal

from phonepay.ivr.prompts.catalogue import catalogue, fill, placeholders
from phonepay.lib.speech import seconds

LONGEST = 14  # Seconds a prompt may take, rounded as lengths are shown.

# Facts that a prompt exists to tell. The others (the shop's name, a key's name, a noun) may be worded away.
FACTS = frozenset(
    {"order", "amount", "hundredth", "floor", "ceiling", "cap", "days", "confirmation", "paid_when", "ago"}
    | {"descriptor", "where", "shop_phone", "key", "sample_keys", "sample_keys_cents"}
)  # fmt: skip

EVERYWHERE = frozenset({"shop", "order_noun", "Order_noun", "pound_key", "star_key"})

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


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with own words; `kind` names it for doors that word it in another language.

    `about` is the placeholder's name, the key, or the seconds that the words take; "" where there is none.
    """

    kind: Literal["empty", "missing", "not_known", "key", "markup", "too_long"]
    about: str = ""

    def __str__(self) -> str:
        return {
            "empty": "Write the words, or remove them to use the product's own.",
            "missing": f"Leave {{{self.about}}} in: callers must hear it.",
            "not_known": f"{{{self.about}}} is not known in these words.",
            "key": f"Say what key {self.about} does.",
            "markup": "Use plain words: no markup and no other braces.",
            "too_long": f"These words take {self.about} seconds; {LONGEST} is the most that people listen to.",
        }[self.kind]


def problems(text: str, key: str, locale: str) -> list[Problem]:
    """What is wrong with `text` as the words of prompt `key`; none means that it can be spoken.

    A fact or a key of the choice left out, a placeholder that the prompt does not have, words that take too long.
    """
    original = catalogue(locale).prompts[key]
    if not text.strip():
        return [Problem("empty")]
    found = []
    asked, given = placeholders(original), placeholders(text)
    found += [Problem("missing", name) for name in sorted((asked & FACTS) - given)]
    found += [Problem("not_known", name) for name in sorted(given - allowed(key, locale))]
    found += [Problem("key", digit) for digit in sorted(_keys_said(original) - set(re.findall(r"\d", text)))]
    if re.search(r"[<>{}]", fill(text, lambda _name: "")):
        found.append(Problem("markup"))
    length = round(sample_length(text, locale))
    if length > LONGEST:
        found.append(Problem("too_long", str(length)))
    return found


def check(text: str, key: str, locale: str) -> list[str]:
    """The same as sentences."""
    return [str(problem) for problem in problems(text, key, locale)]


def allowed(key: str, locale: str) -> frozenset[str]:
    """The placeholders that the words of a prompt may hold: its own, and those that fit everywhere."""
    return placeholders(catalogue(locale).prompts[key]) | EVERYWHERE


def with_samples(text: str, locale: str) -> str:
    """A prompt's words with ordinary values in their placeholders, as a caller may hear them."""
    words = catalogue(locale)
    samples = SAMPLES[locale[:2]] | {"pound_key": words.pound_key, "star_key": words.star_key}
    return fill(text, lambda name: samples.get(name, ""))


def sample_length(text: str, locale: str) -> float:
    """Seconds that a prompt takes with ordinary values in its placeholders."""
    return seconds(with_samples(text, locale), locale)


def _keys_said(text: str) -> set[str]:
    return {first or second for first, second in _KEY_SAID.findall(text)}
