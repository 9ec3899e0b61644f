"""Settings, Activity: the list."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from phonepay.events.models import Event
from phonepay.web.panel.activity.chain import chain
from phonepay.web.panel.activity.filters import read_filters
from phonepay.web.panel.activity.log import activity as activity_of
from phonepay.web.panel.paging import COUNTED_TO, counted, read_place
from phonepay.web.panel.shop import the_shop


@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    """Every event, newest first."""
    shop = the_shop(request)
    zone, region = (shop.time_zone, shop.region) if shop else (settings.TIME_ZONE, "US")
    filters = read_filters(request.GET, zone, timezone.now())
    rows = filters.narrow(Event.objects.all())
    count = counted(rows)
    context = {
        "filters": filters,
        "page": activity_of(rows, read_place(request.GET.get("after", "")), region),
        "count": count,
        "is_more": count > COUNTED_TO,
        "chain": chain(),
    }
    return render(request, "panel/activity/list.html", context)
