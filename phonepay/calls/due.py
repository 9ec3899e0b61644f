"""What the room of calls owes: calls whose end Twilio could not tell us."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from http import HTTPStatus

from phonepay.calls.ending import OVER, call_ended
from phonepay.calls.models import Call
from phonepay.configuration.context import About
from phonepay.lib.stopping import STOPPING
from phonepay.telephony.client import TwilioRest, TwilioUnreachable, get_client

logger = logging.getLogger(__name__)

SILENT_FOR = timedelta(minutes=10)  # no turn lasts that long: the status callback may have been lost
LONGEST_CALL = timedelta(hours=4)  # Twilio's own limit
BATCH = 20


def run_due(now: datetime) -> int:
    """End calls whose status callback never came; returns how many were looked at."""
    quiet = Call.objects.filter(ended_at=None, last_at__lt=now - SILENT_FOR).order_by("last_at")[:BATCH]
    client = get_client()
    for call in quiet:
        if STOPPING.is_set():
            break
        with About(call=call.sid):
            _look(call, client, now)
    return len(quiet)


def _look(call: Call, client: TwilioRest | None, now: datetime) -> None:
    status, seconds = "completed", None
    if client is not None and now - call.started_at < LONGEST_CALL:
        try:
            status, seconds = client.call_status(call.sid)
        except TwilioUnreachable as error:
            if error.status != HTTPStatus.NOT_FOUND:
                logger.warning("call %s: %s", call.sid, error)
                status = "in-progress"
    if status in OVER:
        call_ended(sid=call.sid, status=status, seconds=seconds, now=now)
    else:
        # Still talking with a person, or Twilio cannot be asked: look again after the same time.
        Call.objects.filter(pk=call.pk, ended_at=None).update(last_at=now)
