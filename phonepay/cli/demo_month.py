"""A believable month of a small shop for the demo, made by the rooms' own verbs on a clock that is turned back.

Stripe's stand-in goes through the same days, so that every payment has its charge, fees and payouts there, and the
books agree. Nothing is written to a table directly: whoever reads this sees what a shop's month is made of.
"""

from __future__ import annotations

import contextlib
import random
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from phonepay.cli.demo_caller import DemoCaller, Wish
from phonepay.cli.demo_shop import NOTES, PEOPLE

if TYPE_CHECKING:
    from phonepay.orders.models import Order
    from phonepay.people.permissions import Person
    from phonepay.standins.stripe import StripeStandIn

ZONE = ZoneInfo("America/New_York")
_OPENS, _CLOSES = 8, 18
# Calls on a day from Monday to Sunday: at least, at most.
_CALLS = ((9, 15), (8, 13), (8, 12), (8, 13), (10, 16), (4, 8), (0, 2))
_WISHES: tuple[tuple[Wish, int], ...] = (
    ("pays", 64), ("declined, then pays", 6), ("declined", 4), ("leaves at the number", 5), ("leaves at the amount", 5),
    ("leaves at the card", 7), ("wrong number", 3), ("person", 4), ("silent", 2),
)  # fmt: skip
_NOT_ON_THE_LIST = 0.02  # of the calls
_LEFT_TO_CALL_ABOUT = 4
_PAYDAY = 4  # Friday
_TROUBLE_BACK = 4  # days ago: a bank took a payment back, and a refund did not arrive
_REFUND_FAILS = "4000000000005126"


@dataclass
class Account:
    """Somebody who can sign in to the demo's panel."""

    name: str
    email: str
    role: str
    password: str


class Month:
    """`days` of a shop, ending now. The same `seed` makes the same month, but for its random identities."""

    def __init__(self, stripe: StripeStandIn, key: str, number: str, *, days: int = 30, seed: int = 42) -> None:
        self._stripe, self._key, self._number, self._days = stripe, key, number, days
        self._rng = random.Random(seed)  # noqa: S311 - a story, not a secret
        self._clock = _Clock(stripe)
        self._caller = DemoCaller(self._clock, stripe.url, key, number, self._rng)
        self._next_number = 2001
        self._open: list[Order] = []

    def make(self, tell: Callable[[str], None]) -> list[Account]:
        """Play all the days, and `tell` how far it is; returns who can sign in. Nothing may serve the database yet."""
        from django.utils import timezone

        until = timezone.now()
        with self._clock.turned_back():
            self._clock.set(until - timedelta(days=self._days))
            accounts = self._people()
            for back in range(self._days, -1, -1):
                day = (until - timedelta(days=back)).astimezone(ZONE)
                self._day(day, until)
                if back == _TROUBLE_BACK:
                    self._trouble()
                tell(f"{self._days - back} of {self._days} days")
            self._clock.set(until)
        return accounts

    def _people(self) -> list[Account]:
        from phonepay.cli.finding import whoever_typed
        from phonepay.merchant.lines import set_line
        from phonepay.people.membership import add_person
        from phonepay.people.permissions import actor
        from phonepay.setup.sample_shop import LINE, NAME

        accounts, self._staff = [], {}
        for name, email, role in PEOPLE:
            user = add_person(email=email, name=name, role=role, by=whoever_typed(), now=self._clock.now())
            password = secrets.token_urlsafe(9)
            user.set_password(password)
            user.save(update_fields=["password"])
            self._staff[role] = actor(user)
            accounts.append(Account(name, email, role, password))
        place = {"name": NAME, "time_zone": ZONE.key, "region": "US", "person_number": "+12025550142"}
        facts = LINE | place
        set_line(merchant=None, phone_number=self._number, changes=facts, by=self._by("owner"), now=self._clock.now())
        return accounts

    @property
    def _customers(self) -> tuple[tuple[str, str], ...]:
        from phonepay.setup.sample_shop import CUSTOMERS

        return CUSTOMERS

    def _by(self, role: str) -> Person:
        return self._staff[role]

    def _day(self, day: datetime, until: datetime) -> None:
        """Orders in the morning, calls until the evening, what people do about them in between."""
        least, most = _CALLS[day.weekday()]
        moments = sorted(self._moment(day) for _ in range(self._rng.randint(least, most)))
        opening = datetime.combine(day.date(), time(7, 30), ZONE)
        if opening < until:
            self._clock.set(opening)
            self._add_orders(len(moments))
        for moment in moments:
            if moment < until - timedelta(minutes=4):
                self._clock.set(moment)
                self._call()
                self._perhaps_afterwards(until)
        evening = datetime.combine(day.date(), time(19), ZONE)
        if evening < until:
            self._clock.set(evening)
            self._close(day)

    def _moment(self, day: datetime) -> datetime:
        minutes = int(self._rng.triangular(0, (_CLOSES - _OPENS) * 60, 150))
        return datetime.combine(day.date(), time(_OPENS), ZONE) + timedelta(minutes=minutes)

    def _add_orders(self, calls: int) -> None:
        for _ in range(max(1, calls - self._rng.randint(1, 3))):
            self._open.append(self._add_order(*self._rng.choice(self._customers)))

    def _add_order(self, name: str, phone: str) -> Order:
        from phonepay.merchant.models import Merchant
        from phonepay.orders.operations import add_order
        from phonepay.setup.sample_shop import WORK

        work, low, high = self._rng.choice(WORK)
        amount = self._rng.randrange(low, high) * 100 + self._rng.choice((0, 0, 50, 95))
        self._next_number += 1
        return add_order(
            merchant=Merchant.objects.get(), number=str(self._next_number), amount=amount, currency="usd",
            by=self._by("operator"), now=self._clock.now(), customer_name=name, customer_phone=phone, note=work,
        )  # fmt: skip

    def _call(self) -> None:
        wish = self._rng.choices([wish for wish, _ in _WISHES], [weight for _, weight in _WISHES])[0]
        new = not self._open or self._rng.random() < _NOT_ON_THE_LIST
        if new:
            self._caller.call(_somebody(self._rng), str(8000 + self._rng.randrange(900)), wish)
            return
        order = self._open[self._rng.randrange(min(6, len(self._open)))]
        if self._caller.call(order.customer_phone, order.number, wish):
            self._open.remove(order)

    def _perhaps_afterwards(self, until: datetime) -> None:
        """Now and then somebody gives money back, charges extra, or puts an order right."""
        self._clock.advance(self._rng.randint(60, 240))
        if self._clock.now() < until:
            self._rng.choices([do for do, _ in _AFTERWARDS], [weight for _, weight in _AFTERWARDS])[0](self)

    def _mark_paid(self) -> None:
        from phonepay.orders.operations import mark_paid_another_way

        if order := self._spare():
            by, now = self._by("operator"), self._clock.now()
            mark_paid_another_way(order=order, note=self._rng.choice(NOTES), by=by, now=now)

    def _cancel(self) -> None:
        from phonepay.orders.operations import cancel_order

        if order := self._spare():
            cancel_order(order=order, by=self._by("operator"), now=self._clock.now())

    def _spare(self) -> Order | None:
        """One of the open orders, as long as enough are left to call about."""
        return self._open.pop(self._rng.randrange(len(self._open))) if len(self._open) >= _LEFT_TO_CALL_ABOUT else None

    def _paid_lately(self, **facts: Any) -> Any:
        from phonepay.payments.models import Payment

        since = self._clock.now() - timedelta(days=3)
        paid = Payment.objects.filter(status="succeeded", kind="initial", refunded=0, agreed_at__gt=since, **facts)
        return paid.select_related("order").order_by("?" if not facts else "-agreed_at").first()

    def _refund(self) -> None:
        from phonepay.payments.refunds import refund

        payment = self._paid_lately()
        if payment is None:
            return
        part = self._rng.choice((None, payment.amount // 4))
        reason = self._rng.choice(("requested_by_customer", "requested_by_customer", "wrong_amount", "duplicate"))
        by, now = self._by("operator"), self._clock.now()
        refund(of=payment, amount=part, reason=reason, key=secrets.token_hex(8), by=by, now=now)

    def _trouble(self) -> None:
        """What every shop meets now and then: a dispute, and a refund to a card that is closed."""
        from phonepay.payments.models import Payment
        from phonepay.payments.refunds import refund

        old = Payment.objects.filter(status="succeeded", refunded=0, card_last4="4242").order_by("agreed_at").first()
        if old is not None and old.charge_id:
            self._stripe.account(self._key).dispute(old.charge_id, reason="product_not_received")
        name, phone = self._customers[4]
        if self._caller.call(phone, self._add_order(name, phone).number, "pays", card=_REFUND_FAILS):
            paid = Payment.objects.filter(card_last4=_REFUND_FAILS[-4:]).latest("agreed_at")
            by, now = self._by("operator"), self._clock.now()
            refund(of=paid, amount=None, reason="requested_by_customer", key=secrets.token_hex(8), by=by, now=now)

    def _charge_extra(self) -> None:
        from phonepay.payments.overage import OverageRefused, charge_overage

        payment = self._paid_lately(consent_cap__gt=0)
        if payment is None or payment.order is None:
            return
        amount = self._rng.choice((800, 1200, 1800, 2450))
        by, now = self._by("operator"), self._clock.now()
        with contextlib.suppress(OverageRefused):
            charge_overage(
                order=payment.order,
                amount=amount,
                what_for="Two wiper blades",
                key=secrets.token_hex(8),
                by=by,
                now=now,
            )

    def _close(self, day: datetime) -> None:
        """The end of a day: the worker's round, and on Fridays Stripe's payout."""
        from phonepay.payments import pool

        pool.wait_until_idle()
        self._caller.let_the_worker_work()
        if day.weekday() == _PAYDAY:
            with contextlib.suppress(ValueError):  # nothing is available yet
                self._stripe.account(self._key).pay_out()


class _Clock:
    """The demo's own time while its month is made: ours and Stripe's, always the same."""

    def __init__(self, stripe: StripeStandIn) -> None:
        self._stripe = stripe
        self._now: datetime | None = None

    @contextlib.contextmanager
    def turned_back(self) -> Iterator[None]:
        """In this process alone, which serves nothing yet, Django's clock is this one until the month is made."""
        from django.utils import timezone

        real = timezone.now
        timezone.now = self.now
        try:
            yield
        finally:
            timezone.now = real

    def now(self) -> datetime:
        assert self._now is not None  # noqa: S101 - set before anything asks
        return self._now

    def set(self, moment: datetime) -> None:
        self._now = moment.astimezone(UTC)
        self._stripe.clock.set(int(self._now.timestamp()))

    def advance(self, seconds: float) -> None:
        self.set(self.now() + timedelta(seconds=seconds))


# What people do after a call, and how often of a hundred times.
_AFTERWARDS: tuple[tuple[Callable[[Month], None], int], ...] = (
    (lambda _: None, 88), (Month._refund, 5), (Month._charge_extra, 4), (Month._mark_paid, 2), (Month._cancel, 1),
)  # fmt: skip


def _somebody(rng: random.Random) -> str:
    return f"+1202555{rng.randrange(100, 200):04d}"
