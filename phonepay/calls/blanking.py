"""What a call forgets when it is over: keys that named no order and were paid for by nobody may be a piece of a card.

Up to twelve keys are an order number where a line takes unknown ones. While the call goes on it has to know them; after
it only what was agreed to, and what is an order of the shop, is worth keeping.
"""

from __future__ import annotations

import re
from typing import Any

from phonepay.calls.models import Call
from phonepay.ivr.runs import MASKED_FROM, masked

# As words say a number: digit by digit, with a full stop between groups.
_SAID = re.compile(rf"[0-9](?:[ ,.]*[0-9]){{{MASKED_FROM - 1},}}")
_NO_DIGIT = re.compile(r"[^0-9]")


def forget_strange_numbers(call: Call) -> bool:
    """Blank them in the state and in the words that were said, where nobody has taken a turn meanwhile."""
    state, ours = dict(call.state), _ours(call)
    if not ours and len(str(state.get("order_keys", ""))) >= MASKED_FROM:
        state |= {"order_keys": "", "order_number": ""}
    turns = [turn | {"reply": _blanked(turn["reply"], ours)} if "reply" in turn else turn for turn in call.turns]
    if (state, turns) == (call.state, call.turns):
        return False
    return Call.objects.filter(pk=call.pk, turn=call.turn).update(state=state, turns=turns) == 1


def _ours(call: Call) -> str:
    """The digits of the number that was agreed to, or that the shop has; "" for none."""
    if call.payment is not None:
        return _NO_DIGIT.sub("", call.payment.number)
    return _NO_DIGIT.sub("", str(call.state.get("order_number", ""))) if call.state.get("order_known") else ""


def _blanked(said: Any, ours: str) -> Any:
    """Of a reply only the texts that are spoken: a person's number to ring is no number of a caller's."""
    if isinstance(said, dict):
        return {
            name: _SAID.sub(lambda found: _unless(found[0], ours), each) if name == "text" else _blanked(each, ours)
            for name, each in said.items()
        }
    return [_blanked(each, ours) for each in said] if isinstance(said, list) else said


def _unless(number: str, ours: str) -> str:
    digits = _NO_DIGIT.sub("", number)
    return number if digits == ours else masked(digits)
