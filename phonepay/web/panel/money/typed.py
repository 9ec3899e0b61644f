"""What people type into the forms of money."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from phonepay.lib.money import MoneyError, parse_amount

_NO_PAGE_HAS_MORE_DIGITS = 6


class WrittenWrong(ValueError):
    """The message says what to type."""


def typed_amount(text: str, currency: str) -> int:
    """Minor units of "12.50" or "12,50". Raises WrittenWrong with a sentence."""
    plain = text.strip()
    if re.fullmatch(r"[0-9]+,[0-9]{1,3}", plain):
        plain = plain.replace(",", ".")
    if not plain:
        raise WrittenWrong(_("Type the amount."))
    try:
        return parse_amount(plain, currency)
    except MoneyError as error:
        raise WrittenWrong(
            _("“%(text)s” cannot be read as an amount. Type digits, as in 12.50.") % {"text": plain}
        ) from error


def seen_before(state: str) -> int:
    """How many movements there were when the form was shown, as the form says; nonsense is as good as none."""
    return int(state) if state.isascii() and state.isdigit() and len(state) < _NO_PAGE_HAS_MORE_DIGITS else 0
