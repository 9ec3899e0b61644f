"""What is encrypted at rest: keys, second steps, loaded files. One key encrypts, the older ones still decrypt.

The keys are kept outside the database: PHONEPAY_ENCRYPTION_KEY, or the file that was made once in the data folder.
Source of the format: https://github.com/fernet/spec (AES-128-CBC and HMAC-SHA256).
"""

from __future__ import annotations

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(ValueError):
    """None of the encryption keys that there are has encrypted this, or it is older than was asked for."""


def encrypt(plain: bytes) -> bytes:
    """With the newest key."""
    return _all(tuple(settings.PHONEPAY_ENCRYPTION_KEYS)).encrypt(plain)


def decrypt(token: bytes, *, seconds: int | None = None) -> bytes:
    """With whichever key it was encrypted. Raises Unreadable, also where it was more than `seconds` ago."""
    try:
        return _all(tuple(settings.PHONEPAY_ENCRYPTION_KEYS)).decrypt(token, ttl=seconds)
    except InvalidToken as error:
        raise Unreadable("none of the encryption keys that there are has encrypted this, or it is too old") from error


def is_current(token: bytes) -> bool:
    """Whether the newest key has encrypted it: then no older key is needed for it."""
    try:
        Fernet(settings.PHONEPAY_ENCRYPTION_KEYS[0]).decrypt(token)
    except InvalidToken:
        return False
    return True


@lru_cache(maxsize=4)
def _all(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
