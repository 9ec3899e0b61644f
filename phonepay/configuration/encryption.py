"""What is encrypted at rest: keys, second steps, sessions, files. One key encrypts, the older ones still decrypt.

The keys are kept outside the database: PHONEPAY_ENCRYPTION_KEY, or the file that was made once in the data folder.
Source of the format: https://github.com/fernet/spec (AES-128-CBC and HMAC-SHA256).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from phonepay.configuration.keys import ENCRYPTION_KEY_FILE, read_keys

KEY_NAME = "PHONEPAY_ENCRYPTION_KEY"


class Unreadable(ValueError):
    """None of the encryption keys that there are has encrypted this, or it is older than was asked for."""


def keys_now() -> tuple[str, ...]:
    """The keys as they count now, the newest first.

    Those of the data folder are looked at again where their file has changed, so that every process of this machine
    follows a rotation at once; those of the environment stay until the process is started anew.
    """
    if KEY_NAME in settings.PHONEPAY_GIVEN:
        return tuple(settings.PHONEPAY_ENCRYPTION_KEYS)
    path = settings.PHONEPAY_DATA_DIR / ENCRYPTION_KEY_FILE
    try:
        state = path.stat()
        return _in_file(str(path), state.st_mtime_ns, state.st_ino)
    except (OSError, ValueError):
        return tuple(settings.PHONEPAY_ENCRYPTION_KEYS)  # gone or damaged meanwhile: what was read at the start counts


def encrypt(plain: bytes) -> bytes:
    """With the newest key."""
    return _all(keys_now()).encrypt(plain)


def decrypt(token: bytes, *, seconds: int | None = None) -> bytes:
    """With whichever key it was encrypted. Raises Unreadable, also where it was more than `seconds` ago."""
    try:
        return _all(keys_now()).decrypt(token, ttl=seconds)
    except InvalidToken as error:
        raise Unreadable("none of the encryption keys that there are has encrypted this, or it is too old") from error


def is_current(token: bytes) -> bool:
    """Whether the newest key has encrypted it: then no older key is needed for it."""
    try:
        _all(keys_now()[:1]).decrypt(token)
    except InvalidToken:
        return False
    return True


@lru_cache(maxsize=8)
def _all(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


@lru_cache(maxsize=2)
def _in_file(path: str, changed: int, file: int) -> tuple[str, ...]:
    return read_keys(Path(path))
