"""The one-time code of the first set-up: printed where the server was started, kept as a hash, used once.

Whoever has it may make the first owner, and nothing else: from then on the set-up is that owner's, signed in. So the
code is worth something only while nobody owns the installation, and a new one ends the one before.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from phonepay.people.models import Role, User
from phonepay.setup.models import SetUp

HOLDS = timedelta(hours=1)
# Who goes in to try the sandbox has an account without a password, and owns nothing yet: the code opens on.
PLACEHOLDER = "owner@sandbox.invalid"
# Crockford's base 32 (crockford.com/base32.html): nothing in it is mistaken for something else. 20 of them: 100 bits.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH, _GROUP = 20, 5
_LOOK_ALIKE = str.maketrans("OIL", "011")


def wanted() -> bool:
    """Whether there is anything for a code to open: nobody owns the installation, and no set-up was finished."""
    return not has_owner() and not SetUp.objects.filter(done_at__isnull=False).exists()


def has_owner() -> bool:
    return User.objects.filter(role=Role.OWNER, is_active=True).exclude(email=PLACEHOLDER).exists()


def new_code(*, now: datetime) -> str | None:
    """A code that opens the set-up once within the hour, as `ABCDE-FGHJK-…`; None where there is nothing to open."""
    if not wanted():
        return None
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    SetUp.objects.get_or_create(pk=1, defaults={"begun_at": now})
    SetUp.objects.filter(pk=1, done_at=None).update(code_hash=_hash(code), code_until=now + HOLDS, session_hash="")
    return "-".join(code[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def outstanding(*, now: datetime) -> bool:
    """Whether a code was printed that would open something now."""
    return wanted() and SetUp.objects.filter(pk=1, code_until__gt=now).exclude(code_hash="").exists()


def open_with(typed: str, *, now: datetime) -> str | None:
    """Use the code. Returns the mark that the session must carry from then on, None where it opens nothing."""
    row = SetUp.objects.filter(pk=1, done_at=None, code_until__gt=now).exclude(code_hash="").first()
    right = row is not None and hmac.compare_digest(row.code_hash, _hash(_canonical(typed)))
    if row is None or not right or not wanted():
        return None
    mark = secrets.token_urlsafe(32)
    # Compare and set: of two that come with the code at the same moment one is let in.
    used = SetUp.objects.filter(pk=1, code_hash=row.code_hash).update(code_hash="", session_hash=_hash(mark))
    return mark if used else None


def is_marked(mark: object) -> bool:
    """Whether a session carries the mark of the code that was used last, and there is still no owner."""
    if not isinstance(mark, str) or not mark:
        return False
    row = SetUp.objects.filter(pk=1, done_at=None).exclude(session_hash="").first()
    return row is not None and hmac.compare_digest(row.session_hash, _hash(mark)) and wanted()


def _canonical(typed: str) -> str:
    """As it was made: spaces, dashes and small letters are the reader's own."""
    return re.sub(r"[\s-]", "", typed).upper().translate(_LOOK_ALIKE)[: 2 * _LENGTH]


def _hash(text: str) -> str:
    # A code has 100 random bits: a slow hash would guard nothing more.
    return hashlib.sha256(text.encode()).hexdigest()
