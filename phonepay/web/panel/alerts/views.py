"""The page of alerts, and that somebody knows of one."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from phonepay.alerts.kinds import RED
from phonepay.alerts.models import Alert
from phonepay.alerts.operations import seen as mark_seen
from phonepay.alerts.words import Told, tell
from phonepay.notifications.telling import readers
from phonepay.people.permissions import acting, may

LATELY = 20


@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """What is wrong: what nobody has seen and what is red before the rest, then the newest; below, what is over."""
    rows = Alert.objects.order_by("-since")
    context = {
        "open": sorted(_shown(rows.filter(closed_at=None)[: LATELY * 5]), key=_urgency),
        "over": _shown(rows.exclude(closed_at=None).order_by("-closed_at")[:LATELY]),
        "readers": list(readers()),
        "may_settle": may(request.user, "settle_alerts"),
    }
    return render(request, "panel/alerts/page.html", context)


@require_POST
def seen(request: HttpRequest, identity: int) -> HttpResponse:
    """Somebody knows of it: it is told no more, unless it goes on."""
    by = acting(request.user, "settle_alerts")
    row = get_object_or_404(Alert, pk=identity)
    mark_seen(row=row, by=by, now=timezone.now())
    messages.success(request, _("You are not told of it again, unless it still happens in some hours."))
    back = request.headers.get("Referer", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "alerts")


def _urgency(each: tuple[Alert, Told]) -> tuple[bool, bool]:
    row, told = each
    return row.seen_at is not None, told.color != RED


def _shown(rows: Iterable[Alert]) -> list[tuple[Alert, Told]]:
    return [(row, tell(row)) for row in rows]
