"""What the voice said, for the eye: "forty-two dollars and fifty cents" is $42.50, "1, 0, 4, 2" is 1042.

The words that were spoken are the record; the catalogue (or the owner's own words, as they were in that call) says
which part of them was an amount or a number.
"""

import re
from collections.abc import Callable, Iterable

from phonepay.ivr.prompts import catalogue
from phonepay.ivr.replies import Speech
from phonepay.ivr.script import Script
from phonepay.lib.money import format_amount
from phonepay.lib.phone import format_number
from phonepay.lib.speech import say_characters, say_money, say_phone

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_AMOUNTS = frozenset({"amount", "hundredth", "floor", "ceiling", "cap"})


def readable(
    speech: Speech, script: Script, *, numbers: Iterable[str] = (), amounts: Iterable[tuple[int, str]] = ()
) -> str:
    """The text of a speech with what is known of it in figures.

    `numbers` are order numbers as they are written, `amounts` minor units with their currency, that this call may have
    spoken of. What is not among them stays in words, but for single characters, which are put together.
    """
    found = _parts(speech, script)
    if found is None:
        return speech.text
    spoken = {say_money(amount, code, speech.locale): (amount, code) for amount, code in amounts}
    written = {say_characters(number): number for number in numbers if number}
    read: dict[str, Callable[[str], str]] = {
        **dict.fromkeys(_AMOUNTS, lambda words: _money(spoken.get(words), words, speech.locale)),
        "order": lambda words: written.get(words) or _together(words),
        "confirmation": _together,
        "shop_phone": lambda words: _phone(script.shop_phone, words, speech.locale),
    }
    return "".join(read[name](text) if name in read else text for name, text in found)


def _parts(speech: Speech, script: Script) -> list[tuple[str, str]] | None:
    """The text in pieces, each with the placeholder that it fills ("" for none); None where the words have changed."""
    try:
        template = script.words.get(speech.locale, {}).get(speech.key) or catalogue(speech.locale).prompts[speech.key]
    except (KeyError, ValueError):
        return None
    pieces = _PLACEHOLDER.split(template)  # words, name, words, name, words
    pattern = "".join("(.+?)" if place % 2 else f"({re.escape(piece)})" for place, piece in enumerate(pieces))
    match = re.fullmatch(pattern, speech.text, re.DOTALL)
    if match is None:
        return None
    return [(piece if place % 2 else "", match[place + 1]) for place, piece in enumerate(pieces)]


def _money(known: tuple[int, str] | None, words: str, locale: str) -> str:
    return format_amount(*known, locale) if known else words


def _together(words: str) -> str:
    """ "4, 0, 7. 2, 1, 9" is 407219; words of more than one letter are no characters."""
    characters = re.split(r"[,.] ", words)
    return "".join(characters) if all(len(each) == 1 for each in characters) else words


def _phone(number: str, words: str, locale: str) -> str:
    return format_number(number) if number and say_phone(number, locale) == words else words
