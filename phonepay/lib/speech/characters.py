"""Numbers as single characters, with commas between them and a full stop between groups."""

import re

from phonepay.lib.phone import national_groups
from phonepay.lib.speech.numerals import EN_SMALL, ES_SMALL, language

GROUP = 3
LONGEST_UNGROUPED = 5


def say_characters(text: str) -> str:
    """("INV-0042") is "I, N, V. 0, 0, 4, 2": letters and digits apart, dashes as stops, long runs in threes."""
    return ". ".join(", ".join(group) for run in _runs(text) for group in _grouped(run))


def say_confirmation(number: str) -> str:
    """Groups of three, whatever the length: ("407219") is "4, 0, 7. 2, 1, 9"."""
    return ". ".join(", ".join(number[start : start + GROUP]) for start in range(0, len(number), GROUP))


def say_digits(digits: str, locale: str) -> str:
    """Digits as words: ("550", "en-US") is "five five zero"."""
    names = ES_SMALL if language(locale) == "es" else EN_SMALL
    return " ".join(names[int(each)] for each in digits)


def say_phone(number: str, locale: str) -> str:
    """A phone number of E.164 in words, as its country groups it at home and four digits as two and two.

    ("+14155550142", "en-US") is "four one five, five five five, zero one, four two".
    """
    groups = [part for group in national_groups(number) for part in _halved(group)]
    return ", ".join(say_digits(group, locale) for group in groups)


def _runs(text: str) -> list[str]:
    """Stretches of letters and stretches of digits; whatever stands between them is not said."""
    return re.findall(r"\d+|[^\W\d_]+", text.upper())


def _grouped(run: str) -> list[str]:
    if len(run) <= LONGEST_UNGROUPED:
        return [run]
    groups = [run[start : start + GROUP] for start in range(0, len(run), GROUP)]
    if len(groups[-1]) == 1:  # "1, 2, 3. 4, 5, 6, 7" rather than a digit left alone.
        groups[-2:] = [groups[-2] + groups[-1]]
    return groups


def _halved(group: str) -> list[str]:
    four = 4
    return [group[:2], group[2:]] if len(group) == four else [group]
