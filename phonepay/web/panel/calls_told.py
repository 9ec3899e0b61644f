"""A call in one line: who, what happened, what was paid."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from phonepay.calls.models import Call
from phonepay.ivr.endings import Ending
from phonepay.lib import phone
from phonepay.payments.models import Payment
from phonepay.web.panel.states import BEING_CHECKED, DECLINED, PAID, State


@dataclass(frozen=True, slots=True)
class Told:
    """`state` is None where no card was charged; then `what` says how the call ended."""

    call: Call
    who: str
    what: str
    state: State | None
    on_the_line: bool

    @property
    def payment(self) -> Payment | None:
        return self.call.payment

    @property
    def paid(self) -> Payment | None:
        payment = self.call.payment
        return payment if payment and payment.status == Payment.Status.SUCCEEDED else None


def told(call: Call, region: str) -> Told:
    """`call` with its payment and that one's order loaded."""
    payment = call.payment
    order = payment.order if payment else None
    named = order.customer_name if order else ""
    who = named or (phone.format_number(call.phone, region) if call.phone else _("Hidden number"))
    state = _state(payment)
    return Told(call, who, _what(call, payment), state, call.ended_at is None)


def _state(payment: Payment | None) -> State | None:
    if payment is None:
        return None
    if payment.status in Payment.UNDER_WAY:
        return BEING_CHECKED
    return {Payment.Status.SUCCEEDED: PAID, Payment.Status.DECLINED: DECLINED}.get(Payment.Status(payment.status))


def _what(call: Call, payment: Payment | None) -> str:
    if payment is not None and payment.status == Payment.Status.SUCCEEDED:
        number = payment.order.number if payment.order else payment.number
        return _("Paid order %(number)s") % {"number": number}
    if call.ended_at is None:
        return _("On the line: %(step)s") % {"step": step_word(call.step)}
    if call.ended == "hung_up":
        return _("Hung up at %(step)s") % {"step": step_word(call.step)}
    return ended_word(call.ended)


def step_word(step: str) -> str:
    """Where in the conversation, as part of a sentence."""
    words = {
        "start": _("the welcome"),
        "language": _("the language"),
        "order": _("the order number"),
        "nothing_due": _("the order number"),
        "second_fact": _("the second question"),
        "amount": _("the amount"),
        "repeat": _("the amount"),
        "confirm": _("the confirmation"),
        "consent": _("the later charges"),
        "card": _("the card number"),
        "card_retry": _("another card"),
        "waiting": _("the wait for the bank"),
        "offer": _("the offer of a person"),
        "outcome": _("the result"),
        "transfer": _("the transfer"),
        "ended": _("the goodbye"),
    }
    return words.get(step) or step.replace("_", " ") or _("the welcome")


def stop_word(step: str) -> str:
    """Where calls ended without a payment, as a heading."""
    words = {
        "refused": _("Refused"),
        "nothing_due": _("Told that nothing is due"),
        "transfer": _("Put through to a person"),
        "ended": _("At the goodbye"),
    }
    return words.get(step) or _("At %(step)s") % {"step": step_word(step)}


def ended_word(ended: str) -> str:
    words = {
        Ending.PAID: pgettext("a call", "Paid"),
        Ending.CHECKING: _("Being checked"),
        Ending.STOPPED: _("Stopped by the caller"),
        Ending.SILENCE: _("Gave up: nothing was keyed"),
        Ending.TRIES: _("Gave up: too many wrong entries"),
        Ending.DECLINED: pgettext("a call", "Declined"),
        Ending.UNREAD: _("Gave up at the card number"),
        Ending.ALREADY_PAID: _("Already paid"),
        Ending.REFUSED_NUMBER: _("Number not found"),
        Ending.ORDER_BUSY: _("Being paid in another call"),
        Ending.ORDER_CHECKING: _("An earlier payment is being checked"),
        Ending.JUST_PAID: _("Already paid"),
        Ending.PERSON: _("To a person"),
        Ending.PERSON_UNANSWERED: _("Nobody answered"),
        Ending.LINE_PAUSED: _("The line was paused"),
        Ending.CALLER_REFUSED: _("Refused"),
        Ending.UNREACHABLE: _("The card service was not reached"),
        Ending.FAILED: _("Failed on our side"),
    }
    return words[Ending(ended)] if ended in list(Ending) else _("Hung up")
