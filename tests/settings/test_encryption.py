"""One encryption for all that is kept encrypted: the newest key writes, every key reads."""

from typing import Any

import pytest
from cryptography.fernet import Fernet

from phonepay.configuration.encryption import Unreadable, decrypt, encrypt, is_current

FIRST, SECOND = (Fernet.generate_key().decode() for _ in range(2))


def test_an_older_key_still_reads(settings: Any) -> None:
    settings.PHONEPAY_ENCRYPTION_KEYS = (FIRST,)
    token = encrypt(b"a secret")
    settings.PHONEPAY_ENCRYPTION_KEYS = (SECOND, FIRST)
    assert decrypt(token) == b"a secret" and not is_current(token)
    assert is_current(encrypt(b"a secret"))


def test_what_no_key_has_encrypted_is_said_to_be_unreadable(settings: Any) -> None:
    settings.PHONEPAY_ENCRYPTION_KEYS = (FIRST,)
    token = encrypt(b"a secret")
    settings.PHONEPAY_ENCRYPTION_KEYS = (SECOND,)
    with pytest.raises(Unreadable):
        decrypt(token)
