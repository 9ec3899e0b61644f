"""A card that was tried so often that the bank is asked no more: declined by us, before anything is sent."""

from __future__ import annotations

import logging
from collections.abc import Callable

from phonepay.payments.gateway import Gateway, GatewayError

logger = logging.getLogger(__name__)

# Beside Stripe's decline codes; the second is Stripe's own word for: later.
TURNED_AWAY, NOT_LOOKED_AT = "turned_away", "processing_error"

# Of a card's fingerprint ("" where it has none): is it turned away?
CardQuestion = Callable[[str], bool]


class TurnedAway(Exception):
    """The bank was not asked. `code` is kept as the attempt's decline code."""

    def __init__(self, code: str, fingerprint: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.fingerprint = fingerprint


def look_at_card(payment_method: str, gateway: Gateway, is_turned_away: CardQuestion) -> None:
    """Raises TurnedAway, also where Stripe did not show the card: then later is soon enough."""
    try:
        fingerprint = gateway.fingerprint(payment_method)
    except GatewayError as error:
        logger.warning("a card could not be looked at before the bank was asked: %s", error)
        raise TurnedAway(NOT_LOOKED_AT) from error
    if is_turned_away(fingerprint):
        raise TurnedAway(TURNED_AWAY, fingerprint)
