"""What is kept of a request of Twilio's: from a list of names, and only values that can hold nobody's secret.

Keys are kept by the turn itself, masked where the conversation says so. A token, a card's number, its code, its expiry
date and the postal code have no name in the list, and no value here can be one: words have no digits, and the only
number is one of Twilio's error codes for `<Pay>`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_WORD = re.compile(r"[a-z][a-z-]{0,39}")
_PAY_ERROR = re.compile(r"64[01][0-9]{2}")  # twilio.com/docs/api/errors: <Pay>'s own are 64000 to 64199
_FINISH = re.compile("#")

KEPT = {
    "CallStatus": _WORD,
    "Direction": _WORD,
    "FinishedOnKey": _FINISH,
    "Result": _WORD,
    "PaymentMethod": _WORD,
    "PaymentCardType": _WORD,
    "PayErrorCode": _PAY_ERROR,
    "DialCallStatus": _WORD,
    "DialBridged": _WORD,
}

# The routes of the voice door, so that nothing of an address is kept but which one it was.
ROUTES = ("voice", "input", "pay", "pay/fell-through", "waiting", "person", "status", "resume")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came: the route, and whatever parameters it had. Only `kept` is ever stored."""

    to: str
    parameters: Mapping[str, str]

    def kept(self) -> dict[str, str]:
        """JSON-safe: the route under "to", and what the list lets through."""
        found = {
            name: self.parameters[name]
            for name, pattern in KEPT.items()
            if name in self.parameters and pattern.fullmatch(self.parameters[name])
        }
        return {"to": self.to if self.to in ROUTES else "", **found}
