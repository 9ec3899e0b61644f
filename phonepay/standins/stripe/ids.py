"""Identifiers that look like Stripe's, random so that two runs never share one."""

import hashlib
import secrets

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

# Stripe's newer objects carry a digit and the account's mark; older kinds are shorter.
LENGTHS = {"cus": 14, "req": 14, "whsec": 32}


def token(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new(prefix: str) -> str:
    return f"{prefix}_{token(LENGTHS.get(prefix, 24))}"


def derived(text: str, length: int = 16) -> str:
    """The same text always gives the same letters; the text cannot be read back from them."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    letters = []
    for _ in range(length):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)
