"""What the orders' room owes: the next slice of a file that is being loaded, and that old ones are cleared."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db.models import Q

from phonepay.lib.stopping import STOPPING
from phonepay.orders.loading.models import Load
from phonepay.orders.loading.work import close_files, work

logger = logging.getLogger(__name__)

BATCH = 5
# Short, because the same worker looks after payments: it comes back for the next slice after a round.
SLICE_SECONDS = 2.0


def run_due(now: datetime) -> int:
    """Returns how many loads were worked on."""
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    done = 0
    owed = list(Load.objects.filter(free, due_at__lte=now).select_related("merchant").order_by("due_at")[:BATCH])
    if not owed:
        close_files()
    for load in owed:
        if STOPPING.is_set():
            break
        try:
            done += work(load, now, seconds=SLICE_SECONDS, keep_open=True)
        except Exception:
            logger.exception("load %s will be tried again", load.pk)
    return done
