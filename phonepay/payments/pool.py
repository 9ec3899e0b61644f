"""The bounded pool that talks to Stripe while a caller is on the line, in the process that took the request.

It only makes things quick. All that it does is owed by a row with a lease, so a worker takes over what a killed process
left; and a waiting turn may ask it whether a charge is running here, which spares the database a look.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import close_old_connections
from django.utils import timezone

from phonepay.configuration.context import About, carried
from phonepay.payments import stripe_side
from phonepay.payments.models import Payment
from phonepay.payments.turned_away import CardQuestion

logger = logging.getLogger(__name__)

SIZE = 16  # Stripe allows 100 requests a second; each of these takes one to three seconds

_lock = threading.Lock()
_running: dict[UUID, Future[None]] = {}
_charging: dict[UUID, datetime] = {}
_executor: ThreadPoolExecutor | None = None


def _pool() -> ThreadPoolExecutor:
    global _executor  # noqa: PLW0603  # made on first use: a forked server must not inherit threads
    if _executor is None:
        _executor = ThreadPoolExecutor(max_workers=SIZE, thread_name_prefix="stripe")
    return _executor


def start_preparing(payment: Payment) -> None:
    """Make the PaymentIntent in the background, under the identity of the attempt."""
    _start(payment.attempt, stripe_side.prepare, payment)


def start_charge(payment: Payment, turned_away: CardQuestion | None = None) -> None:
    """Charge in the background, after a preparation of the same attempt that is still running.

    `turned_away` is asked about the card's fingerprint before the bank is.
    """
    with _lock:
        preparing = _running.get(payment.attempt)
    if preparing is not None:
        payment.intent_id = None  # read again what the preparation commits
    with _lock:
        _charging[payment.attempt] = timezone.now()
    charge = partial(stripe_side.send_charge, turned_away=turned_away) if turned_away else stripe_side.send_charge
    _start(payment.attempt, charge, payment, after=preparing)


def start_closing(payment: Payment) -> None:
    """Cancel the PaymentIntent of a payment that ended uncharged."""
    _start(payment.id, stripe_side.close, payment)


def running_since(attempt: UUID) -> datetime | None:
    """When this very process began to charge this attempt, while it is at it; None says nothing."""
    with _lock:
        return _charging.get(attempt)


def wait_until_idle(timeout: float = 30.0) -> None:
    """Wait for all that was started; before a process stops, and between tests."""
    while True:
        with _lock:
            futures = list(_running.values())
        if not futures:
            return
        for future in futures:
            future.exception(timeout=timeout)


def shut_down() -> None:
    """Finish what is running, take nothing new."""
    global _executor  # see _pool
    executor, _executor = _executor, None
    if executor is not None:
        executor.shutdown(wait=True)


def _start(key: UUID, work: Callable[[Payment], None], payment: Payment, after: Future[None] | None = None) -> None:
    future: Future[None] = Future()
    with _lock:
        _running[key] = future
    _pool().submit(carried(_run), key, future, work, payment, after)


def _run(
    key: UUID, future: Future[None], work: Callable[[Payment], None], payment: Payment, after: Future[None] | None
) -> None:
    try:
        if after is not None:
            after.exception(timeout=20)
        close_old_connections()
        with About(call=payment.call_sid, payment=str(payment.pk)):
            try:
                work(payment)
            except Exception:
                # The row is still owed: its lease lapses and a worker does it again with the same key.
                logger.exception("payment %s: what was begun for it stopped", payment.pk)
    finally:
        close_old_connections()
        with _lock:
            if work is not stripe_side.prepare:
                _charging.pop(key, None)
            if _running.get(key) is future:
                del _running[key]
        future.set_result(None)
