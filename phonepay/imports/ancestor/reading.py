"""The old rows' texts: Unix seconds, JSON that somebody or nobody finished, amounts, and digits that must go."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from phonepay.lib.cards import looks_like_card_number, mask_long_digits

FIRST = datetime(2014, 1, 1, tzinfo=UTC)  # before there was such a thing
_MILLISECONDS = 13  # digits of a time that somebody wrote in them
_MOST = Decimal(10) ** 12
_DIGIT = re.compile(r"\d")
_UNPRINTED = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]+")
_DOLLARS = re.compile(r"\$\s*([0-9]{1,12}(?:\.[0-9]{1,4})?)")


@dataclass(frozen=True, slots=True)
class Notes:
    """What a transaction's notes say. `amount` is as written: in whole units or in cents, the row alone tells which.

    `words` is what a person may read, without card numbers.
    """

    amount: Decimal | None = None
    currency: str = ""
    words: str = ""


def moment(text: str, *, now: datetime) -> datetime | None:
    """The time that Unix seconds tell; None for anything that cannot be one: empty, 0, a date, the future."""
    text = text.strip()
    if not re.fullmatch(r"[0-9]{9,13}", text):
        return None
    seconds = int(text) // (1000 if len(text) == _MILLISECONDS else 1)
    if seconds > now.timestamp() + timedelta(days=1).total_seconds():
        return None
    at = datetime.fromtimestamp(seconds, UTC)
    return at if at >= FIRST else None


def notes(text: str) -> Notes:
    """Read `{"amount": 26, "currency": "usd"}`, `{"Manual": "Manually refunded $ 5"}`, a sentence, or what broke."""
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return Notes(amount=_dollars(text), words=safe(text))
    if not isinstance(found, dict):
        words = found if isinstance(found, str) else text
        return Notes(amount=_dollars(words), words=safe(words))
    facts = {str(name).lower(): value for name, value in found.items()}
    manual = str(facts.get("manual") or "")
    amount = _amount(facts.get("amount"))
    told = [str(value) for name, value in facts.items() if name not in ("amount", "currency") and value]
    currency = facts.get("currency")
    return Notes(
        amount=_dollars(manual) if amount is None else amount,
        currency=currency.lower() if isinstance(currency, str) and re.fullmatch(r"[A-Za-z]{3}", currency) else "",
        words=safe(". ".join(told)),
    )


def safe(text: str, most: int = 200) -> str:
    """One line that can be kept: digits that could be a card number are gone, and it has at most `most` characters."""
    line = mask_long_digits(" ".join(_UNPRINTED.sub(" ", text).split()))
    if looks_like_card_number(line):
        line = _DIGIT.sub("•", line)
    return line[:most]


def minor(value: Decimal, unit: int) -> int | None:
    """Minor units of whole ones; None where that is no whole number of them."""
    amount = value * unit
    return int(amount) if amount == amount.to_integral_value() else None


def _dollars(text: str) -> Decimal | None:
    found = _DOLLARS.search(text)
    return _amount(found[1]) if found else None


def _amount(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 < amount < _MOST else None
