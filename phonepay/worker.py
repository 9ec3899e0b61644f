"""The worker: goes round the rooms and lets each do what it owes. What is owed are rows, so any number may run at once.

A room's `run_due(now)` takes its rows by lease and returns how many it worked on.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils import timezone

from phonepay.calls import days as call_days
from phonepay.calls import due as calls_due
from phonepay.calls import erasure, retention
from phonepay.configuration.context import About
from phonepay.events import sealing
from phonepay.notifications import due as notifications_due
from phonepay.orders import due as orders_due
from phonepay.payments import days as ledger_days
from phonepay.payments import event_poll
from phonepay.payments.reconciliation import runs as books
from phonepay.people import retention as people_retention
from phonepay.protection import due as protection_due
from phonepay.setup import activity, rounds

logger = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
LONGEST_PAUSE = 30.0

Room = Callable[[datetime], int]
ROOMS: tuple[Room, ...] = (
    protection_due.run_charges_due,
    calls_due.run_due,
    protection_due.run_due,
    ledger_days.run_due,
    call_days.run_due,
    orders_due.run_due,
    books.run_due,
    erasure.run_due,
    retention.run_due,
    people_retention.run_due,
    event_poll.run_due,
    sealing.run_due,
    activity.run_due,
)
# In a thread of its own: it may wait for a mail server, at each step of the conversation with it, and for others.
LETTERS: tuple[Room, ...] = (notifications_due.run_due, rounds.run_due)
GOODBYE_SECONDS = 10.0  # that a letter in hand has when the worker is told to end; what it leaves is sent again


def run_once(now: datetime, rooms: Sequence[Room] = ROOMS) -> int:
    """One round of all rooms; returns how many rows were worked on.

    An error in one room does not keep the others from their turn; one of the database's is raised after the round.
    """
    done = 0
    outage: Exception | None = None
    for room in rooms:
        try:
            with About():
                done += room(now)
        except (DatabaseError, InterfaceError) as error:
            outage = error
        except Exception:
            # A fault of ours in one room: the money of the others must not wait for its repair.
            logger.exception("%s failed and will be tried again", room.__module__)
    if outage is not None:
        raise outage
    return done


def work(
    stop: threading.Event,
    *,
    beat: Callable[[datetime], None],
    rooms: Sequence[Room] = ROOMS,
    letters: Sequence[Room] = LETTERS,
) -> None:
    """All that the worker does until `stop` is set: `run`, and beside it the letters, so that charges never wait for
    e-mail."""
    beside = threading.Thread(
        target=run, args=(stop,), kwargs={"beat": lambda now: None, "rooms": letters}, name="letters", daemon=True
    )
    beside.start()
    run(stop, beat=beat, rooms=rooms)
    beside.join(timeout=GOODBYE_SECONDS)


def run(stop: threading.Event, *, beat: Callable[[datetime], None], rooms: Sequence[Room] = ROOMS) -> None:
    """Go round until `stop` is set: at once while there is work, after a second where there was none.

    While the database is away the rounds come ever less often, every 30 seconds at last. `beat` is called with the time
    after each round that went well.
    """
    failures = 0
    while not stop.is_set():
        now = timezone.now()
        pause = 0.0
        try:
            close_old_connections()
            if not run_once(now, rooms):
                pause = IDLE_SECONDS
            beat(now)
        except (DatabaseError, InterfaceError) as error:
            failures += 1
            pause = min(2.0**failures / 2, LONGEST_PAUSE)
            # Without its trace, which says nothing more, every few seconds.
            logger.warning("the database did not answer, next try in %.0f s: %s", pause, error)
        else:
            if failures:
                logger.warning("the database is back")
            failures = 0
        finally:
            close_old_connections()
        if pause:
            stop.wait(pause)
