"""Whole numbers in words: English with or without "and", Spanish with gender and the short forms before a noun."""

EN_SMALL = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
EN_TENS = ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
EN_SCALES = ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"))

ES_SMALL = [
    "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce",
    "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno",
    "veintidós", "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho",
    "veintinueve",
]  # fmt: skip
ES_TENS = ["-", "-", "-", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"]
ES_HUNDREDS = [
    "-", "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos",
    "ochocientos", "novecientos",
]  # fmt: skip

WITHOUT_AND = frozenset({"en-US"})  # Elsewhere: "two hundred and fifty".


def language(locale: str) -> str:
    """The code "es" for es-MX and its like; English stands for every language that has no catalogue here."""
    return "es" if locale.lower().startswith("es") else "en"


def say_number(number: int, locale: str, *, feminine: bool = False, before_noun: bool = False) -> str:
    """A whole number from 0 to 999,999,999,999 in words.

    In Spanish `feminine` agrees with the noun ("doscientas") and `before_noun` shortens "uno" ("veintiún dólares").
    """
    if not 0 <= number < 10**12:
        problem = f"{number} is not between 0 and 999,999,999,999"
        raise ValueError(problem)
    if language(locale) == "es":
        return _spanish(number, feminine=feminine, before_noun=before_noun)
    return _english(number, " " if locale in WITHOUT_AND else " and ")


def _english(number: int, joint: str) -> str:
    parts = []
    for size, name in EN_SCALES:
        if number >= size:
            parts.append(f"{_english(number // size, joint)} {name}")
            number %= size
    if parts and not number:
        return " ".join(parts)
    if parts and number < 100:  # noqa: PLR2004 - British: "one thousand and five"
        return " ".join(parts) + joint + _english_below_hundred(number)
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _english_below_hundred(rest)
    words = f"{EN_SMALL[hundreds]} hundred"
    if rest:
        words += joint + _english_below_hundred(rest)
    return " ".join([*parts, words])


def _english_below_hundred(number: int) -> str:
    if number < len(EN_SMALL):
        return EN_SMALL[number]
    tens, ones = divmod(number, 10)
    return f"{EN_TENS[tens]}-{EN_SMALL[ones]}" if ones else EN_TENS[tens]


def _spanish(number: int, *, feminine: bool, before_noun: bool) -> str:
    parts = []
    millions, number = divmod(number, 10**6)
    if millions:
        words = _spanish(millions, feminine=False, before_noun=True)
        parts.append(f"{words} {'millón' if millions == 1 else 'millones'}")
    thousands, rest = divmod(number, 1000)
    if thousands:
        # "mil", never "un mil"; before "mil" the short form: "veintiún mil".
        before = f"{_spanish_below_thousand(thousands, feminine=feminine, before_noun=True)} " if thousands > 1 else ""
        parts.append(f"{before}mil")
    if rest or not parts:
        parts.append(_spanish_below_thousand(rest, feminine=feminine, before_noun=before_noun))
    return " ".join(parts)


def _spanish_below_thousand(number: int, *, feminine: bool, before_noun: bool) -> str:
    if number == 100:  # noqa: PLR2004 - "cien" alone, "ciento" before more
        return "cien"
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _spanish_below_hundred(rest, feminine=feminine, before_noun=before_noun)
    words = ES_HUNDREDS[hundreds]
    if feminine and words.endswith("os"):
        words = words[:-2] + "as"
    if not rest:
        return words
    return f"{words} {_spanish_below_hundred(rest, feminine=feminine, before_noun=before_noun)}"


def _spanish_below_hundred(number: int, *, feminine: bool, before_noun: bool) -> str:
    tens, ones = divmod(number, 10)
    if number < len(ES_SMALL):
        words = ES_SMALL[number]
    elif ones:
        words = f"{ES_TENS[tens]} y {ES_SMALL[ones]}"
    else:
        words = ES_TENS[tens]
    if not words.endswith("uno"):
        return words
    if feminine:
        return words[:-1] + "a"
    if not before_noun:
        return words
    return "veintiún" if number == 21 else words[:-1]  # noqa: PLR2004 - the one that takes an accent
