"""The cast: a shop with a line, three people who call it, its owner, and Stripe's stand-in as the far end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import uuid4

import stripe
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from phonepay.events.actors import caller
from phonepay.merchant.models import Line, Merchant
from phonepay.orders.models import Order
from phonepay.orders.operations import add_order
from phonepay.payments import refunds, stripe_events, stripe_side
from phonepay.payments.agreement import Agreement, Consent, agree
from phonepay.payments.due import run_due
from phonepay.payments.gateway import EventFacts
from phonepay.payments.ledger import balance
from phonepay.payments.models import LedgerEntry, Payment, Refund, StripeEvent
from phonepay.payments.operations import Card, Charge, charge
from phonepay.payments.overage import charge_overage
from phonepay.payments.stripe_gateway import API_VERSION
from phonepay.people.permissions import Person
from phonepay.standins.stripe import StripeStandIn

MARY, LUIS, AYSE = "+12025550101", "+34600000102", "+12025550103"  # they call
OLIVIA = Person("person", "1", "Olivia Owner", role="owner")
AISHA = Person("person", "3", "Aisha Auditor", role="auditor")
GOOD, DECLINED, NO_FUNDS = "4242424242424242", "4000000000000002", "4000000000009995"
REFUND_FAILS_LATER, REFUND_PENDING = "4000000000005126", "4000000000007726"
NEEDS_ACTION = "4000002500003155"
CAP = 10_000
AT_ONCE = timedelta(0)


def make_shop(**facts: Any) -> Merchant:
    return Merchant.objects.create(**({"name": "Corner Books", "order_prefix": "INV-"} | facts))


def make_line(shop: Merchant, **facts: Any) -> Line:
    """42.50 unless the order says otherwise; behavior 1."""
    standard = {"phone_number": "+12025550199", "floor": 100, "ceiling": 50_000, "fixed_amount": 4250}
    return Line.objects.create(merchant=shop, **(standard | facts))


def consent(cap: int = CAP, days: int = 30) -> Consent:
    until = timezone.now() + timedelta(days=days)
    return Consent("May we charge this card again?", "en-US", "1", cap, until)


@dataclass
class Till:
    """One shop at work, on a Stripe account of its own. Times are now unless a test says otherwise.

    `url` is of a stand-in in another process: then only `client` can look into it.
    """

    standin: StripeStandIn | None
    key: str
    shop: Merchant = field(default_factory=make_shop)
    url: str = ""

    @cached_property
    def line(self) -> Line:
        return self.shop.lines.first() or make_line(self.shop)

    @cached_property
    def account(self) -> Any:
        return self.standin.account(self.key)

    @cached_property
    def client(self) -> Any:
        """Stripe as somebody else sees it: Twilio's connector, the dashboard."""
        transport = stripe.RequestsClient()
        addresses: Any = {"api": self.url or self.standin.url}
        client = stripe.StripeClient(
            self.key, stripe_version=API_VERSION, base_addresses=addresses, http_client=transport
        )
        return client.v1

    @property
    def faults(self) -> Any:
        return self.standin.faults

    # --- what people do --------------------------------------------------------------------------------------------

    def order(self, number: str = "1234", amount: int = 4250, currency: str = "usd") -> Order:
        now = timezone.now()
        return add_order(merchant=self.shop, number=number, amount=amount, currency=currency, by=OLIVIA, now=now)

    def card(self, number: str = GOOD) -> Card:
        """What `<Pay>` brings: a fresh `pm_…` of the connector's account."""
        details = {"number": number, "exp_month": 12, "exp_year": timezone.now().year + 2, "cvc": "123"}
        method = self.client.payment_methods.create({"type": "card", "card": details})
        return Card(method.id, "visa", number[-4:])

    def agree(
        self, order: Order | None = None, *, phone: str = MARY, now: datetime | None = None, **facts: Any
    ) -> Payment:
        """The caller pressed 1: for an order, for `keys` that no order has, or for neither."""
        if order is not None:
            facts = {"order_id": order.pk, "number": order.number, "amount": order.amount} | facts
        agreed = {"amount": 4250, "currency": "usd", "behavior": "fixed-with-order", "call_sid": f"CA{uuid4().hex}"}
        agreed |= {"number": facts.get("keys", "")} | facts
        with transaction.atomic():
            return agree(agreement=Agreement(line=self.line, phone=phone, **agreed), now=now or timezone.now())

    def claim(self, payment: Payment, card: Card | None = None, now: datetime | None = None) -> Charge:
        """The card came: claimed and committed, not yet sent."""
        return charge(
            payment=payment,
            attempt=payment.attempt,
            card=card or self.card(),
            by=caller(payment.phone),
            now=now or timezone.now(),
        )

    def charge(self, payment: Payment, number: str = GOOD) -> Payment:
        """The card came and is charged, as the pool does it."""
        if self.claim(payment, self.card(number)) is Charge.STARTED:
            stripe_side.send_charge(payment)
        return fresh(payment)

    def pay(self, order: Order | None = None, *, number: str = GOOD, **facts: Any) -> Payment:
        payment = self.agree(order, **facts)
        stripe_side.prepare(payment)
        return self.charge(payment, number)

    def refund(self, of: Order | Payment, amount: int | None = None, key: str = "") -> list[Refund]:
        key = key or uuid4().hex
        now = timezone.now()
        return refunds.refund(of=of, amount=amount, reason="requested_by_customer", key=key, by=OLIVIA, now=now)

    def overage(self, order: Order, amount: int = 1000, key: str = "") -> Payment:
        key, now = key or uuid4().hex, timezone.now()
        order.refresh_from_db()
        return charge_overage(order=order, amount=amount, what_for="Broken cup", key=key, by=OLIVIA, now=now)

    def hear(self, kind: str, object_id: str, metadata: dict[str, str] | None = None) -> StripeEvent:
        """Stripe's webhook: verified, stored; the sweeper handles it."""
        ours = {"installation": str(self.shop.installation)} if metadata is None else metadata
        identity, now = f"evt_{uuid4().hex}", timezone.now()
        livemode = self.key.startswith("sk_live_")
        facts = EventFacts(identity, kind, int(now.timestamp()), livemode, object_id, ours)
        stripe_events.store(event=facts, now=now)
        return StripeEvent.objects.get(pk=identity)

    def hear_and_handle(self, kind: str, object_id: str, metadata: dict[str, str] | None = None) -> StripeEvent:
        event = self.hear(kind, object_id, metadata)
        stripe_events.handle(event, now=timezone.now())
        event.refresh_from_db()
        return event

    # --- what is true -----------------------------------------------------------------------------------------------

    def intent(self, payment: Payment) -> dict[str, Any]:
        """The PaymentIntent as Stripe has it."""
        return next(each for each in self.account.payment_intents if each["id"] == payment.intent_id)

    @property
    def at_stripe(self) -> int:
        """Minor units that Stripe moved to the shop and did not move back."""
        captured = sum(each["amount_captured"] for each in self.account.charges if each["status"] == "succeeded")
        gone = sum(each["amount"] for each in self.account.refunds if each["status"] == "succeeded")
        return captured - gone

    @property
    def in_ledger(self) -> int:
        """Before fees."""
        entries = LedgerEntry.objects.filter(merchant=self.shop).exclude(kind="fee")
        return sum(entries.values_list("amount", flat=True))

    def confirms_of(self, payment: Payment) -> int:
        """How often it was sent, whatever came of it."""
        path = f"/v1/payment_intents/{fresh(payment).intent_id}/confirm"
        return sum((each.method, each.path) == ("POST", path) for each in self.standin.requests)

    def balance(self, order: Order) -> int:
        return balance(order, livemode=False)


def fresh(payment: Payment) -> Payment:
    rows = Payment.objects.select_related("merchant", "line", "order", "parent")
    return rows.get(pk=payment.pk)


def sweep(after: timedelta = AT_ONCE) -> int:
    """The worker looks once, when so much time has passed."""
    with time_machine.travel(timezone.now() + after):
        return run_due(timezone.now())


def sweep_until_done(horizon: timedelta = timedelta(hours=30)) -> None:
    """Turn the clock from one thing that is owed to the next, until nothing is or the horizon is reached."""
    now = timezone.now()
    end = now + horizon
    while (due := next_due()) is not None and due <= end:
        now = max(now, due) + timedelta(seconds=1)
        with time_machine.travel(now):
            run_due(now)


def next_due() -> datetime | None:
    times = []
    for rows in (Payment.objects, Refund.objects, StripeEvent.objects.filter(ours=True)):
        for due_at, lease_until in rows.exclude(due_at=None).values_list("due_at", "lease_until"):
            times.append(max(due_at, lease_until or due_at))
    return min(times, default=None)


def together(*works: Callable[[], Any]) -> list[Any]:
    """Do them at the same moment, each in a thread with a connection of its own: results, or what was raised."""
    start = threading.Barrier(len(works), timeout=30)
    results: list[Any] = [None] * len(works)

    def run(number: int, work: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            start.wait()
            results[number] = work()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
    return results


class InBackground:
    """One piece of work in a thread, for tests that hold its request at the far end meanwhile."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._work = work
        self.error: Exception | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._work()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            self.error = error
        finally:
            connection.close()

    def finish(self) -> None:
        self._thread.join(timeout=30)
        assert not self._thread.is_alive()
        if self.error is not None:
            raise self.error
