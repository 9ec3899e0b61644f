"""How long a prompt takes to say: the one formula, wherever the product shows or limits a length."""

import re

from phonepay.lib.speech.numerals import EN_SMALL, ES_SMALL, language

CHARACTERS_PER_SECOND = 13.7  # An ordinary telephone pace, in either language.


def seconds(text: str, locale: str = "en-US") -> float:
    """Seconds at an ordinary pace: the characters of the written-out text ÷ 13.7; a digit counts as its word."""
    names = ES_SMALL if language(locale) == "es" else EN_SMALL
    digits = re.findall(r"[0-9]", text)
    return (len(text) - len(digits) + sum(len(names[int(each)]) for each in digits)) / CHARACTERS_PER_SECOND
