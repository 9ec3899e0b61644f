"""The end of a sandbox, for alerts: what was wrong with stand-ins is over with them."""

from __future__ import annotations

from datetime import datetime

from phonepay.alerts.models import Alert
from phonepay.alerts.operations import over

# About the far ends, their callers and their money. What is about this machine and its people goes on: who signs in,
# the worker, e-mail, the activity.
_TRIED = (
    "pay_error", "stripe_refuses", "voice_failed", "fallback_used", "twilio_signature", "stripe_signature",
    "unanswered", "refund_failed", "dispute", "books", "hold", "line_guarded", "callers_refused",
)  # fmt: skip


def close_tried(*, since: datetime, now: datetime) -> int:
    """Close what was raised from `since` on. How many those were; nobody is written to about their end."""
    tried = Alert.objects.filter(closed_at=None, kind__in=_TRIED, since__gte=since)
    rows = list(tried.values_list("pk", "kind", "key"))
    for _pk, kind, key in rows:
        over(kind=kind, key=key, now=now)
    Alert.objects.filter(pk__in=[pk for pk, _kind, _key in rows]).update(tell_at=None)
    return len(rows)
