"""One call as it was talked: the voice, the keys, the seconds between, in the order heard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from phonepay.alerts.pay_errors import pay_error
from phonepay.calls.models import Call
from phonepay.ivr import replies
from phonepay.ivr.facts import hundredth
from phonepay.ivr.keypad import read_amount
from phonepay.ivr.readable import readable
from phonepay.ivr.script import Script
from phonepay.lib import phone
from phonepay.lib.money import MoneyError
from phonepay.payments.models import CardAttempt, Payment
from phonepay.web.panel import formats
from phonepay.web.panel.states import ATTEMPT

MASK = "•"
VOICE, KEYS, NOTE = "voice", "keys", "note"


@dataclass(frozen=True, slots=True)
class Entry:
    """`kind` is voice (left), keys (right) or note (between them). `offset` is the seconds since the call began, and
    `after` those since the voice began to speak; None where nobody counted them. `masked`: the keys were not kept.
    """

    kind: str
    text: str
    at: datetime
    offset: int
    after: int | None = None
    locale: str = ""
    masked: bool = False


def conversation(call: Call, region: str) -> list[Entry]:
    """What was said and keyed, from the call's stored turns; empty where they are kept no longer."""
    if not call.turns:
        return []
    teller = _Teller(call, region)
    found = [entry for number, turn in enumerate(call.turns) for entry in teller.turn(number, turn)]
    if call.ended_at is not None:
        hung_up = call.ended == "hung_up"
        found.append(teller.note(_("The caller hung up") if hung_up else _("The call ended"), call.ended_at))
    return found


class _Teller:
    """Tells the turns of one call."""

    def __init__(self, call: Call, region: str) -> None:
        self.call = call
        self.region = region
        self.script: Script = call.the_script()
        self.cards = _cards(call.payment)
        self.numbers = sorted(_numbers(call), key=len, reverse=True)
        self.amounts = list(_amounts(call, self.script))

    def turn(self, number: int, turn: dict[str, Any]) -> Iterator[Entry]:
        """The caller's side that led to it, then the voice."""
        at = datetime.fromisoformat(turn["at"])
        before = self.call.turns[number - 1] if number else None
        after = round((at - datetime.fromisoformat(before["at"])).total_seconds()) if before else None
        yield from self._caller(turn, at, after)
        reply = replies.reply_from_dict(turn["reply"])
        said = [
            readable(each, self.script, numbers=self.numbers, amounts=self.amounts) for each in replies.spoken(reply)
        ]
        locale = next((each.locale for each in replies.spoken(reply)), "")
        if said:
            yield Entry(VOICE, " ".join(said), at, self._offset(at), locale=locale)
        if isinstance(reply, replies.Pay):
            yield self.note(_("The caller keys the card. It goes to Stripe; nobody here sees or hears it."), at)
        elif isinstance(reply, replies.Dial):
            dialed = phone.format_number(reply.number, self.region)
            yield self.note(_("Rings %(number)s") % {"number": dialed}, at)

    def note(self, text: str, at: datetime) -> Entry:
        return Entry(NOTE, text, at, self._offset(at))

    def _caller(self, turn: dict[str, Any], at: datetime, after: int | None) -> Iterator[Entry]:
        kind, _slash, of = turn["answers"].partition("/")
        if kind == "input":
            keyed = turn.get("keyed", "")
            if keyed:
                masked = "x" in keyed
                yield Entry(KEYS, keyed.replace("x", MASK), at, self._offset(at), after, masked=masked)
            else:
                yield self.note(_("Nothing was keyed for %(count)d seconds") % {"count": after or 0}, at)
        elif kind == "pay":
            yield Entry(KEYS, self.cards.get(of) or _("Card"), at, self._offset(at), after)
            if code := (turn.get("asked") or {}).get("PayErrorCode"):
                error = pay_error(code)
                told = {"name": error.name, "code": code, "mend": error.mend}
                yield self.note(_("Twilio says: %(name)s (error %(code)s). %(mend)s") % told, at)
        elif kind == "person":
            answered = turn["step"] == "ended" and self.call.ended == "person"
            yield self.note(_("A person took the call") if answered else _("Nobody answered"), at)

    def _offset(self, at: datetime) -> int:
        return max(0, round((at - self.call.started_at).total_seconds()))


def _cards(payment: Payment | None) -> dict[str, str]:
    """What became of each card, by its attempt: `Visa ·4242`, `Visa ·9995: declined`, `stopped by the caller`."""
    if payment is None:
        return {}
    found = {}
    for tried in CardAttempt.objects.filter(payment=payment):
        card = formats.card(tried.card_brand, tried.card_last4) or _("Card")
        word = str(ATTEMPT[CardAttempt.Result(tried.result)].word)
        found[str(tried.pk)] = f"{card}: {word[:1].lower()}{word[1:]}"
    found.setdefault(str(payment.attempt), formats.card(payment.card_brand, payment.card_last4))
    return found


def _numbers(call: Call) -> set[str]:
    """Order numbers that may have been said, as they are written."""
    payment = call.payment
    found = {call.state.get("order_number", ""), payment.number if payment else ""}
    if payment is not None and payment.order is not None:
        found.add(payment.order.number)
    return {each for each in found if each} | {turn["keyed"] for turn in call.turns if turn.get("keyed", "").isdigit()}


def _amounts(call: Call, script: Script) -> Iterable[tuple[int, str]]:
    """Amounts that may have been said, in minor units with their currency."""
    code = script.currency
    own = [script.floor, script.ceiling, script.overage_cap, script.behavior.fixed_amount, script.usual_amount]
    for turn in call.turns:
        try:
            keyed = read_amount(turn.get("keyed", ""), code, minor=script.amounts_keyed == "minor")
        except (MoneyError, ValueError):
            continue
        if keyed is not None:
            own += [keyed.amount, hundredth(keyed.amount, code)]
    yield from {(amount, code) for amount in own if amount}
    state = call.state
    if state.get("amount"):
        yield state["amount"], state.get("currency") or code
    if call.payment is not None:
        yield call.payment.amount, call.payment.currency
