"""What the customer's card statement shows, and the metadata from which a lost row could be rebuilt."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonepay.payments.models import Payment

MAX_LENGTH = 22  # prefix, "* " and suffix together: docs.stripe.com/get-started/account/statement-descriptors
_UNFIT = re.compile(r"""[<>\\'"*]|[^\x20-\x7e]""")


def descriptor_suffix(number: str, *, prefix: str) -> str:
    """`ORD 1234`, or "" where it does not fit Stripe's rules: then the statement shows the prefix alone.

    It needs a letter, and 22 characters with the account's own prefix; some characters are not taken.
    """
    if not number:
        return ""
    text = f"ORD {number}" if not re.search("[A-Za-z]", number) else number
    room = MAX_LENGTH - (len(prefix) + 2 if prefix else 12)  # an unknown prefix can have 10 characters
    return text if len(text) <= room and not _UNFIT.search(text) else ""


def metadata(payment: Payment, *, kind: str = "") -> dict[str, str]:
    """Strings of at most 500 characters: enough to rebuild the row. `payment` is our id; `installation` says whose.

    A Customer is one per payment, whichever of its cards is being tried, so that it names no attempt.
    """
    facts = {
        "installation": str(payment.merchant.installation),
        "payment": str(payment.id),
        "attempt": "" if kind == "customer" else str(payment.attempt),
        "order": payment.number,
        "line": payment.line.phone_number,
        "call": payment.call_sid,
        "kind": kind or payment.kind,
        "amount": f"{payment.amount} {payment.currency}",
        "confirmation": payment.confirmation or "",
        "parent": str(payment.parent_id or ""),
    }
    return {name: value for name, value in facts.items() if value}
