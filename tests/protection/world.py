"""A shop with its line, its bank and its callers, on one clock that is turned from call to call.

The product's own verbs are driven, as the voice door drives them, over the test database; the far end is the Stripe
stand-in, asked without a socket between, so that thousands of calls take seconds.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import stripe

from phonepay.calls import card as calls_card
from phonepay.calls.card import PayResult
from phonepay.calls.ending import call_ended
from phonepay.calls.models import Call
from phonepay.calls.opening import handle_incoming
from phonepay.calls.turns import Answer, handle_input
from phonepay.ivr.replies import Dial, Gather, Hangup, Pay, Wait, spoken
from phonepay.merchant.models import Line, Merchant
from phonepay.orders.models import Order
from phonepay.payments import pool
from phonepay.payments.stripe_gateway import API_VERSION
from phonepay.protection import due as protection_due
from phonepay.standins.stripe import StripeStandIn
from phonepay.standins.stripe.desk import Request

LINE = "+12025550199"
GOOD = "4242424242424242"
NO_SERVICE = ""  # instead of a card: Twilio's connector to Stripe does not work


class NoSocket(stripe.HTTPClient):
    """Stripe's own package, answered by the stand-in's desk in this very process."""

    name = "desk"

    def __init__(self, standin: StripeStandIn) -> None:
        super().__init__()
        self.standin = standin

    def request(self, method: str, url: str, headers: Any, post_data: Any = None) -> Any:
        parts = urlsplit(url)
        sent = post_data.encode() if isinstance(post_data, str) else (post_data or parts.query.encode())
        lower = {name.lower(): value for name, value in (headers or {}).items()}
        answer = self.standin.desk.answer(Request(method.upper(), parts.path, sent, lower))
        return json.dumps(answer.body), answer.status, {"Request-Id": answer.request_id}

    def close(self) -> None:
        """Nothing is open."""


def luhn(digits: str) -> str:
    """The number with its check digit."""
    total = sum(int(d) if place % 2 else sum(divmod(int(d) * 2, 10)) for place, d in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def stolen(number: int) -> str:
    """One of a list of stolen cards, each another: all are declined."""
    return luhn(f"40009900{number:07d}")


@dataclass
class Visit:
    """One call: who, which number is keyed, which cards; and what became of it."""

    phone: str
    cards: list[str]
    order: str = ""
    amount: str = "42*50"
    wrong_first: str = ""  # an order number keyed by mistake first
    calls_again: timedelta | None = None  # after so long, where asked to
    second: Visit | None = None  # the call in which it did
    asked: int = 0  # cards that were asked for
    sent: int = 0  # cards that the bank was asked about
    end: str = ""
    words: list[str] = field(default_factory=list)

    @property
    def paid(self) -> bool:
        return "outcome.paid" in self.words

    @property
    def refused(self) -> bool:
        """The caller did nothing wrong in this call and was not let to a card."""
        return bool({"caller.refused", "caller.refused.help", "caller.again", "line.paused"} & set(self.words)) or (
            not self.asked and "order.refused.last" in self.words
        )

    @property
    def calls(self) -> list[Visit]:
        """This call, and the one that it led to."""
        return [self, self.second] if self.second else [self]

    def call_again(self) -> Visit:
        """The same once more."""
        self.second = Visit(self.phone, self.cards, self.order, self.amount, self.wrong_first)
        return self.second

    @property
    def to_a_person(self) -> bool:
        return "person.connecting" in self.words and not self.asked


@dataclass
class World:
    standin: StripeStandIn
    key: str
    clock: Any
    client: Any
    line: Line
    merchant: Merchant
    visits: list[Visit] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: count(1))

    @property
    def now(self) -> datetime:
        return self.clock.now

    def order(self, number: str, phone: str = "", amount: int = 4250) -> Order:
        facts = {"number": number, "keyed": number, "amount": amount, "currency": "usd", "customer_phone": phone}
        return Order.objects.create(merchant=self.merchant, created_at=self.now, updated_at=self.now, **facts)

    def call(self, visit: Visit) -> Visit:
        """The whole call, as its caller would."""
        sid = f"CA{next(self._numbers):032x}"
        cards = list(visit.cards)
        answer = handle_incoming(sid=sid, called=LINE, calling=visit.phone or "+266696687", now=self.now)
        for _ in range(40):
            reply = answer.reply
            said = [each.key for each in spoken(reply)]
            visit.words += said
            if isinstance(reply, Hangup | Dial):
                break
            if isinstance(reply, Pay):
                visit.asked += 1
                answer = self._card(sid, answer, cards.pop(0), visit)
                continue
            if isinstance(reply, Wait):
                pool.wait_until_idle()
                assert answer.attempt is not None
                answer = calls_card.waiting(sid=sid, attempt=answer.attempt, said=reply.said, now=self._later(2))
                continue
            assert isinstance(reply, Gather)
            keys = self._keys(said, visit, cards)
            if keys is None:
                break
            answer = handle_input(sid=sid, turn=answer.turn, keys=keys, now=self._later(9))
        call_ended(sid=sid, status="completed", seconds=60, now=self._later(5))
        pool.wait_until_idle()
        visit.end = Call.objects.values_list("ended", flat=True).get(sid=sid)
        self.visits.append(visit)
        return visit

    def _later(self, seconds: float) -> datetime:
        return self.clock.turn(seconds)

    def _keys(self, said: list[str], visit: Visit, cards: list[str]) -> str | None:
        question = said[-1]
        if "outcome.repeat" in said:
            return None
        if question.startswith(("order.ask", "order.refused")):
            if visit.wrong_first:
                wrong, visit.wrong_first = visit.wrong_first, ""
                return f"{wrong}#"
            return f"{visit.order}#"
        if question.startswith("amount.ask"):
            return f"{visit.amount}#"
        if question.startswith(("decline.", "card.")):
            return "1" if cards else None
        if question in {"order.paid", "order.refunded", "order.cancelled"}:
            return None
        return "1"

    def _card(self, sid: str, answer: Answer, number: str, visit: Visit) -> Answer:
        self._later(25)
        assert answer.attempt is not None
        if number == NO_SERVICE:
            result = PayResult("payment-connector-error", error_code="64002")
        else:
            details = {"number": number, "exp_month": 12, "exp_year": 2030, "cvc": "123"}
            method = self.client.payment_methods.create({"type": "card", "card": details})
            result = PayResult("success", method.id, "visa", number[-4:])
        before = self.charges
        answer = calls_card.pay_finished(sid=sid, attempt=answer.attempt, result=result, now=self.now)
        pool.wait_until_idle()
        visit.sent += self.charges - before
        return answer

    @property
    def charges(self) -> int:
        """How often a bank was asked."""
        return len(self.standin.account(self.key).charges)

    def play(self, visits: Iterable[tuple[datetime, Callable[[], Visit]]]) -> list[Visit]:
        """All calls in the order of their time; the worker looks in between."""
        numbers = count()
        waiting = [(at, next(numbers), make) for at, make in visits]
        heapq.heapify(waiting)
        done, looked = [], self.now
        while waiting:
            at, _, make = heapq.heappop(waiting)
            if at > self.now:
                self.clock.turn((at - self.now).total_seconds())
            if self.now - looked > timedelta(minutes=1):
                protection_due.run_due(self.now)
                looked = self.now
            visit = self.call(make())
            done.append(visit)
            if visit.calls_again and "caller.again" in visit.words:
                heapq.heappush(waiting, (self.now + visit.calls_again, next(numbers), visit.call_again))
        return done


def made(key: str, standin: StripeStandIn, clock: Any, **facts: Any) -> World:
    merchant = Merchant.objects.create(name="Harbor Garage", shop_phone="+15550142")
    usual = {"fixed_amount": 4250, "floor": 50, "ceiling": 50000, "behavior": "fixed-with-order", "phone_number": LINE}
    line = Line.objects.create(merchant=merchant, **(usual | facts))
    client = stripe.StripeClient(key, stripe_version=API_VERSION, http_client=NoSocket(standin)).v1
    return World(standin, key, clock, client, line, merchant)
