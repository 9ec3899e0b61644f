"""The rules for what a card statement may show. Source: docs.stripe.com/get-started/account/statement-descriptors."""

import re

from phonepay.standins.stripe.call import Call
from phonepay.standins.stripe.charges import descriptor_prefix
from phonepay.standins.stripe.errors import invalid

NAME = "statement_descriptor_suffix"
FORBIDDEN = re.compile(r"[<>\\'\"*]|[^\x20-\x7e]")
MOST = 22


def check_suffix(call: Call, suffix: str | None) -> None:
    """Raises 400 for a suffix without a letter, with a forbidden character, or too long beside the account's prefix."""
    if suffix is None:
        return
    if FORBIDDEN.search(suffix):
        raise invalid(f"{NAME} may not hold <, >, \\, ', \", * or letters beyond ASCII.", NAME, "invalid_characters")
    if not re.search("[A-Za-z]", suffix):
        raise invalid(f"{NAME} must hold at least one letter.", NAME)
    if len(f"{descriptor_prefix(call)}* {suffix}") > MOST:
        raise invalid(f"The prefix and {NAME} together must fit in {MOST} characters.", NAME)
