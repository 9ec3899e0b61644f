"""The second fact: asked after every order number, whether there is such an order or not, before anything is told."""

from phonepay.ivr.endings import Ending
from phonepay.ivr.events import Event, FindOrder, OrderFound
from phonepay.ivr.prompts import catalogue
from phonepay.ivr.runs import forget_order, masked
from phonepay.ivr.steps.order_found import settle
from phonepay.ivr.steps.questions import Entry
from phonepay.ivr.turn import Step, Turn

TRIES = 3  # of number and fact together, in a call


class SecondFact(Entry):
    """Settled once number and fact belong together; else both are asked for again, in the same words for all."""

    name = "second_fact"

    def prompts(self, turn: Turn) -> tuple[str, ...]:
        """A postal code with letters is keyed as an order number with letters is."""
        if turn.script.second_fact == "phone":
            return ("fact.phone",)
        letters = catalogue(turn.state.locale).postal_digits == 0
        return ("fact.postal", "order.letters") if letters else ("fact.postal",)

    def entered(self, turn: Turn, keys: str) -> Step:
        """What was keyed is somebody's: it is compared, and kept nowhere."""
        turn.update(keyed=masked(keys))
        script = turn.script
        return turn.look_up(
            self.name,
            FindOrder(turn.state.order_keys, script.second_fact, keys, passes_without=script.second_fact_passes),
        )

    def hear(self, turn: Turn, event: Event) -> Step | None:
        """Keys, or what the driver found: a number that there is not is found like one whose fact is another."""
        if not isinstance(event, OrderFound):
            return super().hear(turn, event)
        if event.status != "unknown":
            return settle(turn, event)
        turn.update(fact_tries=turn.state.fact_tries + 1)
        forget_order(turn)
        if turn.state.fact_tries >= TRIES:
            if turn.script.has_person:
                return turn.dial()
            return turn.hang_up(Ending.REFUSED_NUMBER, "fact.last")
        turn.say("fact.wrong")
        return None
