"""The `<Pay>` reply: its prompts for every field and error, in the caller's language.

Field and error names are Twilio's (twilio.com/docs/voice/twiml/pay/prompt). An error's prompt replaces the question,
so each holds the reason and the question.
"""

from phonepay.ivr.prompts import catalogue
from phonepay.ivr.replies import Pay, PayPrompt
from phonepay.ivr.turn import Turn

NUMBER, EXPIRY, CODE, POSTAL = "payment-card-number", "expiration-date", "security-code", "postal-code"
PROCESSING = "payment-processing"
AMEX = "amex"  # Its security code has four digits, on the front.


def pay_reply(turn: Turn) -> Pay:
    """Take a card: the first time in a call with all of the introduction, later with less."""
    turn.say("card.intro" if turn.state.cards_used == 1 else "card.intro.again")
    script, words = turn.script, catalogue(turn.state.locale)
    postal = script.asks_postal_code and words.postal_digits > 0
    return Pay(
        say=turn.first,
        prompts=tuple(
            PayPrompt(field, errors, cards, turn.words(key))
            for field, errors, cards, key in _prompts(turn, postal=postal)
        ),
        language=words.pay_language,
        cards=script.cards,
        postal_code=postal,
        security_code=script.asks_security_code,
        min_postal_length=words.postal_digits if postal else None,
        timeout=script.field_seconds,
        max_attempts=script.pay_attempts,
    )


_Row = tuple[str, tuple[str, ...], tuple[str, ...], str]


def _prompts(turn: Turn, *, postal: bool) -> list[_Row]:
    rows: list[_Row] = [
        *_field(NUMBER, "card.number", "invalid-card-number"),
        (NUMBER, ("invalid-card-type",), (), "card.number.type"),
        *_field(EXPIRY, "card.expiry", "invalid-date"),
    ]
    if turn.script.asks_security_code:
        rows += _codes(turn.script.cards)
    if postal:
        rows += _field(POSTAL, "card.postal", "invalid-postal-code")
    return [*rows, (PROCESSING, (), (), "card.processing")]


def _codes(cards: tuple[str, ...]) -> list[_Row]:
    others = tuple(card for card in cards if card != AMEX)
    if AMEX not in cards:
        return _field(CODE, "card.code", "invalid-security-code")
    amex = _field(CODE, "card.code.amex", "invalid-security-code", (AMEX,))
    return _field(CODE, "card.code", "invalid-security-code", others) + amex if others else amex


def _field(field: str, key: str, invalid: str, cards: tuple[str, ...] = ()) -> list[_Row]:
    return [
        (field, (), cards, key),
        (field, ("timeout",), cards, f"{key}.timeout"),
        (field, (invalid,), cards, f"{key}.invalid"),
    ]
