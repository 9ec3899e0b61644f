"""One thing that was looked at: what is so, what it means for callers, how to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_lazy

# What several findings mean for callers.
NO_CALL = gettext_lazy("No call is let in: callers hear Twilio's own error.")
NO_CHARGE = gettext_lazy("No card can be charged: callers hear that they were not charged.")
# An account that records every call by itself, as set-up and doctor find it.
RECORDED = gettext_lazy("The keys of cards may be recorded: that is against the rules of the card networks.")
NO_RECORDING = gettext_lazy(
    "Switch it off in Twilio's console under Voice, Recordings; in the older one under Voice, Settings. Phone Pay "
    "never records."
)

_WORST_FIRST = ("problem", "note", "in order")


@dataclass(frozen=True)
class Finding:
    """`callers` and `mend` are empty where all is well. `certain`: told, whatever else was seen."""

    state: Literal["in order", "note", "problem"]
    what: str
    callers: str = ""
    mend: str = ""
    certain: bool = False

    @property
    def is_problem(self) -> bool:
        return self.state == "problem"

    def __str__(self) -> str:
        sign = {"in order": "✓", "note": "·", "problem": "✗"}[self.state]
        told = {"For callers": self.callers, "To mend it": self.mend}
        return "\n".join([f"{sign} {self.what}", *(f"    {name}: {said}" for name, said in told.items() if said)])


def in_order(what: str) -> Finding:
    return Finding("in order", what)


def note(what: str, *, callers: object = "", mend: object = "") -> Finding:
    """Worth knowing, and no reason to stop."""
    return Finding("note", what, str(callers), str(mend))


def problem(what: str, *, callers: object, mend: object) -> Finding:
    """`callers` and `mend` may be sentences that are translated only now."""
    return Finding("problem", what, str(callers), str(mend))


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """What is to be mended before what is in order; otherwise as they were found."""
    return sorted(findings, key=lambda each: _WORST_FIRST.index(each.state))
