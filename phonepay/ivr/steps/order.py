"""The order number: asked where the line asks for it, looked up by the driver."""

from zoneinfo import ZoneInfo

from phonepay.ivr import patience, runs
from phonepay.ivr.endings import Ending
from phonepay.ivr.events import Event, FindOrder, OrderFound
from phonepay.ivr.steps.questions import Choice, Entry
from phonepay.ivr.turn import Step, Turn
from phonepay.lib.speech import say_when

LONGEST = 12  # Keys.


class OrderNumber(Entry):
    """Settled once a number is known to be payable, or new on a line that takes new ones."""

    name = "order"

    def applies(self, turn: Turn) -> bool:
        """On lines that ask for it, until there is one."""
        return turn.script.behavior.asks_order_number and not turn.state.order_number

    def prompts(self, turn: Turn) -> tuple[str, ...]:
        """How letters are keyed is said only where there are some to key."""
        return ("order.ask", "order.letters") if turn.state.letters else ("order.ask",)

    def hear(self, turn: Turn, event: Event) -> Step | None:
        """Keys, silence, or what the driver found."""
        if isinstance(event, OrderFound):
            return self._found(turn, event)
        return super().hear(turn, event)

    def entered(self, turn: Turn, keys: str) -> Step | None:
        """Star has no meaning in a number."""
        if "*" in keys or len(keys) > LONGEST:
            if len(keys) >= runs.MASKED_FROM:
                turn.update(keyed=runs.masked(keys))
            return patience.refused(turn, self, "order.unclear")
        turn.update(order_keys=keys)
        return turn.look_up(self.name, FindOrder(keys))

    def _found(self, turn: Turn, found: OrderFound) -> Step | None:
        if found.status == "unknown":
            return self._unknown(turn, found.number)
        turn.update(order_number=found.number, order_id=found.order_id, order_known=True)
        if found.status == "busy":
            return turn.hang_up(Ending.ORDER_BUSY, "order.busy")
        if found.status == "checking":
            return turn.hang_up(Ending.ORDER_CHECKING, "order.checking")
        patience.settled(turn)
        if found.status == "payable":
            turn.update(amount=found.amount, currency=found.currency, run_entry="order")
            return None
        return NothingDue().tell(turn, found)

    def _unknown(self, turn: Turn, number: str) -> Step | None:
        keys = turn.state.order_keys
        if len(keys) >= runs.MASKED_FROM:
            turn.update(keyed=runs.masked(keys))
        if turn.state.run >= runs.MASKED_FROM and turn.state.run > len(keys):
            # Begun before the question was heard, and no number of ours: the rest of a longer run.
            runs.forget_order(turn)
            return runs.too_soon(turn, self)
        if not turn.script.accepts_unknown_orders:
            return self._refused(turn, number)
        patience.settled(turn)
        turn.update(order_number=number or keys, run_entry="order")
        runs.forget_amount(turn)
        if not turn.state.amount:
            turn.say("order.new")  # Heard back with the question for the amount; both are confirmed together.
        return None

    def _refused(self, turn: Turn, number: str) -> Step:
        keys = turn.state.order_keys
        turn.update(unknown_numbers=turn.state.unknown_numbers + 1, order_number=number or keys)
        if turn.state.unknown_numbers >= turn.script.unknown_tries:
            runs.forget_order(turn)
            return turn.hang_up(Ending.REFUSED_NUMBER, "order.refused.last")
        # A long number may be half a card number: it is not said back, for replies are kept.
        turn.say("order.refused" if len(keys) < runs.MASKED_FROM else "order.refused.long")
        runs.forget_order(turn)
        return turn.entry(self.name)


class NothingDue(Choice):
    """The order is paid, refunded or cancelled: another number, or the end."""

    name = "nothing_due"
    options = "2"

    def tell(self, turn: Turn, found: OrderFound) -> Step:
        """Say what became of the order, and when it was paid."""
        if found.paid_at:
            zone = ZoneInfo(turn.script.time_zone)
            when = say_when(found.paid_at.astimezone(zone), found.now.astimezone(zone), turn.state.locale)
            turn.update(detail=when)
        return self.told(turn, found.status)

    def told(self, turn: Turn, status: str) -> Step:
        """Say one of: paid, refunded, cancelled."""
        turn.update(about=f"order.{status}")
        return self.ask(turn)

    def prompts(self, turn: Turn) -> tuple[str, ...]:
        """The question holds the statement about the money."""
        return (turn.state.about,)

    def chosen(self, turn: Turn, key: str) -> Step | None:
        """2: another number."""
        del key
        runs.forget_order(turn)
        return None

    def silent(self, turn: Turn) -> Step:
        """The caller was told that he can hang up."""
        return turn.hang_up(Ending.ALREADY_PAID, "goodbye")

    def over(self, turn: Turn, ended: Ending) -> Step:
        """There is nothing that another call could do better."""
        del ended
        return self.silent(turn)
