"""Which passwords nobody gets: those that leaked, and those that are a known word with a number around it.

NIST SP 800-63B, 3.1.1.2: a new password is compared with those of past breaches, with dictionary words, with
repetitions and sequences, and with words of the context. Nothing is asked of anybody's network for it.

The file of leaked ones, made by scripts/leaked_passwords.py, holds the first 32 bits of the SHA-256 of each: 65,536
bytes that count how many digests begin with each pair of bytes, then the next pair of bytes of all of them, in order.
150,000 in 370 KB; of passwords that never leaked it refuses one in 28,000.
"""

from __future__ import annotations

import gzip
import string
import unicodedata
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SHORTEST = 10  # characters; AUTH_PASSWORD_VALIDATORS asks for as many
LEAKED = Path(__file__).with_name("leaked_passwords.bin")

_PAIRS = 65_536
_FEW = 5  # a password of fewer different characters is a pattern
_CONTEXT = frozenset({"phonepay", "twilio", "stripe", "payment", "payments", "telephone", "creditcard"})
_SEQUENCES = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "azertyuiop",
)
_LEET = str.maketrans("0134578@$!", "oleastbasi")


def folded(password: str) -> str:
    """How a password is compared: whatever its case, its spaces at the ends and its way of writing an accent."""
    return unicodedata.normalize("NFKC", password).casefold().strip()


def packed(passwords: Iterable[str]) -> bytes:
    """The file for these passwords, folded already. At most 255 may share the first 16 bits of a digest."""
    digests = sorted({sha256(word.encode()).digest()[:4] for word in passwords})
    counts = bytearray(_PAIRS)
    for digest in digests:
        counts[int.from_bytes(digest[:2])] += 1
    return bytes(counts) + b"".join(digest[2:] for digest in digests)


def has_leaked(password: str) -> bool:
    """Whether it is among the leaked ones; True for one in 28,000 others."""
    data = _leaked()
    digest = sha256(folded(password).encode()).digest()
    pair = int.from_bytes(digest[:2])
    start = _PAIRS + 2 * sum(data[:pair])
    rest = data[start : start + 2 * data[pair]]
    return any(rest[place : place + 2] == digest[2:4] for place in range(0, len(rest), 2))


def is_a_known_word(password: str) -> bool:
    """Whether nothing is in it but a common word and what people put around one: "Summer2024!", "p@ssw0rd12345"."""
    word = folded(password)
    bare = word.strip(string.digits + string.punctuation + string.whitespace)
    return any(each in _common() or each in _CONTEXT for each in (bare, bare.translate(_LEET)))


def is_a_pattern(password: str) -> bool:
    """Whether it repeats itself, or runs along the alphabet or the keyboard."""
    word = folded(password)
    if len(set(word)) < _FEW:
        return True
    # A text repeats itself where it is found in its double between the two ends.
    if word in (word + word)[1:-1]:
        return True
    return any(word in line * 2 or word in line[::-1] * 2 for line in _SEQUENCES)


class LeakedPasswordValidator:
    """For AUTH_PASSWORD_VALIDATORS: every road to a new password goes through it."""

    def validate(self, password: str, user: object = None) -> None:
        if has_leaked(password) or is_a_known_word(password) or is_a_pattern(password):
            raise ValidationError(self.get_help_text(), code="password_too_common")

    def get_help_text(self) -> str:
        return _(
            "This one is among those that attackers try first: it leaked somewhere, or is a known word with something "
            "around it. Take four words that have nothing to do with each other, or let your browser make one."
        )


@cache
def _leaked() -> bytes:
    return LEAKED.read_bytes()


@cache
def _common() -> frozenset[str]:
    """Django's twenty thousand, of any length."""
    path = Path(password_validation.__file__).with_name("common-passwords.txt.gz")
    return frozenset(gzip.decompress(path.read_bytes()).decode().splitlines())
