"""A call told to the flow without a telephone: it answers the flow's queries from a small shop, and keeps what was heard."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from phonepay.ivr import flow
from phonepay.ivr.events import Effect, Event, FindOrder, FindRepeat, Keyed, OrderFound, RepeatFound, Started
from phonepay.ivr.replies import Pay, Reply, spoken
from phonepay.ivr.script import Behavior, Script
from phonepay.ivr.state import State

NOW = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
LATE = 20.0  # Seconds after which anybody has heard the question.

HARBOR_GARAGE = Script(
    shop="Harbor Garage",
    behavior=Behavior.named("fixed-with-order", 4250),
    currency="usd",
    floor=100,
    ceiling=50000,
    person_number="+14155550100",
    person_open=True,
    shop_phone="+15550142",
)


def line(behavior: str = "fixed-with-order", **facts: Any) -> Script:
    """Harbor Garage's line, with another behavior or other facts."""
    return replace(HARBOR_GARAGE, behavior=Behavior.named(behavior, 4250), **facts)


def alone(behavior: str = "fixed-with-order", **facts: Any) -> Script:
    """The same line without a person."""
    return line(behavior, person_number="", **facts)


def order(status: str, number: str = "1042", amount: int = 4250, **facts: Any) -> OrderFound:
    """What the shop knows of an order."""
    return OrderFound(status, number, amount, facts.get("paid_at"), facts.get("now", NOW), facts.get("order_id"))


SHOP = {"1042": order("payable", order_id=7)}


class Call:
    """One call. `heard` is the last reply's words, `said` the prompt keys of it."""

    def __init__(self, script: Script, orders: dict[str, OrderFound] | None = None, repeat: RepeatFound | None = None):
        self.script = script
        self.orders = SHOP if orders is None else orders
        self.repeat = repeat or RepeatFound("")
        self.state: State = flow.begin(script)
        self.effects: list[Effect] = []
        self.replies: list[Reply] = []
        self.queries: list[FindOrder | FindRepeat] = []
        self.keyed = ""
        self.ended = ""

    def start(self, *, letters: bool = False) -> str:
        return self.hear(Started(letters))

    def keys(self, keys: str, *, after: float = LATE) -> str:
        return self.hear(Keyed(keys, after))

    def silence(self) -> str:
        return self.keys("")

    def hear(self, event: Event) -> str:
        step = flow.advance(self.script, self.state, event)
        self.effects += step.effects
        while step.query:
            self.queries.append(step.query)
            step = flow.advance(self.script, step.state, self._answer(step.query))
            self.effects += step.effects
        assert step.reply is not None
        self.replies.append(step.reply)
        self.state, self.keyed, self.ended = step.state, step.keyed, step.ended
        return self.heard

    def _answer(self, query: FindOrder | FindRepeat) -> Event:
        if isinstance(query, FindRepeat):
            return self.repeat
        return self.orders.get(query.keys, order("unknown", query.keys, 0))

    @property
    def reply(self) -> Reply:
        return self.replies[-1]

    @property
    def heard(self) -> str:
        return " ".join(speech.text for speech in spoken(self.reply))

    @property
    def said(self) -> list[str]:
        return [speech.key for speech in spoken(self.reply)]

    @property
    def in_pay(self) -> dict[str, str]:
        """The words inside `<Pay>`, by prompt key."""
        assert isinstance(self.reply, Pay)
        return {prompt.speech.key: prompt.speech.text for prompt in self.reply.prompts}


def at_confirm(script: Script | None = None) -> Call:
    """A call that has just heard the confirming question of order 1042."""
    call = Call(script or alone())
    call.start()
    call.keys("1042")
    return call


def at_card(script: Script | None = None) -> Call:
    """A call inside its first `<Pay>`."""
    call = at_confirm(script)
    call.keys("1")
    assert isinstance(call.reply, Pay)
    return call
