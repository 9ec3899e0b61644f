"""Amounts as people and programs write them into files: 1,234.50 · 1.234,50 · 1 234,50 · 1'234.50 · 1234.5 · $42."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from phonepay.lib.money import MAXIMUM, MoneyError, check_chargeable, currency, parse_amount, stripe_minimum

POINT, COMMA = ".", ","
MARKS = (POINT, COMMA)

_GROUP = 3
_SPACES = re.compile("[\\s'’\u02bc]")
_WORD = re.compile(r"^[a-zA-Z]{3}(?=[\d.,])|(?<=[\d.,])[a-zA-Z]{3}$")


class AmountRefused(ValueError):
    """What is written is not surely an amount that can be charged; `reason` is a short name of why.

    missing · unreadable · negative · ambiguous · other_currency · decimals · whole · too_little · too_much
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_amount(text: str, code: str, mark: str = "") -> int:
    """Minor units of an amount that can be charged. `mark` is the decimal mark, "" where each text tells by itself.

    Without a mark, "1,234" and "1.234" are refused: a thousand in one country, one and a bit in another.
    """
    plain = _plain(text, code, mark)
    try:
        amount = parse_amount(plain, code)
    except MoneyError as error:
        facts = currency(code)
        fraction = plain.partition(".")[2]
        if len(fraction) > facts.decimals:
            raise AmountRefused("decimals") from error
        raise AmountRefused("whole" if fraction or facts.step > 1 else "unreadable") from error
    try:
        check_chargeable(amount, code)
    except MoneyError as error:
        if amount < stripe_minimum(code):
            raise AmountRefused("too_little") from error
        raise AmountRefused("too_much" if amount > MAXIMUM else "whole") from error
    return amount


def mark_of(texts: Iterable[str]) -> str:
    """The decimal mark that these amounts have beyond doubt; "" where none shows it, or they differ."""
    found = {mark for text in texts if (mark := _shown_mark(_SPACES.sub("", text)))}
    return found.pop() if len(found) == 1 else ""


def _shown_mark(text: str) -> str:
    last = max(text.rfind(POINT), text.rfind(COMMA))
    if last < 0:
        return ""
    mark, other = text[last], COMMA if text[last] == POINT else POINT
    digits = len(re.sub(r"\D", "", text[last:]))
    if text.count(mark) > 1:
        return other  # 1.234.567 groups with it
    if other in text or digits in (1, 2):
        return mark
    return ""


def _plain(text: str, code: str, mark: str) -> str:
    """Digits with a point before the decimals, as parse_amount wants them."""
    bare = _without_currency(_SPACES.sub("", text), code)
    if not bare:
        raise AmountRefused("missing")
    if re.fullmatch(r"[-−–(].*|.*[-−)]", bare) and re.search(r"\d", bare):
        raise AmountRefused("negative")
    if not re.fullmatch(r"[0-9.,]+", bare) or not bare[0].isdigit() or not bare[-1].isdigit():
        raise AmountRefused("unreadable")
    if mark not in MARKS:
        mark = _mark_within(bare, code)
    whole, _, fraction = bare.partition(mark)
    other = COMMA if mark == POINT else POINT
    if mark in fraction or other in fraction:
        raise AmountRefused("unreadable")
    groups = whole.split(other)
    if len(groups) > 1 and (not 1 <= len(groups[0]) <= _GROUP or any(len(each) != _GROUP for each in groups[1:])):
        raise AmountRefused("unreadable")
    return f"{''.join(groups)}.{fraction}" if fraction else "".join(groups)


def _mark_within(bare: str, code: str) -> str:
    shown = _shown_mark(bare)
    if shown or not (set(bare) & set(MARKS)):
        return shown or POINT
    used = POINT if POINT in bare else COMMA
    head, _, tail = bare.partition(used)
    if len(tail) == _GROUP and len(head) <= _GROUP and head != "0":
        raise AmountRefused("ambiguous")
    return used


def _without_currency(text: str, code: str) -> str:
    """Without a symbol or a code before or after it; AmountRefused where the code is of another currency."""
    if found := _WORD.search(text):
        if found[0].lower() != code.lower():
            raise AmountRefused("other_currency")
        text = _WORD.sub("", text)
    if text and unicodedata.category(text[0]) == "Sc":
        text = text[1:]
    if text and unicodedata.category(text[-1]) == "Sc":
        text = text[:-1]
    return text
