"""The digest of an event: a keyed hash (HMAC-SHA256, RFC 2104) over all that was recorded.

Whoever can write to the database but has no key cannot make one that fits. A random part makes each digest the only
one of its kind, so that a copied row is known as a copy.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

# What of an event is under its digest, in this order; `id` is not known before it is written, and is under the seal.
FIELDS = (
    "type", "at", "actor_kind", "actor_id", "actor_name", "subject_kind", "subject_id", "source", "data",
)  # fmt: skip
SIZE = 32  # bytes
_LONGEST = 100  # characters of a digest as it is written
_FORM = 1  # of what is hashed; another form would be told apart by it


class Digest(NamedTuple):
    """`key` is the number of the AuditKey, `salt` the random part, `code` the 32 bytes themselves."""

    key: int
    salt: str
    code: bytes

    def __str__(self) -> str:
        return f"{self.key}.{self.salt}.{self.code.hex()}"


def digest_of(facts: Sequence[Any], *, key: int, secret: bytes) -> Digest:
    """A new digest of the facts, which come in the order of FIELDS."""
    salt = secrets.token_hex(8)
    return Digest(key, salt, code_of(facts, salt, secret))


def code_of(facts: Sequence[Any], salt: str, secret: bytes) -> bytes:
    """The keyed hash of the facts. The same whether they come from memory or from any of the databases."""
    happened, at, *rest = facts
    text = json.dumps([_FORM, salt, happened, _moment(at), *_plain(rest)], sort_keys=True, separators=(",", ":"))
    return hmac.digest(secret, text.encode("ascii"), hashlib.sha256)


def read_digest(written: str | None) -> Digest | None:
    """The parts of a digest as a row has it; None for what is none."""
    key, _dot, rest = (written or "")[:_LONGEST].partition(".")
    salt, _dot, code = rest.partition(".")
    try:
        found = Digest(int(key), salt, bytes.fromhex(code))
    except ValueError:
        return None
    return found if len(found.code) == SIZE and str(found) == written else None


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _plain(value: Any) -> Any:
    """As JSON gives it back: keys are text, tuples are lists, and a whole number is one however it was written."""
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
