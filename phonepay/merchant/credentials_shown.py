"""The keys for people: where each comes from and since when, and never more of a secret than its ending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from phonepay.merchant.credential_models import Credential
from phonepay.merchant.credential_names import NAMES, Name, from_environment
from phonepay.merchant.credentials import ENVIRONMENT, KEPT, text_of

ENDING = 4  # characters of a secret that tell it from another


@dataclass(frozen=True, slots=True)
class Shown:
    """One value of a name, for people: never more of a secret than its ending. `since` and `by` of a kept one."""

    name: str
    ending: str  # all of what is no secret
    source: str  # environment, kept, or "" where nothing is set
    newest: bool = True
    since: datetime | None = None
    by: str = ""
    readable: bool = True


def shown() -> list[Shown]:
    """All names with their values, the newest first; a name without any has one row. It asks the database."""
    rows = list(Credential.objects.order_by("-place"))
    found: list[Shown] = []
    for name, how in NAMES.items():
        given = from_environment(how)
        told = [Shown(name, _ending(how, value), ENVIRONMENT, place == 0) for place, value in enumerate(given)]
        if not given:
            for place, row in enumerate([row for row in rows if row.name == name]):
                value = text_of(row)
                told.append(
                    Shown(
                        name,
                        _ending(how, value or ""),
                        KEPT,
                        newest=place == 0,
                        since=row.since,
                        by=row.by,
                        readable=value is not None,
                    )
                )
        found += told or [Shown(name, "", "")]
    return found


def unreadable() -> list[str]:
    """The names of what is kept and cannot be read with any encryption key that there is."""
    return sorted({row.name for row in Credential.objects.all() if text_of(row) is None})


def _ending(how: Name, value: str) -> str:
    """The last characters of a secret, and nothing of a short one."""
    if not how.secret:
        return value
    return value[-ENDING:] if how.ending_tells and len(value) > 2 * ENDING else ""
