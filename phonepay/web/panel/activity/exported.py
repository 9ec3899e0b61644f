"""Activity as a file: a row for each event that the list shows."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from phonepay.events.models import Event
from phonepay.lib.sheets import Cell
from phonepay.web.panel.activity.filters import read_filters
from phonepay.web.panel.activity.log import Row, activity
from phonepay.web.panel.exports.export import CHUNK, Export, by_keys, clock, sent
from phonepay.web.panel.shop import shop_or_404

_HEADER = (
    gettext_lazy("Time"),
    gettext_lazy("Offset from UTC"),
    gettext_lazy("Who"),
    gettext_lazy("What"),
    gettext_lazy("Before and after"),
    gettext_lazy("From"),
)


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    shop = shop_or_404(request)
    rows = read_filters(request.GET, shop.time_zone, timezone.now())

    def row(each: Row) -> Sequence[Cell]:
        return _row(each, shop.time_zone)

    return sent(
        request,
        shop,
        Export(
            what="activity",
            title=_("Activity"),
            words=rows.words,
            header=_HEADER,
            chunks=lambda: by_keys(
                lambda place: activity(rows.narrow(Event.objects.all()), place, shop.region, CHUNK), row
            ),
        ),
    )


def _row(each: Row, zone: str) -> Sequence[Cell]:
    changes = "; ".join(f"{change.field}: {change.before or '–'} → {change.after or '–'}" for change in each.changes)
    return (*clock(each.event.at, zone), each.who, each.what, changes, each.source)
