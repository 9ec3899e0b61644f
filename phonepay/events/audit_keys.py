"""The secret under which events are digested and sealed: made once, wrapped by the encryption key outside the database.

`record()` needs it within transactions of money and must not ask for it: a process reads it once.
"""

from __future__ import annotations

import base64
import contextlib
import json
import logging
import secrets
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import DatabaseError, IntegrityError, InterfaceError, transaction

from phonepay.configuration.encryption import keys_now
from phonepay.events.chain_models import AuditKey

logger = logging.getLogger(__name__)

_PURPOSE = b"phonepay activity chain"
# While a new version is put in place the old one goes on recording events, without digests.
ADOPTS_FOR = timedelta(hours=1)
_LOOK_AGAIN = 60.0  # seconds, where no key could be read


@dataclass(frozen=True)
class Key:
    """`adopts_to` is the last event of the time before there was a key: what has no digest up to it is none's fault."""

    number: int
    secret: bytes = field(repr=False)
    made_at: datetime
    adopts_to: int

    def adopts(self, event: int, now: datetime) -> bool:
        """Whether an event without a digest is from before this key, or from the version before."""
        return event <= self.adopts_to or now < self.made_at + ADOPTS_FOR


_lock = threading.Lock()
_current: Key | None = None
_looked = float("-inf")


def current() -> Key | None:
    """The newest key that can be read, kept in the process; None where there is none yet, or the database is away."""
    global _current, _looked  # noqa: PLW0603 - one per process
    if _current is None and monotonic() - _looked > _LOOK_AGAIN:
        with _lock:
            _looked = monotonic()
            _current = newest(readable())
    return _current


def forget() -> None:
    """Ask the database again: where it was replaced by another."""
    global _current, _looked
    _current, _looked = None, float("-inf")


def warm() -> None:
    """Read the key before a caller waits for it."""
    with contextlib.suppress(DatabaseError, InterfaceError):
        current()


def newest(keys: dict[int, Key]) -> Key | None:
    return keys[max(keys)] if keys else None


def readable() -> dict[int, Key]:
    """All keys that the encryption keys of this installation open, by their numbers."""
    fernet = _wrapping()
    found = {}
    for row in AuditKey.objects.order_by("number"):
        with contextlib.suppress(InvalidToken, KeyError, ValueError):
            found[row.number] = _opened(row, fernet)
    return found


def key_for_sealing(now: datetime, *, high: int) -> Key:
    """The newest key; where none can be read, a new one that adopts what is there up to the id `high`."""
    global _current  # noqa: PLW0603 - one per process
    key = current() or newest(readable())
    if key is None:
        last = AuditKey.objects.order_by("-number").values_list("number", flat=True).first() or 0
        if last:
            logger.error("the key of the activity chain cannot be read: a new one is made, see phonepay check")
        with contextlib.suppress(IntegrityError), transaction.atomic():
            AuditKey(number=last + 1, wrapped=wrapped_key(now, adopts_to=high), made_at=now).save(force_insert=True)
        key = readable()[last + 1]
    _current = key
    return key


def wrapped_key(now: datetime, *, adopts_to: int) -> str:
    """A new secret and what goes with it, encrypted."""
    secret = base64.b64encode(secrets.token_bytes(32)).decode()
    facts = {"secret": secret, "made_at": now.isoformat(), "adopts_to": adopts_to}
    return _wrapping().encrypt(json.dumps(facts).encode()).decode()


def rewrap() -> int:
    """Wrap each key by the newest encryption key, after that was rotated; returns how many could not be read."""
    fernet, lost = _wrapping(), 0
    for row in AuditKey.objects.all():
        try:
            row.wrapped = fernet.rotate(row.wrapped.encode()).decode()
        except InvalidToken:
            lost += 1
        else:
            row.save(update_fields=["wrapped"])
    return lost


def _opened(row: AuditKey, fernet: MultiFernet) -> Key:
    facts = json.loads(fernet.decrypt(row.wrapped.encode()))
    made_at = datetime.fromisoformat(facts["made_at"])
    return Key(row.number, base64.b64decode(facts["secret"]), made_at, int(facts["adopts_to"]))


def _wrapping() -> MultiFernet:
    """Keys of their own: what else is encrypted in the database, people's files too, cannot be put in this place."""
    return MultiFernet([Fernet(_derived(key)) for key in keys_now()])


def _derived(key: str) -> bytes:
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE)
    return base64.urlsafe_b64encode(hkdf.derive(base64.urlsafe_b64decode(key)))
