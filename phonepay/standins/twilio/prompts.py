"""The words inside <Pay>: the document's <Prompt>s, the most specific first, and Twilio's own where none fits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from phonepay.standins.twilio.conversation import Conversation
from phonepay.standins.twilio.twiml import Node
from phonepay.standins.twilio.words import Words, own_words, words_of

FIELDS = frozenset(
    [
        "payment-card-number",
        "expiration-date",
        "security-code",
        "postal-code",
        "bank-routing-number",
        "bank-account-number",
        "payment-processing",
    ]
)
ERRORS = frozenset(
    [
        "timeout",
        "invalid-card-number",
        "invalid-card-type",
        "invalid-date",
        "invalid-security-code",
        "invalid-postal-code",
        "invalid-bank-routing-number",
        "invalid-bank-account-number",
        "input-matching-failed",
    ]
)
_OWN = {
    "payment-card-number": "Please enter your credit card number.",
    "expiration-date": "Please enter your credit card's expiration date. Two digits for the month and two digits for"
    " the year.",
    "security-code": "Please enter the security code of your credit card.",
    "postal-code": "Please enter your billing postal code.",
    "payment-processing": "Processing your payment.",
}
_OWN_ERRORS = {
    "timeout": "We did not get your input.",
    "invalid-card-number": "The card number is not valid.",
    "invalid-card-type": "This type of card is not accepted.",
    "invalid-date": "The expiration date is not valid.",
    "invalid-security-code": "The security code is not valid.",
    "invalid-postal-code": "The postal code is not valid.",
}


@dataclass(frozen=True)
class Situation:
    """Where <Pay> stands: the field, the try at it, the error of the try before (or empty), the kind of card."""

    field: str
    attempt: int = 1
    error: str = ""
    kind: str = ""


def check(conversation: Conversation, prompts: Iterable[Node]) -> None:
    """Warn (12200) of prompts that can never be heard."""
    for prompt in prompts:
        given = prompt.attributes
        if given.get("for", "") not in FIELDS:
            conversation.warn(12200, f'<Prompt for="{given.get("for", "")}"> names no field.')
        if wrong := sorted(set(given.get("errorType", "").split()) - ERRORS):
            conversation.warn(12200, f'<Prompt errorType="{wrong[0]}"> is no error of <Pay>.')
        attempts = given.get("attempt", "1").split()
        if not attempts or not all(number.isascii() and number.isdigit() for number in attempts):
            conversation.warn(12200, f'<Prompt attempt="{given["attempt"]}"> is no list of numbers.')


def words_for(conversation: Conversation, prompts: Iterable[Node], situation: Situation, language: str) -> list[Words]:
    """What is heard in a situation; the words for an error stand in place of the question."""
    fitting = [(rank, prompt) for prompt in prompts if (rank := _rank(prompt, situation)) is not None]
    if fitting:
        best = max(fitting, key=lambda pair: pair[0])[1]  # of equals, the first in the document
        return [words_of(conversation, child) for child in best.children]
    error = _OWN_ERRORS.get(situation.error, "")
    return [own_words(f"{error} {_OWN[situation.field]}".strip(), language)]


def _rank(prompt: Node, situation: Situation) -> tuple[int, bool, bool, bool] | None:
    """How specific a prompt is to the situation, or None where it does not fit."""
    given = prompt.attributes
    if given.get("for") != situation.field:
        return None
    wanted = {"errorType": situation.error, "attempt": str(situation.attempt), "cardType": situation.kind}
    for name, value in wanted.items():
        if name in given and value not in given[name].split():
            return None
    named = [name in given for name in wanted]
    return sum(named), named[0], named[1], named[2]
