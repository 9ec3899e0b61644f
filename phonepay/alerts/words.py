"""An alert in words, in the language and on the clock of whoever reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import format_datetime
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language

from phonepay.alerts.kinds import AMBER, KINDS, Kind
from phonepay.alerts.models import Alert
from phonepay.alerts.pay_errors import pay_error
from phonepay.lib.money import format_amount

MISSING = "…"


@dataclass(frozen=True, slots=True)
class Told:
    """One alert, told. `url` is the page of its button, a path."""

    title: str
    what: str
    means: str
    mend: str
    button: str
    url: str
    color: str


# What a kind that a newer version had is told as, after a step back to this one.
_UNKNOWN = Kind("", title=MISSING, what=MISSING, means="", mend="", button=MISSING, route="home", color=AMBER)


def tell(row: Alert) -> Told:
    """In the present language and time zone. No query."""
    kind = KINDS.get(row.kind, _UNKNOWN)
    facts = _Facts(_said(row.facts))
    return Told(
        title=str(kind.title),
        what=str(kind.what) % facts,
        means=str(kind.means) % facts,
        mend=str(kind.mend) % facts,
        button=str(kind.button),
        url=_url(kind, row.facts),
        color=kind.color,
    )


def _url(kind: Kind, facts: dict[str, Any]) -> str:
    """Its page, and the part of it; Home, where a fact that the address needs is missing."""
    name, _sign, part = kind.route.partition("#")
    try:
        return reverse(name, args=[str(facts.get(each, "")) for each in kind.args]) + (f"#{part}" if part else "")
    except NoReverseMatch:
        return reverse("home")


class _Facts(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return MISSING


def _said(facts: dict[str, Any]) -> dict[str, str]:
    said = {name: str(value) for name, value in facts.items()}
    for name, value in facts.items():
        if name.endswith("_at"):
            said[name] = _time(str(value))
    if "amount" in facts and "currency" in facts:
        said["amount"] = format_amount(
            int(facts["amount"]),
            str(facts["currency"]),
            "es-US" if (get_language() or "").startswith("es") else "en-US",
        )
    if "code" in facts:
        error = pay_error(str(facts["code"]))
        said |= {"name": str(error.name), "mend": str(error.mend)}
    return said


def _time(iso: str) -> str:
    try:
        at = timezone.localtime(datetime.fromisoformat(iso))
    except ValueError:
        return MISSING
    return format_datetime(at, "EEE d MMM HH:mm", locale=(get_language() or "en")[:2])


def title_of(kind: str) -> str:
    """The short name of a kind."""
    return str(KINDS.get(kind, _UNKNOWN).title)
