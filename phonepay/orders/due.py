"""What the orders' room owes: the next slice of a file that is being loaded, and that old ones are cleared."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db.models import Q

from phonepay.orders.loading.models import Load
from phonepay.orders.loading.work import work

logger = logging.getLogger(__name__)

BATCH = 5
# Short, because the same worker looks after payments: it comes back for the next slice after a round.
SLICE_SECONDS = 2.0


def run_due(now: datetime) -> int:
    """Returns how many loads were worked on."""
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    done = 0
    for load in Load.objects.filter(free, due_at__lte=now).select_related("merchant").order_by("due_at")[:BATCH]:
        try:
            done += work(load, now, seconds=SLICE_SECONDS)
        except Exception:
            logger.exception("load %s will be tried again", load.pk)
    return done
