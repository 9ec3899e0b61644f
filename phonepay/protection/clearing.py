"""The end of a sandbox, or of test mode, for protection: test cards taught it nothing about real callers."""

from __future__ import annotations

from datetime import datetime

from phonepay.protection import alerting
from phonepay.protection.models import Measure, Watch


def forget_tried(*, now: datetime, since: datetime | None = None) -> None:
    """Lift what was taken from `since` on (None: ever), and begin anew with what is usual on a line."""
    measures, watches = Measure.objects.all(), Watch.objects.all()
    if since is not None:
        measures, watches = measures.filter(since__gte=since), watches.filter(looked_at__gte=since)
    for row in measures.filter(kind=Measure.Kind.LINE):
        alerting.over_for(row, now=now)
    measures.delete()
    watches.delete()
