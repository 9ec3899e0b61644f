"""An order was found: it is settled, or there is nothing due and the caller hears why."""

from zoneinfo import ZoneInfo

from phonepay.ivr import patience, runs
from phonepay.ivr.endings import Ending
from phonepay.ivr.events import OrderFound
from phonepay.ivr.steps.questions import Choice
from phonepay.ivr.turn import Step, Turn
from phonepay.lib.speech import say_when


def settle(turn: Turn, found: OrderFound) -> Step | None:
    """Take the order with its amount, or tell why it is not paid now. `found` is any but an unknown one."""
    turn.update(order_number=found.number, order_id=found.order_id, order_known=True, receipt_to=found.receipt_to)
    if found.status == "busy":
        return turn.hang_up(Ending.ORDER_BUSY, "order.busy")
    if found.status == "checking":
        return turn.hang_up(Ending.ORDER_CHECKING, "order.checking")
    patience.settled(turn)
    if found.status == "payable":
        turn.update(amount=found.amount, currency=found.currency, run_entry="order")
        return None
    return NothingDue().tell(turn, found)


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
