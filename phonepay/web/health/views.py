"""Alive, ready, and the numbers."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils import timezone
from django.views.decorators.http import require_safe

from phonepay.configuration import running
from phonepay.configuration.kept import STARTED_ON
from phonepay.configuration.running import SERVED_BY
from phonepay.monitoring.readiness import not_ready

_PLAIN = "text/plain; charset=utf-8"


def alive(request: HttpRequest) -> HttpResponse:
    """Answers while the process can answer; it touches neither the database nor anyone else."""
    # Which of two processes behind one port this is, while new ones take over from old ones.
    told = {STARTED_ON: settings.PHONEPAY_KEPT_STAMP, SERVED_BY: running.name()}
    return HttpResponse("ok\n", content_type=_PLAIN, headers={name: value for name, value in told.items() if value})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 where calls should be sent here; 503 with the reasons, a word each, where they should not."""
    reasons = not_ready()
    words = "".join(f"not ready: {reason}\n" for reason in reasons) or "ready\n"
    status = 503 if reasons else 200
    response = HttpResponse(words, status=status, content_type=_PLAIN, headers={"Cache-Control": "no-store"})
    # It is asked every few seconds, and a "no" is no error of ours: Django would log each.
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django's own mark, which has no name in public
    return response


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever has the token. Without one in the settings there is no such page."""
    token = settings.PHONEPAY_METRICS_TOKEN
    if not token:
        return HttpResponseNotFound()
    sent = request.headers.get("Authorization", "")
    if not hmac.compare_digest(sent.encode(), f"Bearer {token}".encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Bearer realm="metrics"'})
    # Only now: the package is slow to import, and must not be before the measuring is switched on.
    from phonepay.monitoring.exposition import CONTENT_TYPE, text

    return HttpResponse(text(timezone.now()), content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})
