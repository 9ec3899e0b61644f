"""One caller of the demo's month: hears what the conversation says, and answers it through the calls' own verbs."""

from __future__ import annotations

import random
import secrets
from typing import TYPE_CHECKING, Literal, Protocol

from phonepay.standins.twilio.cards import Card
from phonepay.standins.twilio.connector import Connector

if TYPE_CHECKING:
    from datetime import datetime

    from phonepay.calls.turns import Answer
    from phonepay.ivr.replies import Pay, Reply

Wish = Literal[
    "pays", "declined, then pays", "declined", "leaves at the number", "leaves at the amount", "leaves at the card",
    "wrong number", "person", "silent",
]  # fmt: skip

GOOD = ("4242424242424242", "4242424242424242", "5555555555554444", "378282246310005", "6011111111111117")
DECLINED = ("4000000000000002", "4000000000009995")
_BRANDS = {"4": "visa", "5": "mastercard", "3": "amex", "6": "discover"}
_MOST_TURNS = 20
_PERSON_ANSWERS = 0.8
_ALLOWS_LATER_CHARGES = 0.55
_KEYS_A_SECOND = 2.0


class Clock(Protocol):
    def now(self) -> datetime: ...
    def advance(self, seconds: float) -> None: ...


class DemoCaller:
    """Calls `line`, one after the other. Cards are made into tokens as Twilio's connector does it."""

    def __init__(self, clock: Clock, stripe: str, key: str, line: str, rng: random.Random) -> None:
        self._clock, self._line, self._rng = clock, line, rng
        self._connector = Connector(stripe_url=stripe, secret_key=key)

    def call(self, phone: str, number: str, wish: Wish, *, card: str = "") -> bool:
        """One whole call about an order, with this card or any; whether it was paid."""
        from phonepay.calls import ending, opening
        from phonepay.payments import pool

        sid = "CA" + secrets.token_hex(16)
        began = self._clock.now()
        answer = opening.handle_incoming(sid=sid, called=self._line, calling=phone, now=began)
        talk = _Talk(self._clock, self._connector, self._rng, sid, number, wish, card)
        talk.go_on(answer)
        seconds = int((self._clock.now() - began).total_seconds())
        ending.call_ended(sid=sid, status="completed", seconds=seconds, now=self._clock.now())
        pool.wait_until_idle()
        return talk.paid

    def let_the_worker_work(self) -> None:
        """What the worker would have done by now: PaymentIntents of calls that broke off are cancelled, and so on."""
        from datetime import timedelta

        from phonepay.calls.due import run_due as calls_due
        from phonepay.payments.due import run_due as payments_due

        self._clock.advance(20 * 60)
        while payments_due(self._clock.now()) + calls_due(self._clock.now()):
            self._clock.advance(timedelta(minutes=1).total_seconds())


class _Talk:
    """One conversation, until its end or until this caller leaves it."""

    def __init__(
        self, clock: Clock, connector: Connector, rng: random.Random, sid: str, number: str, wish: Wish, card: str
    ) -> None:
        self._clock, self._connector, self._rng = clock, connector, rng
        self._sid, self._number, self._wish = sid, number, wish
        self._card, self._cards = card, 0
        self.paid = False

    def go_on(self, answer: Answer) -> None:
        from phonepay.ivr import replies

        for _ in range(_MOST_TURNS):
            reply = answer.reply
            self._listen(reply)
            heard = {speech.key for speech in replies.spoken(reply)}
            self.paid = self.paid or "outcome.paid" in heard
            if isinstance(reply, replies.Hangup):
                return
            following = self._answer(answer, heard)
            if following is None:
                return
            answer = following

    def _listen(self, reply: Reply) -> None:
        from phonepay.ivr import replies
        from phonepay.lib.speech.length import seconds

        self._clock.advance(sum(seconds(speech.text) for speech in replies.spoken(reply)))

    def _answer(self, answer: Answer, heard: set[str]) -> Answer | None:
        from phonepay.calls import card, ending
        from phonepay.ivr import replies
        from phonepay.payments import pool

        match answer.reply:
            case replies.Pay() as pay:
                return self._pay(answer, pay)
            case replies.Wait(said=said):
                pool.wait_until_idle()
                self._clock.advance(2.0)
                assert answer.attempt is not None  # noqa: S101 - a wait is for a card
                return card.waiting(sid=self._sid, attempt=answer.attempt, said=said, now=self._clock.now())
            case replies.Dial():
                self._clock.advance(self._rng.randint(8, 20))
                answered = self._rng.random() < _PERSON_ANSWERS
                if answered:
                    self._clock.advance(self._rng.randint(40, 180))
                return ending.person_ended(sid=self._sid, turn=answer.turn, answered=answered, now=self._clock.now())
            case replies.Gather() as gather:
                return self._key(answer, heard, silent_ends=gather.then_hang_up)
        return None

    def _key(self, answer: Answer, heard: set[str], *, silent_ends: bool) -> Answer | None:
        from phonepay.calls.turns import handle_input

        keys = self._keys(heard)
        if keys is None or (not keys and silent_ends):
            self._clock.advance(self._rng.uniform(1.0, 4.0))
            return None
        self._clock.advance(len(keys) / _KEYS_A_SECOND + self._rng.uniform(2.0, 4.0))
        return handle_input(sid=self._sid, turn=answer.turn, keys=keys, now=self._clock.now())

    def _keys(self, heard: set[str]) -> str | None:
        """What this caller presses; "" stays silent, None hangs up."""
        if self._wish == "silent":
            return ""
        if self._wish == "person":
            return "0"
        if any(key.startswith("outcome.") for key in heard):
            return ""
        if heard & {"order.ask", "order.refused", "order.refused.long"}:
            return self._number_keys()
        if any(key.startswith(("order.confirm", "fixed.confirm", "amount.confirm")) for key in heard):
            return None if self._wish == "leaves at the amount" else "1"
        if "amount.ask" in heard:
            return f"{self._rng.randrange(20, 180)}#"
        if "consent.ask" in heard:
            return "1" if self._rng.random() < _ALLOWS_LATER_CHARGES else "2"
        if heard & {"decline.other_card", "decline.same_card", "card.unread", "card.stopped"}:
            return "1" if self._wish == "declined, then pays" else "2"
        if any(key.startswith("order.") for key in heard):
            return None  # paid already, cancelled: there is nothing to do
        return "1"

    def _number_keys(self) -> str | None:
        if self._wish == "leaves at the number":
            return None
        if self._wish == "wrong number":
            self._wish = "leaves at the amount"
            return f"{self._rng.randrange(10, 99)}#"
        return f"{self._number}#"

    def _pay(self, answer: Answer, pay: Pay) -> Answer | None:
        from phonepay.calls import card

        self._clock.advance(self._rng.uniform(6.0, 16.0))
        assert answer.attempt is not None  # noqa: S101 - <Pay> is for an attempt
        if self._wish == "leaves at the card":
            result = card.PayResult(result="caller-hung-up")
            card.pay_finished(sid=self._sid, attempt=answer.attempt, result=result, now=self._clock.now())
            return None
        declined = self._wish == "declined" or (self._wish == "declined, then pays" and self._cards == 0)
        self._cards += 1
        number = self._card or self._rng.choice(DECLINED if declined else GOOD)
        year = self._clock.now().year % 100 + 3
        code = "1234" if number.startswith("3") else "123"
        keyed = Card(number=number, expiry=f"08{year}", code=code, postal_code="20001")
        token = self._connector.tokenize(keyed, "payment-method", keyed.postal_code).token
        self._clock.advance(self._rng.uniform(14.0, 24.0))
        result = card.PayResult(result="success", token=token, brand=_BRANDS[number[0]], last4=number[-4:])
        return card.pay_finished(sid=self._sid, attempt=answer.attempt, result=result, now=self._clock.now())
