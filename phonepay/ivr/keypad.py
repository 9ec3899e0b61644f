"""Amounts as they are keyed: 42*50 with the star as the point, or 4250 in the smallest unit."""

import re
from dataclasses import dataclass

from phonepay.lib.money import Currency, currency


@dataclass(frozen=True, slots=True)
class KeyedAmount:
    """Minor units, and whether decimals were keyed: with a star, or because the line counts in the smallest unit."""

    amount: int
    starred: bool


def read_amount(keys: str, code: str, *, minor: bool) -> KeyedAmount | None:
    """The amount that these keys mean; None where they are not clearly one, which is asked again and never guessed.

    After a star there must be exactly the currency's decimals. A currency whose decimals are always 00 is keyed whole.
    """
    facts = currency(code)
    if minor or not facts.shown_decimals:
        return _whole(keys, facts, minor=minor)
    found = re.fullmatch(rf"([0-9]*)(?:(\*)([0-9]{{{facts.decimals}}}))?", keys)
    if not found or not (found[1] or found[3]):
        return None
    amount = int(found[1] or "0") * facts.unit + int(found[3] or "0")
    return KeyedAmount(amount, bool(found[2])) if amount % facts.step == 0 else None


def _whole(keys: str, facts: Currency, *, minor: bool) -> KeyedAmount | None:
    if not re.fullmatch(r"[0-9]+", keys):
        return None
    amount = int(keys) * (1 if facts.shown_decimals else facts.unit)
    return KeyedAmount(amount, minor and bool(facts.shown_decimals)) if amount % facts.step == 0 else None
