"""Was it true? What each call was told of its money, held against what Stripe has and what is booked.

Every journey is judged as it ends, whatever it was about: nobody may be told "paid" without a charge, nor "not charged"
with one, nor be left by us without a word about the money.
"""

from __future__ import annotations

import re

from phonepay.calls.models import Call
from phonepay.payments.models import LedgerEntry
from tests.journeys.bank import Bank
from tests.journeys.phone import Caller
from tests.journeys.statements import NOT_CHARGED, NOTHING_TO_PAY, PAID, statements, told_in

# The fixed answer when nothing else works knows nothing, and says what to do in either case.
_APOLOGY = re.compile(r"do not pay again until|no pague otra vez hasta que")


def told(caller: Caller) -> str:
    """What the caller was told of the money last."""
    return told_in(caller.call.heard)


def booked(caller: Caller) -> int:
    sales = LedgerEntry.objects.filter(payment__call_sid=caller.sid, kind="sale")
    return sum(sales.values_list("amount", flat=True))


def last_words(caller: Caller) -> str:
    """What the last answer of the product let the caller hear."""
    since = max((turn.at for turn in caller.turns), default=0.0)
    return " ".join(heard.text for heard in caller.call.heard if heard.at >= since)


def judge(caller: Caller, bank: Bank) -> None:
    """Hold one call against the money; everything that was under way has ended."""
    call = Call.objects.filter(sid=caller.sid).first()
    if call is None:
        return
    words, money, story = told(caller), bank.taken_for(caller.sid), caller.call.transcript()
    assert words != PAID or money > 0, f"told that it is paid, and nothing was charged\n{story}"
    assert words not in (NOT_CHARGED, NOTHING_TO_PAY) or money == 0, f"told {words}, and {money} was charged\n{story}"
    assert caller.forged or call.told == words, (
        f"the log says that the caller was told {call.told or 'nothing'}, not {words}\n{story}"
    )
    assert money == booked(caller), f"{money} was charged and {booked(caller)} is booked\n{story}"
    if caller.ended == "product" and call.ended != "person" and not caller.forged:
        final = last_words(caller)
        assert len(statements(final)) <= 1, f"told {statements(final)} in one breath\n{story}"
        # Goodbye may follow a question that held the statement.
        heard = caller.call.said if final == "Goodbye." else final
        assert statements(heard) or _APOLOGY.search(heard), (
            f"the product hung up without a word about the money\n{story}"
        )
