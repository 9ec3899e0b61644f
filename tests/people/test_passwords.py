"""Passwords that leaked, and those that are a known word with something around it, are refused; others are not."""

from __future__ import annotations

import gzip
import secrets
from pathlib import Path

import pytest
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from phonepay.people import passwords
from phonepay.people.passwords import LEAKED, has_leaked, is_a_known_word, is_a_pattern, packed
from tests.figures import quoted


@pytest.mark.parametrize(
    "password",
    [
        "1234567890", "qwertyuiop", "1q2w3e4r5t", "Password123", "MANCHESTER", "q1w2e3r4t5y6",  # leaked
        "Summer2024!", "p@ssw0rd2026!!", "dragon12345", "!!monkey!!2025", "Twilio2026!", "phonepay1234",
        "aaaaaaaaaaaa", "abcabcabcabc", "abababababab", "xyxyxyxyxyxyxy", "zyxwvutsrqpon", "lkjhgfdsalkjh",
        "11223344112233",
    ],
)  # fmt: skip
def test_what_attackers_try_first_is_refused(password: str) -> None:
    with pytest.raises(ValidationError, match="attackers try first"):
        password_validation.validate_password(password)


@pytest.mark.parametrize(
    "password",
    [
        "a long enough password",
        "correct horse battery",
        "anvil-otter-sandwich-9",
        "Tr0ub4dor&3 is quoted",
        "ñandú cruza río",
    ],
)
def test_what_is_long_and_of_nobodys_list_is_taken(password: str) -> None:
    password_validation.validate_password(password)


def test_one_of_fewer_than_ten_characters_is_refused() -> None:
    with pytest.raises(ValidationError, match="at least 10"):
        password_validation.validate_password("xK9#vq2")


def test_every_long_password_of_djangos_own_list_is_refused() -> None:
    path = Path(password_validation.__file__).with_name("common-passwords.txt.gz")
    known = [word for word in gzip.decompress(path.read_bytes()).decode().splitlines() if len(word) >= 10]
    assert len(known) > 1000 and all(map(has_leaked, known))


def test_nothing_that_never_leaked_is_refused_but_by_rare_chance() -> None:
    refused = sum(has_leaked(secrets.token_urlsafe(12)) for _ in range(20_000))
    assert refused <= 8  # 0.7 are expected


def test_how_many_are_known_and_how_large_the_list_is_are_told() -> None:
    data = LEAKED.read_bytes()
    quoted("leaked-passwords", sum(data[:65_536]))
    quoted("leaked-passwords-kilobytes", round(len(data) / 1000))
    assert len(data) == 65_536 + 2 * sum(data[:65_536])


@given(st.sets(st.text(min_size=10, max_size=20).map(passwords.folded), max_size=50))
def test_whatever_is_packed_is_found(words: set[str]) -> None:
    patch = pytest.MonkeyPatch()
    with patch.context() as patched:
        patched.setattr(passwords, "_leaked", lambda: packed(words))
        assert all(map(has_leaked, words))
        assert not has_leaked("none of them, surely")


def test_case_and_spaces_at_the_ends_make_no_difference() -> None:
    assert has_leaked(" QwertyUiop ")
    assert is_a_known_word("DRAGON 2024")
    assert is_a_pattern("AbcAbcAbcAbc") or has_leaked("AbcAbcAbcAbc")
