"""Amounts of money in words."""

from phonepay.lib.money import Currency, currency
from phonepay.lib.speech.characters import say_digits
from phonepay.lib.speech.numerals import language, say_number
from phonepay.lib.speech.units import Unit, units_of


def say_money(amount: int, code: str, locale: str) -> str:
    """An amount of minor units (0 or more) in words: (4250, "usd", "en-US") is "forty-two dollars and fifty cents".

    Round sums are said without their hundredths, sums below one unit without their units.
    """
    facts = currency(code)
    units = units_of(facts.code, locale)
    whole, fraction = divmod(amount, facts.unit)
    if fraction and units.minor is None:
        return f"{say_number(whole, locale)} {_point(fraction, facts, locale)} {units.major.many}"
    if fraction and units.minor is not None:
        cents = _counted(fraction, units.minor, locale)
        if not whole:
            return cents
        joint = "con" if language(locale) == "es" else "and"
        return f"{_counted(whole, units.major, locale)} {joint} {cents}"
    return _counted(whole, units.major, locale)


def say_unit(code: str, locale: str) -> tuple[str, str]:
    """The plural names of a currency's unit and of its minor unit: ("dollars", "cents"); "" where that has no name."""
    units = units_of(currency(code).code, locale)
    return units.major.many, units.minor.many if units.minor else ""


def _counted(number: int, unit: Unit, locale: str) -> str:
    words = say_number(number, locale, feminine=unit.feminine, before_noun=True)
    # Spanish: "un millón de dólares", but "un millón cien dólares".
    of = "de " if language(locale) == "es" and number >= 10**6 and number % 10**6 == 0 else ""
    return f"{words} {of}{unit.of(number)}"


def _point(fraction: int, facts: Currency, locale: str) -> str:
    point = "coma" if language(locale) == "es" else "point"
    return f"{point} {say_digits(str(fraction).zfill(facts.decimals), locale)}"
