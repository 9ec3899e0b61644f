"""What needs a person because something is wrong: alerts that nobody has seen. Some have a row of their own instead."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from phonepay.alerts.kinds import KINDS
from phonepay.alerts.models import Alert
from phonepay.alerts.words import tell
from phonepay.web.panel.home.need import Asked, Need

_AT_ONCE = [kind.name for kind in KINDS.values() if kind.on_home and kind.least == 1]
_LATER = [(kind.name, kind.least) for kind in KINDS.values() if kind.on_home and kind.least > 1]


def open_ones(_asked: Asked) -> QuerySet[Alert]:
    """Of the installation: there is one shop."""
    wanted = Q(kind__in=_AT_ONCE)
    for name, least in _LATER:
        wanted |= Q(kind=name, count__gte=least)
    return Alert.objects.filter(wanted, closed_at=None, seen_at=None).order_by("since")


def tell_open(row: Alert, _asked: Asked) -> Need:
    said, kind = tell(row), KINDS[row.kind]
    url, button = f"{reverse('alerts')}#alert-{row.pk}", _("What to do")
    if kind.direct:
        url, button = said.url, said.button
    return Need(
        row.since, said.what, url, button, said.color, done_url=reverse("alert-seen", args=[row.pk]), done=_("We know")
    )
