"""The words for states: one word and one color each, on every page the same, never the color alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from phonepay.orders.models import Order
from phonepay.payments.dispute_models import Dispute
from phonepay.payments.models import CardAttempt, Payment, Refund


@dataclass(frozen=True, slots=True)
class State:
    """`color` is gray, green, amber, red or blue; `over` strikes an amount through: no money moved, and none will."""

    word: str | Promise
    color: str
    over: bool = False


PAID = State(pgettext_lazy("a payment or an order", "Paid"), "green")
PARTLY_REFUNDED = State(_("Partly refunded"), "blue")
REFUNDED = State(pgettext_lazy("a payment or an order", "Refunded"), "blue")
BEING_CHECKED = State(_("Being checked"), "amber")
DECLINED = State(pgettext_lazy("a card", "Declined"), "red", over=True)
NOT_CHARGED = State(_("Not charged"), "gray", over=True)
BEING_PAID = State(pgettext_lazy("an order", "Being checked"), "amber")
DISPUTED = State(_("Disputed"), "red")
WON = State(pgettext_lazy("a dispute", "Won"), "green")
LOST = State(pgettext_lazy("a dispute", "Lost"), "gray")
CLOSED = State(pgettext_lazy("a dispute", "Closed"), "gray")

ORDER = {
    Order.Status.UNPAID: State(_("To pay"), "gray"),
    Order.Status.PAID: PAID,
    Order.Status.REFUNDED: REFUNDED,
    Order.Status.CANCELLED: State(pgettext_lazy("an order", "Cancelled"), "gray", over=True),
    Order.Status.PAID_ANOTHER_WAY: State(_("Paid another way"), "green"),
    Order.Status.ATTACHED: State(pgettext_lazy("an order", "Attached to another"), "gray", over=True),
}
PAYMENT = {
    Payment.Status.AGREED: State(_("Waiting for a card"), "gray"),
    Payment.Status.CHARGING: BEING_CHECKED,
    Payment.Status.UNKNOWN: BEING_CHECKED,
    Payment.Status.SUCCEEDED: PAID,
    Payment.Status.DECLINED: DECLINED,
    Payment.Status.ABANDONED: State(_("Not paid"), "gray", over=True),
    Payment.Status.FAILED: NOT_CHARGED,
}
REFUND = {
    Refund.Status.ASKED: BEING_CHECKED,
    Refund.Status.UNKNOWN: BEING_CHECKED,
    Refund.Status.PENDING: BEING_CHECKED,
    Refund.Status.WAITING: State(pgettext_lazy("a refund", "Waiting"), "amber"),
    Refund.Status.SUCCEEDED: REFUNDED,
    Refund.Status.FAILED: State(pgettext_lazy("a refund", "Failed"), "red", over=True),
}
ATTEMPT = {
    CardAttempt.Result.DECLINED: DECLINED,
    CardAttempt.Result.STOPPED: State(_("Stopped by the caller"), "gray", over=True),
    CardAttempt.Result.UNREAD: State(_("Card not read"), "gray", over=True),
    CardAttempt.Result.UNREACHABLE: NOT_CHARGED,
    CardAttempt.Result.REFUSED: NOT_CHARGED,
    CardAttempt.Result.FAILED: NOT_CHARGED,
}


def order_state(order: Order, *, refunded: int = 0) -> State:
    """`refunded`: minor units that went back, where it is known."""
    if order.status == Order.Status.PAID and refunded:
        return PARTLY_REFUNDED
    return ORDER[Order.Status(order.status)]


def payment_state(payment: Payment) -> State:
    if payment.refund_blocked:
        return DISPUTED
    if payment.disputed:
        return LOST
    if payment.status == Payment.Status.SUCCEEDED and payment.refunded:
        return REFUNDED if payment.refunded >= payment.amount else PARTLY_REFUNDED
    return PAYMENT[Payment.Status(payment.status)]


def refund_state(refund: Refund) -> State:
    return REFUND[Refund.Status(refund.status)]


def dispute_state(dispute: Dispute) -> State:
    """Struck through where no money is with the bank: it only asked, or gave it back."""
    word, color = (DISPUTED.word, DISPUTED.color) if dispute.is_open else (CLOSED.word, CLOSED.color)
    if dispute.status in ("won", "lost"):
        ended = WON if dispute.status == "won" else LOST
        word, color = ended.word, ended.color
    return State(word, color, over=not dispute.withdrawn)


def attempt_state(attempt: CardAttempt) -> State:
    return ATTEMPT[CardAttempt.Result(attempt.result)]
