"""What people write about a line, read into what is kept; each reader refuses with a sentence for them.

Amounts are text in whole units as people write them ("42.50"), or integers of minor units.
"""

import re
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import phonenumbers

from phonepay.ivr import prompts
from phonepay.lib import money, phone
from phonepay.lib.cards import looks_like_card_number
from phonepay.merchant.hours import parse_hours
from phonepay.merchant.refusals import FactRefused

# Twilio's words for <Pay validCardTypes> (twilio.com/docs/voice/twiml/pay).
CARDS = ("visa", "mastercard", "amex", "maestro", "discover", "optima", "jcb", "diners-club", "enroute")
MOST_LOCALES = 2

CARD_NUMBER_REFUSED = "This looks like a card number, so nothing was kept. Card numbers never belong here."
_DECIMAL_COMMA = re.compile(r"([0-9]+),([0-9]{1,2})")  # with three digits it may as well part the thousands


@dataclass(frozen=True, slots=True)
class Context:
    """What a value is read against: the line's currency (ISO code), and the region of numbers without "+"."""

    currency: str
    region: str


Reader = Callable[[Any, Context], Any]


def amount(value: Any, context: Context) -> int:
    """Minor units that Stripe can charge."""
    try:
        minor = value if isinstance(value, int) else money.parse_amount(_with_point(str(value)), context.currency)
        money.check_chargeable(minor, context.currency)
    except money.MoneyError as error:
        raise FactRefused.of_money(error) from error
    return int(minor)


def _with_point(text: str) -> str:
    """Half of the world writes 42,50."""
    return _DECIMAL_COMMA.sub(r"\1.\2", text) if _DECIMAL_COMMA.fullmatch(text.strip()) else text


def optional_amount(value: Any, context: Context) -> int | None:
    return None if value in (None, "") else amount(value, context)


def currency(value: Any, _: Context) -> str:
    try:
        return money.currency(str(value).strip()).code
    except money.MoneyError as error:
        raise FactRefused.of_money(error) from error


def phone_number(value: Any, context: Context) -> str:
    """E.164, or "" for none."""
    text = str(value).strip()
    if not text:
        return ""
    number = phone.normalize(text, context.region)
    if number is None:
        card = looks_like_card_number(text)
        shown = "This" if card else f"“{text}”"
        sentence = f"{shown} is not a phone number. Write it with its country code: +1 415 555 0142."
        raise FactRefused("phone", sentence, text="" if card else text)
    return number


def choice(*words: str) -> Reader:
    def read(value: Any, _: Context) -> str:
        text = str(value).strip().lower()
        if text not in words:
            raise FactRefused("choice", f"“{value}” is not one of: {', '.join(words)}.", text=str(value))
        return text

    return read


def whole_number(lowest: int, highest: int) -> Reader:
    def read(value: Any, _: Context) -> int:
        text = str(value).strip()
        if not re.fullmatch(r"[0-9]{1,6}", text) or not lowest <= int(text) <= highest:
            sentence = f"“{value}” is not a whole number from {lowest} to {highest}."
            raise FactRefused("number", sentence, text=str(value), lowest=lowest, highest=highest)
        return int(text)

    return read


def text(most: int, pattern: str = r".*", example: str = "") -> Reader:
    """One line of at most `most` characters."""

    def read(value: Any, _: Context) -> str:
        words = " ".join(str(value).split())
        if looks_like_card_number(words):
            raise FactRefused("card_number", CARD_NUMBER_REFUSED)
        if len(words) > most:
            sentence = f"This is too long: {len(words)} characters, at most {most} can be kept."
            raise FactRefused("too_long", sentence, length=len(words), most=most)
        if not re.fullmatch(pattern, words):
            raise FactRefused("text", f"“{words}” cannot be used. {example}".rstrip(), text=words)
        return words

    return read


def yes_or_no(value: Any, _: Context) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word not in {"yes", "no", "on", "off"}:
        raise FactRefused("choice", f"“{value}” is neither yes nor no.", text=str(value))
    return word in {"yes", "on"}


def listed(known: tuple[str, ...], most: int) -> Reader:
    """Several of `known`, as a list or separated by commas or spaces, each once, in the order given."""

    def read(value: Any, _: Context) -> list[str]:
        given = re.split(r"[\s,]+", value.strip()) if isinstance(value, str) else [str(each) for each in value]
        folded = {word.lower(): word for word in known}
        unknown = [word for word in given if word.lower() not in folded]
        if unknown or not given:
            sentence = f"“{', '.join(unknown)}” is not known here. Choose from: {', '.join(known)}."
            raise FactRefused("listed", sentence, text=", ".join(unknown))
        words = list(dict.fromkeys(folded[word.lower()] for word in given))
        if len(words) > most:
            raise FactRefused("too_many", f"At most {most} can be chosen here.", most=most)
        return words

    return read


def hours(value: Any, _: Context) -> dict[str, list[list[str]]]:
    return parse_hours(str(value))


def time_zone(value: Any, _: Context) -> str:
    name = str(value).strip()
    if name not in zoneinfo.available_timezones():
        sentence = f"“{name}” is not a time zone. Write it as America/New_York or Europe/Madrid."
        raise FactRefused("time_zone", sentence, text=name)
    return name


def region(value: Any, _: Context) -> str:
    code = str(value).strip().upper()
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise FactRefused("region", f"“{value}” is not a country's code. Use two letters, such as US.", text=str(value))
    return code


def voices(value: Mapping[str, str], context: Context) -> dict[str, str]:
    """Locale → Twilio voice; an empty voice goes back to Twilio's own."""
    read = text(64, r"[A-Za-z0-9.\-]*", "Write a Twilio voice, such as Polly.Joanna-Neural.")
    for locale in value:
        _catalogue(locale)
    return {locale: read(voice, context) for locale, voice in value.items()}


def words(value: Mapping[str, Mapping[str, str]], context: Context) -> dict[str, dict[str, str]]:
    """Locale → prompt key → the owner's own words; empty words go back to the product's."""
    read = text(600)
    for locale, overrides in value.items():
        for key, own in overrides.items():
            if key not in _catalogue(locale).prompts:
                raise FactRefused("choice", f"There is no prompt called “{key}”.", text=key)
            problems = prompts.problems(read(own, context), key, locale) if own.strip() else []
            if problems:
                told = " ".join(map(str, problems))
                raise FactRefused("words", f"{locale} {key}: {told}", problems=tuple(problems))
    return {locale: {key: read(own, context) for key, own in overrides.items()} for locale, overrides in value.items()}


def _catalogue(locale: str) -> prompts.Catalogue:
    try:
        return prompts.catalogue(locale)
    except ValueError as error:
        raise FactRefused("choice", str(error), text=locale) from error
