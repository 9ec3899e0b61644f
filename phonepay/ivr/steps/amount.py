"""The amount: asked where it is the caller's, and looked for among the payments just made from the same phone."""

from phonepay.ivr import patience, runs
from phonepay.ivr.endings import Ending
from phonepay.ivr.events import Event, FindRepeat, RepeatFound
from phonepay.ivr.keypad import read_amount
from phonepay.ivr.script import Script
from phonepay.ivr.steps.questions import Entry, UnexpectedEvent
from phonepay.ivr.turn import Step, Turn
from phonepay.lib.money import currency


class Amount(Entry):
    """Settled once an amount between the line's floor and ceiling was keyed."""

    name = "amount"

    def applies(self, turn: Turn) -> bool:
        """Unless the order or the line has its own."""
        return not turn.state.amount

    def prompts(self, turn: Turn) -> tuple[str, ...]:
        """The question shows how an amount of this currency is keyed on this line."""
        if not currency(turn.script.currency).shown_decimals:
            return ("amount.ask.whole",)
        return ("amount.ask.cents",) if counts_in_minor(turn.script) else ("amount.ask",)

    def entered(self, turn: Turn, keys: str) -> Step | None:
        """Read it and hold it to the line's limits."""
        if len(keys) >= runs.MASKED_FROM:
            turn.update(keyed=runs.masked(keys))
        read = read_amount(keys, turn.script.currency, minor=counts_in_minor(turn.script))
        if read is None:
            return patience.refused(turn, self, "amount.unclear")
        if read.amount < turn.script.floor:
            return patience.refused(turn, self, "amount.low")
        if read.amount > turn.script.ceiling:
            return patience.refused(turn, self, "amount.high")
        patience.settled(turn)
        turn.update(amount=read.amount, starred=read.starred, run_entry=turn.state.run_entry or "amount")
        return None


class Repeat:
    """Has this phone just paid this amount? Asked of the driver where no order number tells two payments apart."""

    name = "repeat"

    def applies(self, turn: Turn) -> bool:
        """Once for each amount."""
        return not turn.script.behavior.asks_order_number and turn.state.repeat is None

    def ask(self, turn: Turn) -> Step:
        """A query, not a question: the caller hears nothing of it."""
        return turn.look_up(self.name, FindRepeat(turn.state.amount))

    def hear(self, turn: Turn, event: Event) -> Step | None:
        """A payment that is being checked ends the call; one that was made changes the confirming question."""
        if not isinstance(event, RepeatFound):
            raise UnexpectedEvent(self.name, event)
        if event.kind == "checking":
            return turn.hang_up(Ending.ORDER_CHECKING, "repeat.checking")
        turn.update(repeat=event.kind, repeat_seconds=event.seconds_ago)
        return None


def counts_in_minor(script: Script) -> bool:
    """Whether amounts are keyed in the smallest unit."""
    return script.amounts_keyed == "minor"
