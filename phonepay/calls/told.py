"""What a caller was told about the money: the four statements, by the prompts that make them.

It is kept apart from what is true of the money, which may come out later: a caller who was told "being checked", and
nothing since, is still owed the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from phonepay.ivr import replies

PAID, CHECKING, NOT_CHARGED, NOTHING_TO_PAY = "paid", "checking", "not_charged", "nothing_to_pay"

STATEMENTS = {
    "outcome.paid": PAID,
    "person.unanswered.paid": PAID,
    "outcome.checking": CHECKING,
    "order.checking": CHECKING,
    "repeat.checking": CHECKING,
    "person.unanswered.checking": CHECKING,
    "order.paid": NOTHING_TO_PAY,
    "order.refunded": NOTHING_TO_PAY,
    "order.cancelled": NOTHING_TO_PAY,
    "order.refused.last": NOT_CHARGED,
    "fact.last": NOT_CHARGED,
    "order.busy": NOT_CHARGED,
    "order.just_paid": NOT_CHARGED,
    "order.changed": NOT_CHARGED,
    "card.stopped": NOT_CHARGED,
    "card.unread": NOT_CHARGED,
    "card.late": NOT_CHARGED,
    "decline.other_card": NOT_CHARGED,
    "decline.same_card": NOT_CHARGED,
    "decline.last": NOT_CHARGED,
    "person.unanswered": NOT_CHARGED,
    "end.stopped": NOT_CHARGED,
    "end.unpaid": NOT_CHARGED,
    "end.silence": NOT_CHARGED,
    "end.tries": NOT_CHARGED,
    "line.paused": NOT_CHARGED,
    "caller.refused": NOT_CHARGED,
    "caller.refused.help": NOT_CHARGED,
    "caller.again": NOT_CHARGED,
    "error.pay": NOT_CHARGED,
    "error.before": NOT_CHARGED,
    "error.offer": NOT_CHARGED,
}


def told_by(reply: replies.Reply, before: str) -> str:
    """What a caller has been told last, once this reply is spoken; `before` is what he had been told until then.

    With the next `<Pay>` money may move again, so that "not charged" is no longer said of it.
    """
    if isinstance(reply, replies.Pay):
        return ""
    statements = [STATEMENTS[speech.key] for speech in replies.spoken(reply) if speech.key in STATEMENTS]
    return statements[-1] if statements else before


def told_in(turns: Iterable[Mapping[str, Any]]) -> str:
    """What a caller has been told last, after all these turns of a call's log."""
    told = ""
    for turn in turns:
        told = told_by(replies.reply_from_dict(turn["reply"]), told)
    return told
