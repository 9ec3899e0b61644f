"""The second fact: what only who the order is for knows, keyed before anything of an order is told."""

from __future__ import annotations

from hmac import compare_digest
from typing import Literal

from phonepay.orders.keypad import NumberRefused, to_keys
from phonepay.orders.models import Order

POSTAL, PHONE = "postal", "phone"
PHONE_DIGITS = 4
ZIP_DIGITS = 5  # callers key a ZIP+4 (94110-1234) by its first five

Fits = Literal["yes", "no", "unknown"]


def fits(order: Order, kind: str, keyed: str) -> Fits:
    """Whether the keys are the order's fact of this kind; "unknown" where the order has none."""
    wanted = _wanted(order, kind)
    if not wanted:
        return "unknown"
    return "yes" if any(compare_digest(each, keyed) for each in wanted) else "no"


def _wanted(order: Order, kind: str) -> list[str]:
    if kind == PHONE:
        digits = "".join(each for each in order.customer_phone if each.isdigit())
        return [digits[-PHONE_DIGITS:]] if len(digits) >= PHONE_DIGITS else []
    try:
        keys = to_keys(order.customer_postal)
    except NumberRefused:
        return []
    if not keys:
        return []
    zip_plus_four = order.customer_postal.replace("-", "").replace(" ", "").isdigit() and len(keys) > ZIP_DIGITS
    return [keys, keys[:ZIP_DIGITS]] if zip_plus_four else [keys]
