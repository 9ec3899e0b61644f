"""What became of the payment, told and told again; and a person's transfer."""

from phonepay.ivr import patience
from phonepay.ivr.endings import Ending
from phonepay.ivr.events import Event, Keyed, PersonEnded, Settled
from phonepay.ivr.facts import receipt_to
from phonepay.ivr.steps.questions import UnexpectedEvent
from phonepay.ivr.turn import Step, Turn


class Outcome:
    """Paid, or being checked. The call may end here without another request."""

    name = "outcome"

    def tell(self, turn: Turn, settled: Settled) -> Step:
        """Keep what was told, and tell it."""
        money = "paid" if settled.kind == "paid" else "checking"
        turn.update(
            money=money,
            agreed=False,
            confirmation=settled.confirmation,
            amount=settled.amount or turn.state.amount,
        )
        return self.ask(turn)

    def ask(self, turn: Turn) -> Step:
        """The outcome and, while it may be heard again, how; after the last time the call ends."""
        told = _told(turn)
        if turn.state.repeats >= turn.script.outcome_repeats:
            return turn.hang_up(_ending(turn), *told, "goodbye")
        step = turn.choice(self.name, *told, "outcome.repeat", timeout=turn.script.outcome_seconds, then_hang_up=True)
        return Step(step.state, step.reply, step.query, step.effects, step.keyed, _ending(turn))

    def hear(self, turn: Turn, event: Event) -> Step | None:
        """0 is a person. Any other key cut the outcome short, so it is told again, as 9 asks."""
        if not isinstance(event, Keyed):
            raise UnexpectedEvent(self.name, event)
        turn.update(keyed=event.keys if len(event.keys) <= 1 else "x" * len(event.keys))
        if not event.keys:
            return turn.hang_up(_ending(turn))
        turn.update(repeats=turn.state.repeats + 1)
        return patience.person(turn, self) if event.keys == "0" else self.ask(turn)


class Transfer:
    """A person's telephone rings; keys pressed meanwhile mean nothing."""

    name = "transfer"

    def hear(self, turn: Turn, event: Event) -> Step | None:
        """Afterwards the call ends: at once, or with the state of the money where nobody answered."""
        if not isinstance(event, PersonEnded):
            raise UnexpectedEvent(self.name, event)
        if event.answered:
            return turn.hang_up(Ending.PERSON)
        money = turn.state.money
        return turn.hang_up(
            Ending.PERSON_UNANSWERED, "person.unanswered" if money == "none" else f"person.unanswered.{money}"
        )


def _told(turn: Turn) -> tuple[str, ...]:
    script = turn.script
    if turn.state.money == "checking":
        return ("outcome.checking", "checking.order" if script.behavior.asks_order_number else "checking.reference")
    statement = ("outcome.statement",) if script.says_statement and script.descriptor else ()
    receipt = ("outcome.receipt",) if receipt_to(script, turn.state) else ()
    return ("outcome.paid", *statement, *receipt)


def _ending(turn: Turn) -> Ending:
    return Ending.PAID if turn.state.money == "paid" else Ending.CHECKING
