"""Where a call stands. The driver stores `to_dict()` after each step and reads it back with `from_dict()`."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A call between two requests. It never holds the keys of a possible card number, only how many there were.

    `step` names the step that hears the next event. `money` is what is known of this call's money: "none", "charging",
    "paid" or "checking". `agreed`: a payment was agreed, and is neither charged nor given up. Amounts are minor units,
    of `currency` where it is not "", the line's own.
    """

    step: str = "start"
    locale: str = ""
    letters: bool = False

    # What is being paid: the keyed form of the number, the number as said, the amount; and what was made sure of.
    order_keys: str = ""
    order_number: str = ""
    order_id: int | None = None
    order_known: bool = False
    receipt_to: str = ""
    amount: int = 0
    currency: str = ""
    starred: bool = False
    repeat: str | None = None
    repeat_seconds: int = 0
    confirmed: bool = False
    consent: bool = False
    consent_answered: bool = False
    consent_key: str = ""

    # A step's variant (which decline, which status of the order), enough to ask its question again.
    about: str = ""
    detail: str = ""

    agreed: bool = False
    cards_used: int = 0
    money: str = "none"
    confirmation: str = ""
    repeats: int = 0

    # Patience: at this question, and in the whole call.
    tries: int = 0
    silences: int = 0
    tries_in_call: int = 0
    unknown_numbers: int = 0
    fact_tries: int = 0
    turns: int = 0

    # The present run of keys: how many; whether one of them meant nothing; whether it was counted as a try; whether it
    # was told to come too soon; which entry began it. Before `unheard` seconds nobody can have heard the question.
    # `keyed` and `first`, between a query and its answer: what the log may keep of the keys, and the prompts to be said
    # first.
    run: int = 0
    run_astray: bool = False
    run_counted: bool = False
    run_told: bool = False
    run_entry: str = ""
    unheard: float = 0.0
    keyed: str = ""
    first: str = ""

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe; `from_dict` reads it back to an equal State."""
        return {name: getattr(self, name) for name in _STATE_FIELDS}  # all are plain: asdict() would copy each deeply

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Read a stored state; names that this version does not know are passed over."""
        return cls(**{name: stored[name] for name in _STATE_FIELDS if name in stored})


_STATE_FIELDS = tuple(each.name for each in fields(State))
