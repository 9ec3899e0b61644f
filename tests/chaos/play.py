"""One run: the calls, the people and the trouble together, and then the quiet in which everything has to settle."""

from __future__ import annotations

import argparse
import contextlib
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils import timezone

from phonepay.events.actors import SYSTEM
from phonepay.merchant.models import Merchant
from phonepay.orders.operations import add_order
from phonepay.payments.models import Payment, Refund, StripeEvent
from tests.chaos import truth
from tests.chaos.callers import Callers, planned
from tests.chaos.staff import Staff
from tests.chaos.stage import Stage
from tests.chaos.trouble import Trouble

CALL_SECONDS = 300
_pause = threading.Event().wait


class Play:
    """`run`, then `settle`, then `report`."""

    def __init__(self, stage: Stage, options: argparse.Namespace, rng: random.Random) -> None:
        self._stage = stage
        self._account = stage.stripe.account(stage.key)
        telephones = stage.telephones(options.share)
        numbers = _orders(rng, max(8, options.calls // 2))
        self._callers = Callers(
            telephones, planned(rng, options.calls, numbers, options.seconds), options.share, options.at_once
        )
        self._staff = Staff(rng, options.people, pause=0.5)
        self._trouble = Trouble(stage, telephones, rng, options.every)

    def run(self) -> None:
        """All calls, with everything breaking meanwhile."""
        threads = self._callers.run()
        self._staff.start()
        self._trouble.start()
        until = time.monotonic() + CALL_SECONDS + max(plan.starts_after for plan in self._callers.plans)
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
        self._staff.stop()
        self._trouble.stop()

    def settle(self, seconds: float) -> list[str]:
        """Let everything come to its end, compare with Stripe, and say what is not true."""
        until = time.monotonic() + seconds
        self._stage.stripe.webhooks.wait_until_idle(30)
        while time.monotonic() < until:
            close_old_connections()
            # The pool of connections tries again ever less often while the database is away.
            with contextlib.suppress(DatabaseError, InterfaceError):
                _time_passes()
                if not truth.unsettled() and not _events_waiting():
                    break
            _pause(1.0)
        books = subprocess.run(
            [sys.executable, "-m", "phonepay", "books", "--now"],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        wrong = [] if books.returncode == 0 else [f"phonepay books: {books.stdout}{books.stderr}".rstrip()]
        wrong += truth.broken(self._account, self._callers.made)
        wrong += [f"{program.name} does not run" for program in self._stage.programs if not program.runs]
        wrong += [f"in {program.name}: {line}" for program in self._stage.programs for line in program.complaints()]
        wrong += [f"a person of the shop met {error}" for error in self._staff.astonished]
        return wrong + [f"a caller met {made.error}" for made in self._callers.made if made.error]

    def report(self) -> str:
        """What was done to it, and what became of it."""
        stage = self._stage
        kills = sum(program.kills for program in stage.programs)
        parts = [
            ("broken", self._trouble.done + Counter({"kills in all": kills})),
            ("webhooks", stage.webhooks.done),
            ("calls ended by", self._callers.done),
            ("people", self._staff.done),
            ("became", Counter(truth.summary())),
        ]
        return "\n".join(
            f"  {title}: " + ", ".join(f"{n} {what}" for what, n in counts.items()) for title, counts in parts
        )


def _orders(rng: random.Random, count: int) -> list[str]:
    """Orders to call about; a third of the numbers are on no list."""
    shop, numbers = Merchant.objects.get(), []
    for place in range(count):
        number = str(100_000 + place)
        numbers.append(number)
        if place % 3:
            amount = rng.randrange(100, 40_000)
            add_order(merchant=shop, number=number, amount=amount, currency="usd", by=SYSTEM, now=timezone.now())
    return numbers


def _time_passes() -> None:
    """What is owed later is owed now, but for what somebody is at work on; nobody waits fifteen minutes here."""
    now = timezone.now()
    for model in (Payment, Refund, StripeEvent):
        rows = model.objects.filter(due_at__gt=now, due_at__lt=now + timedelta(days=1), lease_until=None)
        rows.update(due_at=now)


def _events_waiting() -> bool:
    return StripeEvent.objects.filter(ours=True, handled_at=None, due_at__isnull=False).exists()
