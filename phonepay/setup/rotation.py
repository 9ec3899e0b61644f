"""The encryption key, rotated without a moment of downtime: a new one first, everything anew, the old one last.

Each step can be taken again: what the newest key has encrypted already is passed over, and an older key is given up
only where nothing is left that needs it. The keys of the data folder are rotated here; those of the environment by
whoever sets them, on every host, and this says what is to be done next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models, transaction

from phonepay.configuration import encryption
from phonepay.configuration.keys import ENCRYPTION_KEY_FILE, new_encryption_key, read_keys, write_keys
from phonepay.events import audit_keys, types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.merchant.models import Credential
from phonepay.orders.loading.models import LoadPiece
from phonepay.people.permissions import require

_AT_ONCE = 100


@dataclass(frozen=True)
class Rotated:
    """How far it is. `anew`: what was encrypted anew now; `lost`: what no key can read; `older`: keys still there."""

    anew: int
    lost: int
    older: int


def in_environment() -> bool:
    """Whether the environment sets the keys, so that only whoever sets it can add one and take one out."""
    return encryption.KEY_NAME in settings.PHONEPAY_GIVEN


def begin(*, by: Actor, now: datetime) -> None:
    """Put a new key before the one in the data folder, unless a rotation is under way. Raises OSError, NotAllowed."""
    require(by, "change_keys")
    path = settings.PHONEPAY_DATA_DIR / ENCRYPTION_KEY_FILE
    keys = read_keys(path)
    if len(keys) > 1:
        return
    record(types.ENCRYPTION_ROTATED, subject=("keys", ""), by=by, now=now)
    write_keys(path, [new_encryption_key(), *keys])


def encrypt_anew(*, by: Actor, say: Callable[[str], None] = lambda _: None) -> Rotated:
    """Encrypt everything with the newest key that an older one has encrypted. Raises NotAllowed."""
    require(by, "change_keys")
    anew, lost = 0, 0
    for what, sweep in (
        ("keys", _keys), ("second steps", _second_steps), ("loaded files", _files), ("sessions", _sessions),
    ):  # fmt: skip
        done, unreadable = sweep()
        anew, lost = anew + done, lost + unreadable
        say(f"{what}: {done} encrypted anew" + (f", {unreadable} cannot be read by any key" if unreadable else ""))
    lost += audit_keys.rewrap()
    return Rotated(anew, lost, len(encryption.keys_now()) - 1)


def give_up_older(*, by: Actor) -> int:
    """Take the older keys out of the data folder, where nothing needs them; how many. Raises OSError, NotAllowed."""
    require(by, "change_keys")
    path = settings.PHONEPAY_DATA_DIR / ENCRYPTION_KEY_FILE
    keys = read_keys(path)
    if len(keys) == 1 or any(not encryption.is_current(token) and _readable(token) for token in _tokens()):
        return 0
    write_keys(path, keys[:1])
    return len(keys) - 1


def _tokens() -> Iterator[bytes]:
    """All that is encrypted; what no key can read needs none."""
    for value in Credential.objects.values_list("value", flat=True).iterator():
        yield value.encode()
    for row in Authenticator.objects.all().iterator():
        for token in _in_step(row.data):
            yield token.encode()
    for data in LoadPiece.objects.values_list("data", flat=True).iterator(8):
        yield bytes(data)
    for text in Session.objects.values_list("session_data", flat=True).iterator():
        yield text.encode()


def _keys() -> tuple[int, int]:
    return _swept(
        Credential.objects.all(),
        stale=lambda row: not encryption.is_current(row.value.encode()),
        renew=lambda row: {"value": _again(row.value)},
    )


def _second_steps() -> tuple[int, int]:
    return _swept(
        Authenticator.objects.all(),
        stale=lambda row: any(not encryption.is_current(token.encode()) for token in _in_step(row.data)),
        renew=lambda row: {"data": _step_again(row.data)},
    )


def _files() -> tuple[int, int]:
    return _swept(
        LoadPiece.objects.all(),
        stale=lambda row: not encryption.is_current(bytes(row.data)),
        renew=lambda row: {"data": encryption.encrypt(encryption.decrypt(bytes(row.data)))},
    )


def _sessions() -> tuple[int, int]:
    """Else everybody would have to sign in again. One that no key can read was nobody's any more."""
    done, _nobodys = _swept(
        Session.objects.all(),
        stale=lambda row: not encryption.is_current(row.session_data.encode()),
        renew=lambda row: {"session_data": _again(row.session_data)},
    )
    return done, 0


def _swept(
    rows: models.QuerySet[Any], *, stale: Callable[[Any], bool], renew: Callable[[Any], dict[str, Any]]
) -> tuple[int, int]:
    """Each row in a transaction of its own, under its lock: who changes it meanwhile is neither kept off nor undone."""
    done, lost = 0, 0
    for pk in list(rows.order_by("pk").values_list("pk", flat=True).iterator(_AT_ONCE)):
        with transaction.atomic():
            row = rows.select_for_update().filter(pk=pk).first()
            if row is None or not stale(row):
                continue
            try:
                rows.filter(pk=pk).update(**renew(row))
            except encryption.Unreadable:
                lost += 1
            else:
                done += 1
    return done, lost


def _in_step(data: dict[str, Any]) -> list[str]:
    """What is encrypted of a second step: an app's secret, or recovery codes (allauth.mfa, `data`)."""
    return [data[name] for name in ("secret", "seed") if data.get(name)] + list(data.get("migrated_codes") or [])


def _step_again(data: dict[str, Any]) -> dict[str, Any]:
    renewed: dict[str, Any] = {name: _again(data[name]) for name in ("secret", "seed") if data.get(name)}
    if data.get("migrated_codes"):
        renewed["migrated_codes"] = [_again(code) for code in data["migrated_codes"]]
    return data | renewed


def _again(token: str) -> str:
    return encryption.encrypt(encryption.decrypt(token.encode())).decode()


def _readable(token: bytes) -> bool:
    try:
        encryption.decrypt(token)
    except encryption.Unreadable:
        return False
    return True
