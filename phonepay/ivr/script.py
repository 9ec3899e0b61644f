"""All that the conversation knows of its line: a call's snapshot, taken as it begins and kept to its end.

The driver builds a `Script` from a line, stores `to_dict()` with the call and reads it back with `from_dict()`, so that
a line edited or switched to another behavior during a call changes nothing for that call.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Behavior:
    """Two facts make the four system behaviors: is an order number asked for, and whose is the amount.

    `fixed_amount` is in minor currency units; None where callers key the amount of what is not on the list.
    """

    asks_order_number: bool
    fixed_amount: int | None

    @property
    def name(self) -> str:
        """Its name on the command line and in the panel: fixed-with-order, fixed, caller-with-order, caller."""
        amount = "caller" if self.fixed_amount is None else "fixed"
        return f"{amount}-with-order" if self.asks_order_number else amount

    @classmethod
    def named(cls, name: str, fixed_amount: int | None) -> Self:
        """The behavior of that name. ValueError for another name, or a fixed behavior without an amount above zero."""
        if name not in BEHAVIOR_NAMES:
            problem = f"“{name}” is not a behavior. Choose one of: {', '.join(BEHAVIOR_NAMES)}."
            raise ValueError(problem)
        if name.startswith("caller"):
            return cls(name == "caller-with-order", None)
        if not fixed_amount or fixed_amount < 0:
            problem = f"The behavior “{name}” needs an amount above zero."
            raise ValueError(problem)
        return cls(name == "fixed-with-order", fixed_amount)


BEHAVIOR_NAMES = ("fixed-with-order", "fixed", "caller-with-order", "caller")


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A line, as far as callers can hear it. Amounts are minor units of `currency`; times are whole seconds.

    `amounts_keyed` is "star" (42*50 is 42.50) or "minor" (4250 is 42.50). `order_prefix_keys` is the keyed form of a
    prefix that callers need not key: the look-up adds it, the flow only passes keys on. `overage` is "off", "ask" or
    "condition". `second_fact` is "off", "postal" or "phone"; `second_fact_passes`: an order without it is told all the
    same. `receipt_to` is "", "phone" or "email". `voices` is a Twilio voice per locale; `words` is the owner's
    own prompts, per locale and prompt key. `cards` are Twilio's validCardTypes words.
    """

    shop: str
    behavior: Behavior
    currency: str
    floor: int
    ceiling: int
    amounts_keyed: str = "star"
    usual_amount: int | None = None
    locales: tuple[str, ...] = ("en-US",)
    order_noun: str = "order"
    order_prefix_keys: str = ""
    says_letters: bool = False
    accepts_unknown_orders: bool = True
    second_fact: str = "off"
    second_fact_passes: bool = False
    cards: tuple[str, ...] = ("visa", "mastercard", "amex", "discover")
    asks_postal_code: bool = True
    asks_security_code: bool = True
    overage: str = "off"
    overage_cap: int = 0
    overage_days: int = 0
    person_number: str = ""
    person_open: bool = True
    shop_phone: str = ""
    entry_seconds: int = 8
    choice_seconds: int = 8
    field_seconds: int = 10
    outcome_seconds: int = 4
    tries: int = 3
    tries_per_call: int = 6
    unknown_tries: int = 3
    cards_per_call: int = 3
    pay_attempts: int = 3
    outcome_repeats: int = 3
    voices: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    test_mode: bool = False
    paused: bool = False
    says_statement: bool = False
    descriptor: str = ""
    receipt_to: str = ""
    time_zone: str = "UTC"

    @property
    def has_person(self) -> bool:
        """Whether 0 is answered by a person: the line has a number, and the call began within its hours."""
        return bool(self.person_number) and self.person_open

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe; `from_dict` reads it back to an equal Script."""
        whole = asdict(self)
        whole["locales"], whole["cards"] = list(self.locales), list(self.cards)
        return whole

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Read a stored snapshot; names that this version does not know are passed over (a call outlives an update)."""
        known = {name: stored[name] for name in _SCRIPT_FIELDS if name in stored}
        known["behavior"] = Behavior(**stored["behavior"])
        for name in ("locales", "cards"):
            if name in known:
                known[name] = tuple(known[name])
        return cls(**known)


_SCRIPT_FIELDS = tuple(each.name for each in fields(Script))
