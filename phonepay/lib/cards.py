"""Tells what may be a card number, so that no field, log or order number ever keeps one."""

import re

# Digits with at most one space, dash, dot or star between two of them: how people write and key card numbers.
_RUN = re.compile(r"\d(?:[ \-.*_/\u00a0\u2010-\u2015]?\d)+")
# Most texts have no such run at all; one search tells, where the runs of a row would each cost a look.
_LONG_RUN = re.compile(r"\d(?:[ \-.*_/\u00a0\u2010-\u2015]?\d){11}")
SHORTEST, LONGEST = 12, 19  # ISO/IEC 7812 allows up to 19; Maestro has 12.
MASKED_FROM = 13


def looks_like_card_number(text: str) -> bool:
    """Whether some run of digits in `text`, also written with separators, is a card number.

    12 to 19 digits whose check digit (Luhn) is right and that begin as Visa, Mastercard, Maestro, American Express,
    Discover, JCB, Diners or UnionPay numbers do; in a longer run any stretch of 13 digits or more that is one.
    """
    return _LONG_RUN.search(text) is not None and any(
        _holds_card(re.sub(r"\D", "", each[0])) for each in _RUN.finditer(text)
    )


def mask_long_digits(text: str) -> str:
    """`text` with each digit of every run of 13 digits or more replaced by "•": for logs that show what others sent."""

    def masked(found: re.Match[str]) -> str:
        run = found[0]
        return re.sub(r"\d", "•", run) if sum(map(str.isdigit, run)) >= MASKED_FROM else run

    return _RUN.sub(masked, text)


def passes_luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812-1: counted from the right, every second digit doubled, the sum ends in 0."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004 - the sum of two digits
    return total % 10 == 0


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
