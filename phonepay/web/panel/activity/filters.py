"""The filters of Activity, as they stand in the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from phonepay.events.models import Event
from phonepay.people.models import User
from phonepay.people.permissions import PERSON
from phonepay.web.panel.activity.sentences import KINDS, types_of
from phonepay.web.panel.chips import PERIODS, Chip, Menu, Period, changed, menu, read_period

MOST_PEOPLE = 50
OTHERS: dict[str, str | Promise] = {
    "caller": _("Callers"),
    "stripe": _("Stripe"),
    "system": _("Phone Pay itself"),
    "command": _("The server's terminal"),
    "stranger": _("Failed sign-ins"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; "" and None ask for everything. `who` is `person:<id>` or one of OTHERS."""

    who: str
    kind: str
    period: Period | None
    zone: str
    everybody: dict[str, str | Promise]
    query: QueryDict

    @property
    def any(self) -> bool:
        return bool(self.who or self.kind or self.period)

    @property
    def chips(self) -> list[Chip]:
        found = []
        if self.period:
            found.append(Chip(self.period.word, changed(self.query, **{"period": None, "from": None, "to": None})))
        if self.who:
            found.append(Chip(str(self.everybody[self.who]), changed(self.query, who=None)))
        if self.kind:
            found.append(Chip(str(KINDS[self.kind]), changed(self.query, kind=None)))
        return found

    @property
    def words(self) -> str:
        """The chips as a sentence has them."""
        return ", ".join(chip.word for chip in self.chips)

    @property
    def menus(self) -> list[Menu]:
        return [
            menu(self.query, "period", _("When"), PERIODS),
            menu(self.query, "who", _("Who"), self.everybody),
            menu(self.query, "kind", _("What"), KINDS),
        ]

    def narrow(self, rows: QuerySet[Event]) -> QuerySet[Event]:
        if self.who:
            kind, _colon, identity = self.who.partition(":")
            rows = rows.filter(actor_kind=kind, **({"actor_id": identity} if identity else {}))
        if self.kind:
            rows = rows.filter(type__in=types_of(self.kind))
        if self.period is None:
            return rows
        start, end = self.period.moments(self.zone)
        rows = rows.filter(at__gte=start) if start else rows
        return rows.filter(at__lt=end) if end else rows


def read_filters(query: QueryDict, zone: str, now: datetime) -> Filters:
    """Of an address; what cannot be read filters nothing."""
    people = User.objects.order_by("-is_active", "name", "email")[:MOST_PEOPLE]
    everybody: dict[str, str | Promise] = {f"{PERSON}:{each.pk}": each.get_full_name() for each in people}
    everybody |= OTHERS
    who, kind = query.get("who", ""), query.get("kind", "")
    return Filters(
        who=who if who in everybody else "",
        kind=kind if kind in KINDS else "",
        period=read_period(query, now, zone),
        zone=zone,
        everybody=everybody,
        query=query,
    )
