"""The order number: asked where the line asks for it, looked up by the driver."""

from phonepay.ivr import patience, runs
from phonepay.ivr.endings import Ending
from phonepay.ivr.events import Event, FindOrder, OrderFound
from phonepay.ivr.steps.order_found import settle
from phonepay.ivr.steps.questions import Entry
from phonepay.ivr.steps.second_fact import SecondFact
from phonepay.ivr.turn import Step, Turn
from phonepay.lib.cards import begins_like_card_number

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
        if turn.script.second_fact != "off":
            if len(keys) >= runs.MASKED_FROM:
                turn.update(keyed=runs.masked(keys))  # nobody knows yet whether it is a number of ours
            return SecondFact().ask(turn)
        return turn.look_up(self.name, FindOrder(keys))

    def _found(self, turn: Turn, found: OrderFound) -> Step | None:
        if found.status == "unknown":
            return self._unknown(turn, found.number)
        return settle(turn, found)

    def _unknown(self, turn: Turn, number: str) -> Step | None:
        keys = turn.state.order_keys
        if len(keys) >= runs.MASKED_FROM:
            turn.update(keyed=runs.masked(keys))
        begun_early = turn.state.run >= runs.MASKED_FROM and turn.state.run > len(keys)
        if begun_early or (len(keys) == LONGEST and begins_like_card_number(keys)):
            # No number of ours, and the rest of a longer run; or as much of a card number as an order number may have:
            # with the last four, which a payment keeps, it would be the whole of one.
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
