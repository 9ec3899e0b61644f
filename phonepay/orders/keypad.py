"""The keyed form of an order number: what a caller presses for it, and which numbers cannot be taken.

Letters are keyed by the key that carries them (ITU-T E.161), dashes and spaces are left out, leading zeros count.
"""

from __future__ import annotations

from phonepay.lib.cards import looks_like_card_number
from phonepay.lib.refusal import Refusal

MAX_KEYS = 12
MAX_LENGTH = 24

_KEYS = {
    letter: key
    for key, letters in {
        "2": "ABC", "3": "DEF", "4": "GHI", "5": "JKL", "6": "MNO", "7": "PQRS", "8": "TUV", "9": "WXYZ",
    }.items()
    for letter in letters
}  # fmt: skip
_LEFT_OUT = "-– "


class NumberRefused(Refusal):
    """A number that no order can have."""


def to_keys(number: str) -> str:
    """`INV-0042` → `4680042`. Raises NumberRefused for a character that is on no key."""
    keys = []
    for character in number.strip().upper():
        if character in _LEFT_OUT:
            continue
        if character in "0123456789":
            keys.append(character)
        elif character in _KEYS:
            keys.append(_KEYS[character])
        else:
            raise NumberRefused(
                "no_key_for",
                "An order number can have digits, the letters A to Z and dashes. "
                f"{character!r} cannot be keyed on a phone.",
                character=character,
            )
    return "".join(keys)


def keyed_form(number: str, *, prefix: str = "") -> str:
    """The keys by which an order is found, without the shop's prefix that callers need not key.

    Two orders with the same keyed form could not be told apart on the phone. Raises NumberRefused with the reason.
    """
    number = number.strip()
    if not number:
        raise NumberRefused("no_number", "An order needs a number.")
    if len(number) > MAX_LENGTH:
        raise NumberRefused(
            "number_too_long", f"An order number can have at most {MAX_LENGTH} characters.", limit=MAX_LENGTH
        )
    if looks_like_card_number(number):
        raise NumberRefused(
            "number_is_card", "This looks like a card number, so it was not kept. Use the order's own number."
        )
    keys = to_keys(number)
    if not keys:
        raise NumberRefused("no_keys", "An order number needs at least one digit or letter.")
    if len(keys) > MAX_KEYS:
        raise NumberRefused(
            "too_many_keys",
            f"A caller would have to press {len(keys)} keys for {number}; at most {MAX_KEYS} are possible.",
            keys=len(keys),
            limit=MAX_KEYS,
        )
    if looks_like_card_number(keys):
        raise NumberRefused(
            "keyed_like_card", "Keyed on a phone, this number could be taken for a card number. Choose another one."
        )
    return without_prefix(keys, prefix=prefix)


def without_prefix(keys: str, *, prefix: str) -> str:
    """The keys less those of the prefix, where something is left after it: so 4680042 and 0042 find the same order.

    As often as it is there: with the prefix INV, 468 468 01 and 468 01 must not find INV-46801 and INV-01.
    """
    head = to_keys(prefix)
    while head and keys.startswith(head) and len(keys) > len(head):
        keys = keys[len(head) :]
    return keys


def is_lettered(number: str, *, prefix: str = "") -> bool:
    """Whether a caller needs the hint how letters and dashes are keyed; the prefix, which may be left out, apart."""
    rest = number.strip().upper()
    rest = rest.removeprefix(prefix.strip().upper())
    return not rest.isdigit()
