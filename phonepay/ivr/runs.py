"""Runs of keys: telling a card number keyed too soon from answers, also when it is split over turns.

A choice hears one key, so a card number keyed at one arrives key by key, each the answer to a question that nobody can
have heard yet. Such keys belong to the run: they answer nothing, and together they count as one try at most. An entry
is heard whole, but its first key may belong to the turn before.
"""

from phonepay.ivr import patience
from phonepay.ivr.endings import Ending
from phonepay.ivr.turn import Step, Turn

TOO_LONG = 13  # Keys: no order number has so many (12 at most), every card number of ours has more.
MASKED_FROM = 8  # Keys that name no order: possibly half a card number, not for the log.
FAST_KEY = 0.3  # Seconds between two keys of a fast hand, to reckon when an entry was begun.


def masked(keys: str) -> str:
    """As many "x" as there were keys."""
    return "x" * len(keys)


def is_early(turn: Turn, count: int, arrived: float, *, pause: int = 0) -> bool:
    """Whether keys that arrived `arrived` seconds after the reply began before its question can have been heard.

    `pause`: the seconds without a key that may have ended an entry.
    """
    begun = arrived - (pause if pause and arrived >= pause else 0) - FAST_KEY * (count - 1)
    return begun < turn.state.unheard


def join(turn: Turn, count: int, *, early: bool) -> None:
    """Add keys to the present run if they are early, else begin a run with them."""
    if early:
        turn.update(run=turn.state.run + count)
    else:
        _begin(turn, count)


def broken(turn: Turn) -> None:
    """A silence ends every run."""
    _begin(turn, 0)


def _begin(turn: Turn, count: int) -> None:
    turn.update(run=count, run_astray=False, run_counted=False, run_told=False, run_entry="")


def stray(turn: Turn, question: patience.Question, keys: str) -> Step | None:
    """Early keys at a choice: they are no answer, whatever they are.

    One or two may be a caller who knows the way: the question is just said again. After a wrong key, or from the eighth
    on, they are a card number. None: a number taken from this run is forgotten with it, and asked again.
    """
    join(turn, len(keys), early=True)
    turn.update(keyed=masked(keys))
    if turn.state.run_astray or turn.state.run >= MASKED_FROM:
        return too_soon(turn, question)
    return question.ask(turn)


def wrong(turn: Turn, question: patience.Question) -> Step:
    """A key that means nothing here, heard after the question."""
    turn.update(run_astray=True, run_counted=True)
    return patience.wrong(turn, question)


def too_soon(turn: Turn, question: patience.Question) -> Step | None:
    """A card number, or a long run of keys: not kept, and said so where the rest of the run cannot cut it short.

    Said once: the rest of the run may have been kept for the next questions, and then each key of it comes here.
    """
    counted, told, entry = turn.state.run_counted, turn.state.run_told, turn.state.run_entry
    turn.update(run_astray=True, run_counted=True, run_told=True)
    if not counted and patience.count(turn):
        return question.over(turn, Ending.TRIES)
    if not told:
        turn.warn("card.too_soon")
    if entry == "order" and not turn.state.order_known:
        forget_order(turn)
        return None
    if entry == "amount":
        forget_amount(turn)
        return None
    return question.ask(turn)


def forget_order(turn: Turn) -> None:
    """Back to the order number, and with it to an amount that belonged to it."""
    turn.update(order_keys="", order_number="", order_id=None, order_known=False, currency="")
    forget_amount(turn)


def forget_amount(turn: Turn) -> None:
    """Back to the amount: the line's own, or the one to be asked."""
    turn.update(amount=turn.script.behavior.fixed_amount or 0, starred=False, repeat=None, confirmed=False)
