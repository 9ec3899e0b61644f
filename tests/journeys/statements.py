"""The four statements about the money, found in the words that a caller hears and not by the names of the prompts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from phonepay.standins.twilio.heard import Heard

PAID, CHECKING, NOT_CHARGED, NOTHING_TO_PAY = "paid", "checking", "not_charged", "nothing_to_pay"

_STATEMENTS = {
    PAID: re.compile(r"You have paid|Your payment of .* went through|Ha pagado|Su pago de .* se realizó"),
    CHECKING: re.compile(r"[Pp]lease do not pay again(?! until)|[Pp]or favor, no pague otra vez(?! hasta)"),
    NOT_CHARGED: re.compile(r"You have not been charged|No se le ha cobrado nada"),
    NOTHING_TO_PAY: re.compile(r"[Tt]here is nothing to pay|[Nn]o hay nada que pagar"),
}
_CARD_ASKED = re.compile(r"[Ee]nter your card number|[Mm]arque (otra vez )?el número de su tarjeta")


def statements(words: str) -> set[str]:
    """Which of the four are made."""
    return {kind for kind, pattern in _STATEMENTS.items() if pattern.search(words)}


def told_in(words: Sequence[Heard]) -> str:
    """The last of the four statements in what was heard; a card asked for after it takes it back."""
    last = ""
    for heard in words:
        if _CARD_ASKED.search(heard.text):
            last = ""
        last = next(iter(statements(heard.text)), last)
    return last
