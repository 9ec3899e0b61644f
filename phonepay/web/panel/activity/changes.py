"""Before and after: what an event changed, a line for each fact, in the words of the pages."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phonepay.lib.money import MoneyError
from phonepay.web.panel import formats
from phonepay.web.panel.activity import values

_LONGEST = 160
_AMOUNTS = frozenset({"amount", "fixed_amount", "floor", "ceiling", "usual_amount", "overage_cap"})
_PASSED_OVER = frozenset({"keyed", "lettered"})  # follow from the number
FIELDS: dict[str, str | Promise] = {
    "number": gettext_lazy("Number"),
    "amount": gettext_lazy("Amount"),
    "currency": gettext_lazy("Currency"),
    "customer_name": gettext_lazy("Customer"),
    "customer_phone": gettext_lazy("Phone"),
    "customer_email": gettext_lazy("E-mail"),
    "customer_postal": gettext_lazy("Postal code"),
    "description": gettext_lazy("What for"),
    "note": gettext_lazy("Note"),
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("E-mail"),
    "role": gettext_lazy("Role"),
    "active": gettext_lazy("May sign in"),
    "required": gettext_lazy("Everybody needs a second step"),
    "phone_number": gettext_lazy("Phone number"),
    "behavior": gettext_lazy("Behavior"),
    "fixed_amount": gettext_lazy("Fixed amount"),
    "floor": gettext_lazy("Smallest amount"),
    "ceiling": gettext_lazy("Largest amount"),
    "usual_amount": gettext_lazy("Usual amount"),
    "amounts_keyed": gettext_lazy("How amounts are keyed"),
    "accepts_unknown_orders": gettext_lazy("Numbers that are not on the list"),
    "order_noun": gettext_lazy("What an order is called"),
    "order_prefix": gettext_lazy("How order numbers begin"),
    "locales": gettext_lazy("Languages"),
    "voices": gettext_lazy("Voice"),
    "words": gettext_lazy("Words"),
    "cards": gettext_lazy("Cards"),
    "asks_postal_code": gettext_lazy("Postal code"),
    "connector": gettext_lazy("Pay connector"),
    "moto": gettext_lazy("Charges marked as telephone orders (MOTO)"),
    "overage": gettext_lazy("Later charges"),
    "overage_cap": gettext_lazy("Later charges, at most"),
    "overage_days": gettext_lazy("Later charges, days"),
    "person_number": gettext_lazy("Phone number of a person"),
    "person_hours": gettext_lazy("Hours of a person"),
    "entry_seconds": gettext_lazy("Seconds for a number"),
    "choice_seconds": gettext_lazy("Seconds for a choice"),
    "field_seconds": gettext_lazy("Seconds for a card's field"),
    "tries": gettext_lazy("Tries at a question"),
    "tries_per_call": gettext_lazy("Tries in a call"),
    "unknown_tries": gettext_lazy("Unknown numbers in a call"),
    "paused": gettext_lazy("Payments paused"),
    "says_statement": gettext_lazy("Callers hear what the card statement will show"),
    "statement_prefix": gettext_lazy("Name on the statement"),
    "time_zone": gettext_lazy("Time zone"),
    "region": gettext_lazy("Country"),
    "shop_phone": gettext_lazy("Your number for help"),
    "language": gettext_lazy("Language"),
}
ROLES: dict[str, str | Promise] = {
    "owner": gettext_lazy("Owner"),
    "operator": gettext_lazy("Operator"),
    "auditor": gettext_lazy("Auditor"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """`before` is "" where nothing was there, or where it was not recorded."""

    field: str
    before: str
    after: str


def changes_of(data: Mapping[str, Any], currency: str, region: str) -> list[Change]:
    """Of an event's `before` and `after`; `currency` for amounts whose own is not among them."""
    before, after = data.get("before"), data.get("after")
    if not isinstance(before, Mapping):
        # What was made has no before: all of it would be said, and the page of it says that better.
        before, after = {}, after if isinstance(after, Mapping) and len(after) == 1 else {}
    if not isinstance(after, Mapping):
        return []
    now = _code(after, _code(data, currency))
    then = _code(before, now)
    return [
        Change(field, _shown(name, old, then, region), _shown(name, new, now, region))
        for name, field, old, new in _pairs(before, after)
    ]


def _code(facts: Mapping[str, Any], otherwise: str) -> str:
    """The currency that is among these facts."""
    code = facts.get("currency")
    return code if isinstance(code, str) and code else otherwise


def _pairs(
    before: Mapping[str, Any], after: Mapping[str, Any], path: str = "", of: str = ""
) -> Iterator[tuple[str, str, Any, Any]]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old == new or name in _PASSED_OVER:
            continue
        field = (
            f"{path} · {values.part(of, name)}"
            if path
            else str(FIELDS.get(name) or name.replace("_", " ").capitalize())
        )
        if isinstance(old or new, Mapping) and isinstance(old or {}, Mapping) and isinstance(new or {}, Mapping):
            yield from _pairs(old or {}, new or {}, field, name)
        else:
            yield name, field, old, new


def _shown(name: str, value: Any, currency: str, region: str) -> str:
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in _AMOUNTS and isinstance(value, int) and currency:
        with contextlib.suppress(MoneyError):  # a currency of which we know no more
            return formats.money(value, currency, region)
    if name == "role":
        return str(ROLES.get(str(value), value))
    text = ", ".join(values.told(name, each) for each in (value if isinstance(value, list) else [value]))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
