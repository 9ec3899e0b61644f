"""Tells what may be a card number, so that no field, log or order number ever keeps one.

Also where it is written in other digits (full width, Arabic), with separators, or encoded: percent, HTML, JSON, base64
or hexadecimal, one within the other.
"""

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote_plus

# Digits with at most three spaces, dashes, dots or stars between two of them: how people write and key card numbers.
_BETWEEN = "[ \\-.*_/\t\u00a0\u00ad\u2000-\u2015\u202f\u205f\u2060\u3000\ufeff]"
_RUN = re.compile(rf"\d(?:{_BETWEEN}{{0,3}}\d)+")
# Most texts have no such run at all; one search tells, where the runs of a row would each cost a look.
_LONG_RUN = re.compile(rf"\d(?:{_BETWEEN}{{0,3}}\d){{11}}")
SHORTEST, LONGEST = 12, 19  # ISO/IEC 7812 allows up to 19; Maestro has 12.
MASKED_FROM = 13

_ESCAPED = re.compile(r"\\(?:u00|x)([0-9a-fA-F]{2})")
_HEXADECIMAL = re.compile(r"(?:3[0-9]){12,}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}")
_WORD = re.compile(r"\S{16,}")
_LAYERS = 3  # of encodings, one within the other
# What people call the code on the card, and the code.
_SECURITY_CODE = re.compile(
    r"\b(?:cvv2?|cvc2?|cv2|security code|card code|c[oó]digo de seguridad)\b\W{0,3}(?:is|es|no|nr)?\W{0,3}\d{3,4}\b",
    re.IGNORECASE,
)

_CODE_WORDS = ("cv", "code", "digo")  # a quick look first: most texts have none


def looks_like_card_number(text: str) -> bool:
    """Whether some run of digits in `text`, also written with separators or encoded, is a card number.

    12 to 19 digits whose check digit (Luhn) is right and that begin as Visa, Mastercard, Maestro, American Express,
    Discover, JCB, Diners or UnionPay numbers do; in a longer run any stretch of 13 digits or more that is one. A
    security code that is called so is held to be one too.
    """
    return any(_shows_card(reading) for reading in _readings(text, _LAYERS))


def begins_like_card_number(digits: str) -> bool:
    """Whether `digits`, too few for a card number, may be the first of one: they begin as an issuer's numbers do."""
    return digits.isdigit() and any(_has_issuer_prefix(digits.ljust(length, "0")) for length in (14, 15, 16))


def mask_long_digits(text: str) -> str:
    """`text` with each digit of every run of 13 digits or more replaced by "•": for logs that show what others sent."""

    def masked(found: re.Match[str]) -> str:
        run = found[0]
        return re.sub(r"\d", "•", run) if sum(map(str.isdigit, run)) >= MASKED_FROM else run

    return _RUN.sub(masked, text)


def mask_card_numbers(text: str) -> str:
    """`text` without what is or may be a card number: long runs of digits, and whatever decodes to a card number."""
    masked = mask_long_digits(text)
    if not looks_like_card_number(masked):
        return masked
    masked = _SECURITY_CODE.sub("•••", _RUN.sub(_without_card, masked))
    masked = _WORD.sub(lambda word: "•••" if looks_like_card_number(word[0]) else word[0], masked)
    # What is spread over words that mean nothing alone goes whole.
    return "•••" if looks_like_card_number(masked) else masked


def _without_card(found: re.Match[str]) -> str:
    return re.sub(r"\d", "•", found[0]) if _shows_card(_plain_digits(found[0])) else found[0]


def passes_luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812-1: counted from the right, every second digit doubled, the sum ends in 0."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004 - the sum of two digits
    return total % 10 == 0


def _readings(text: str, layers: int) -> Iterator[str]:
    """The text in plain digits, then what it may be an encoding of."""
    text = _plain_digits(text)
    yield text
    if layers:
        for decoded in _decoded(text):
            yield from _readings(decoded, layers - 1)


def _plain_digits(text: str) -> str:
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(each, each)) for each in unicodedata.normalize("NFKC", text))


def _decoded(text: str) -> Iterator[str]:
    if "%" in text:
        yield unquote_plus(text)
    if "&#" in text:
        yield html.unescape(text)
    if "\\" in text:
        yield _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    for found in _HEXADECIMAL.finditer(text):
        yield bytes.fromhex(found[0]).decode("ascii")
    for found in _BASE64.finditer(text):
        yield from _of_base64(found[0])


def _of_base64(word: str) -> Iterator[str]:
    """What an unpadded or padded word in either alphabet encodes, if that is plain text."""
    if word.isdigit():
        return
    whole = word.replace("-", "+").replace("_", "/")
    try:
        text = base64.b64decode(whole[: len(whole) - (len(whole) % 4 == 1)] + "=" * (-len(whole) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return
    yield text


def _shows_card(text: str) -> bool:
    lowered = text.lower()
    if any(word in lowered for word in _CODE_WORDS) and _SECURITY_CODE.search(text):
        return True
    return _LONG_RUN.search(text) is not None and any(
        _holds_card(re.sub(r"\D", "", each[0])) for each in _RUN.finditer(text)
    )


def _holds_card(digits: str) -> bool:
    if SHORTEST <= len(digits) <= LONGEST and _is_card(digits):
        return True
    return any(
        _is_card(digits[start : start + length])
        for length in range(MASKED_FROM, min(len(digits) - 1, LONGEST) + 1)
        for start in range(len(digits) - length + 1)
    )


def _is_card(digits: str) -> bool:
    return _has_issuer_prefix(digits) and passes_luhn(digits)


def _has_issuer_prefix(digits: str) -> bool:
    # A stretch inside a longer run must also have a length that its issuer uses: chance matches would be many.
    two, four, length = int(digits[:2]), int(digits[:4]), len(digits)
    if digits[0] == "4":
        return length in {13, 16, 18, 19}
    if 51 <= two <= 55 or 2221 <= four <= 2720:  # noqa: PLR2004 - Mastercard
        return length == 16  # noqa: PLR2004
    if two in {34, 37}:
        return length == 15  # noqa: PLR2004
    if two in {30, 36, 38, 39}:
        return length in {14, 16, 17, 18, 19}
    if two == 35 or two in {60, 62, 64, 65, 81, 82}:  # noqa: PLR2004 - JCB, Discover, UnionPay
        return length >= 16  # noqa: PLR2004
    return two in {50, 56, 57, 58, 59, 61, 63, 66, 67, 68, 69}
