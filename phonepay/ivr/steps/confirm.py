"""The confirming question: number and amount at once; and the question of later charges."""

from collections.abc import Callable

from phonepay.ivr import runs
from phonepay.ivr.endings import Ending
from phonepay.ivr.facts import paid_in
from phonepay.ivr.steps.questions import Choice
from phonepay.ivr.turn import Step, Turn
from phonepay.lib.money import currency

# From this many units on, or this many times the line's usual amount, an amount keyed without star is read back beside
# the one that it would be if its last digits were the decimals.
LARGE_UNITS = 1000
TIMES_USUAL = 10

# The changes to the state that ask for everything agreed again.
UNCONFIRMED = {"confirmed": False, "consent": False, "consent_answered": False, "consent_key": ""}


class Confirm(Choice):
    """1 agrees to what was said; 2, and at one question 3, goes back to what was keyed last."""

    name = "confirm"

    def applies(self, turn: Turn) -> bool:
        """Until 1 was pressed."""
        return not turn.state.confirmed

    def prompts(self, turn: Turn) -> tuple[str, ...]:
        """What the owner made a condition is said just before the question, so that 1 agrees to both."""
        asked = question(turn)
        return ("consent.condition", asked) if later_charges(turn) == "condition" else (asked,)

    def offered(self, turn: Turn) -> str:
        """1, and the ways back of this question."""
        return "1" + "".join(_WAYS_BACK[question(turn)])

    def chosen(self, turn: Turn, key: str) -> Step | None:
        """1, or a way back."""
        if key != "1":
            return _WAYS_BACK[question(turn)][key](turn)
        turn.update(confirmed=True)
        if later_charges(turn) == "condition":
            turn.update(consent=True, consent_answered=True, consent_key=key)
        return None

    def silent(self, turn: Turn) -> Step | None:
        """Where the caller was told that he can hang up, silence does."""
        if question(turn) == "fixed.confirm":
            return turn.hang_up(Ending.STOPPED, "end.unpaid", "goodbye")
        return super().silent(turn)


class Consent(Choice):
    """May the card be charged again? Silence means no; the payment goes on either way."""

    name = "consent"

    def applies(self, turn: Turn) -> bool:
        """On lines that ask, once the amount is agreed."""
        return later_charges(turn) == "ask" and not turn.state.consent_answered

    def prompts(self, turn: Turn) -> tuple[str, ...]:
        """The words that are kept with the answer."""
        del turn
        return ("consent.ask",)

    def chosen(self, turn: Turn, key: str) -> Step | None:
        """1 allows it, 2 does not."""
        turn.update(consent=key == "1", consent_answered=True, consent_key=key)
        return None

    def silent(self, turn: Turn) -> None:
        """No."""
        turn.update(consent=False, consent_answered=True, consent_key="")


def consent_wording(turn: Turn) -> str:
    """The very words with which later charges were asked for; "" where nothing was asked."""
    prompt = {"ask": "consent.ask", "condition": "consent.condition"}.get(later_charges(turn))
    return turn.words(prompt).text if prompt else ""


def later_charges(turn: Turn) -> str:
    """The line's "off", "ask" or "condition"; "off" for an order in another currency than the line's cap."""
    same = paid_in(turn.script, turn.state) == turn.script.currency
    return turn.script.overage if same else "off"


def question(turn: Turn) -> str:
    """The prompt that confirms what this call is about, by the facts of the call."""
    state = turn.state
    if state.repeat == "paid":
        return "repeat.warn"
    if state.order_known:
        return "order.confirm"
    fixed = turn.script.behavior.fixed_amount is not None
    if state.order_number:
        return "order.confirm.new" if fixed else _doubted(turn, "amount.check.order", "amount.confirm.order")
    return "fixed.confirm" if fixed else _doubted(turn, "amount.check", "amount.confirm")


def _doubted(turn: Turn, doubted: str, plain: str) -> str:
    """Whether the star may have been forgotten: 4250 where forty-two fifty was meant."""
    script, state = turn.script, turn.state
    facts = currency(script.currency)
    if state.starred or not facts.shown_decimals:
        return plain
    large = LARGE_UNITS * facts.unit
    if script.usual_amount:
        large = min(large, TIMES_USUAL * script.usual_amount)
    return doubted if state.amount >= large else plain


def _to_order(turn: Turn) -> None:
    runs.forget_order(turn)


def _to_amount(turn: Turn) -> None:
    runs.forget_amount(turn)


def _stop(turn: Turn) -> Step:
    return turn.hang_up(Ending.STOPPED, "end.stopped")


_WAYS_BACK: dict[str, dict[str, Callable[[Turn], Step | None]]] = {
    "order.confirm": {"2": _to_order},
    "order.confirm.new": {"2": _to_order},
    "amount.confirm": {"2": _to_amount},
    "amount.check": {"2": _to_amount},
    "amount.confirm.order": {"2": _to_amount, "3": _to_order},
    "amount.check.order": {"2": _to_amount, "3": _to_order},
    "fixed.confirm": {"2": _stop},
    "repeat.warn": {"2": _stop},
}
