"""The worker's page, and the one thing that can be done there."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from phonepay.configuration.presence import WORKER
from phonepay.payments.again import KINDS, run_again
from phonepay.people.permissions import acting, may
from phonepay.web.panel.shop import the_shop
from phonepay.web.panel.work.told import processes, queues_of


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """What waits, what failed and why, and who is at work."""
    return _shown(request)


@require_POST
def again(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Try it with the next round; a second press finds that it is done already."""
    by = acting(request.user, "run_again")
    if kind not in KINDS:
        raise Http404
    done = run_again(kind=kind, identity=key, by=by, now=timezone.now())
    if not request.htmx:  # type: ignore[attr-defined]  # by its middleware
        return redirect("worker")
    return _shown(request, said=_("It is tried with the next round.") if done else _("It is being done already."))


def _shown(request: HttpRequest, *, said: str = "") -> HttpResponse:
    shop, now = the_shop(request), timezone.now()
    at_work = processes(now)
    context = {
        "queues": queues_of(shop, now) if shop else [],
        "processes": at_work,
        "worker_is_there": any(each.is_there and each.row.kind == WORKER for each in at_work),
        "may_run": may(request.user, "run_again"),
        "said": said,
        "now": now,
    }
    name = "panel/work/part.html" if request.htmx else "panel/work/worker.html"  # type: ignore[attr-defined]  # by its middleware
    return render(request, name, context)
