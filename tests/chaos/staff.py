"""The shop's people, at work while everything breaks: orders added, edited, cancelled, refunds, extra charges."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils import timezone

from phonepay.events.actors import Actor
from phonepay.merchant.models import Merchant
from phonepay.orders.models import Order
from phonepay.orders.operations import OrderRefused, add_order, cancel_order, edit_order, mark_paid_another_way
from phonepay.payments.gateway import GatewayError
from phonepay.payments.models import Payment
from phonepay.payments.overage import OverageRefused, charge_overage
from phonepay.payments.refunds import RefundRefused, refund
from phonepay.people.models import Role
from phonepay.people.permissions import Person

# What people are told in such an hour; anything else is a fault of ours.
FORESEEN = (OrderRefused, RefundRefused, OverageRefused, GatewayError, DatabaseError, InterfaceError)

NOT_CALLED_ABOUT = "500000"  # numbers from here on are of orders that no caller keys
MEDDLES = 0.2


class Staff:
    """`people` threads, each doing one thing after another until `stop`."""

    def __init__(self, rng: random.Random, people: int, pause: float) -> None:
        self.done: Counter[str] = Counter()
        self.astonished: list[str] = []
        self._rng, self._pause = rng, pause
        self._over, self._lock = threading.Event(), threading.Lock()
        self._threads = [
            threading.Thread(target=self._work, args=(f"Person {n + 1}", rng.random()), daemon=True)
            for n in range(people)
        ]
        self._shop = Merchant.objects.get()

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _work(self, name: str, seed: float) -> None:
        rng = random.Random(seed)
        by = Person("person", name, name, role=Role.OPERATOR)
        verbs: list[Callable[[random.Random, Actor], str]] = [
            self._refund, self._refund, self._charge, self._edit, self._cancel, self._mark_paid, self._add
        ]  # fmt: skip
        while not self._over.wait(self._pause * rng.random() * 2):
            verb = rng.choice(verbs)
            try:
                outcome = verb(rng, by)
            except FORESEEN as refused:
                outcome = f"{verb.__name__.strip('_')} refused"
                close_old_connections()
                del refused
            except Exception as error:  # noqa: BLE001 - the report tells of it, and the run fails
                self.astonished.append(f"{verb.__name__}: {type(error).__name__}: {error}")
                return
            with self._lock:
                self.done[outcome] += 1

    def _paid(self, rng: random.Random) -> Payment | None:
        paid = Payment.objects.filter(status=Payment.Status.SUCCEEDED, kind=Payment.Kind.INITIAL)
        rows = list(paid.select_related("order", "merchant", "line").order_by("-agreed_at")[:40])
        return rng.choice(rows) if rows else None

    def _refund(self, rng: random.Random, by: Actor) -> str:
        payment = self._paid(rng)
        if payment is None or payment.order is None:
            return "nothing to refund"
        of: Payment | Order = payment if rng.random() < 0.5 else payment.order
        amount = None if rng.random() < 0.4 else rng.randrange(1, max(2, payment.amount))
        key = f"{rng.random()}"
        for _ in range(rng.choice([1, 1, 2])):  # a double click, a held Enter
            refund(of=of, amount=amount, reason="requested_by_customer", key=key, by=by, now=timezone.now())
        return "refund"

    def _charge(self, rng: random.Random, by: Actor) -> str:
        payment = self._paid(rng)
        if payment is None or payment.order is None:
            return "nothing to charge"
        key, amount = f"{rng.random()}", rng.randrange(100, 3000)
        for _ in range(rng.choice([1, 1, 2])):
            charge_overage(order=payment.order, amount=amount, what_for="Extra", key=key, by=by, now=timezone.now())
        return "extra charge"

    def _order(self, rng: random.Random) -> Order:
        """Mostly one that nobody calls about: else there would soon be nothing left to pay."""
        rows = list(Order.objects.exclude(status=Order.Status.RESERVED).order_by("-pk")[:60])
        if rng.random() > MEDDLES:
            rows = [order for order in rows if order.number >= NOT_CALLED_ABOUT] or rows
        order: Order = rng.choice(rows)
        return order

    def _edit(self, rng: random.Random, by: Actor) -> str:
        edit_order(order=self._order(rng), amount=rng.randrange(100, 40_000), by=by, now=timezone.now())
        return "order edited"

    def _cancel(self, rng: random.Random, by: Actor) -> str:
        cancel_order(order=self._order(rng), by=by, now=timezone.now())
        return "order cancelled"

    def _mark_paid(self, rng: random.Random, by: Actor) -> str:
        mark_paid_another_way(order=self._order(rng), note="cash", by=by, now=timezone.now())
        return "order paid another way"

    def _add(self, rng: random.Random, by: Actor) -> str:
        number = str(int(NOT_CALLED_ABOUT) + rng.randrange(100_000))
        amount = rng.randrange(100, 40_000)
        add_order(merchant=self._shop, number=number, amount=amount, currency="usd", by=by, now=timezone.now())
        return "order added"
