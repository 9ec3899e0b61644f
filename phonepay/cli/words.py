"""The words for states: one word each, the same as on every other screen."""

from phonepay.orders.models import Order
from phonepay.payments.dispute_models import Dispute, EarlyFraudWarning
from phonepay.payments.models import Payment, Refund
from phonepay.payments.turned_away import TURNED_AWAY

_ORDER = {
    Order.Status.UNPAID: "To pay",
    Order.Status.PAID: "Paid",
    Order.Status.REFUNDED: "Refunded",
    Order.Status.CANCELLED: "Cancelled",
    Order.Status.PAID_ANOTHER_WAY: "Paid another way",
    Order.Status.ATTACHED: "Attached to another",
}
_PAYMENT = {
    Payment.Status.AGREED: "Waiting for a card",
    Payment.Status.CHARGING: "Being checked",
    Payment.Status.UNKNOWN: "Being checked",
    Payment.Status.SUCCEEDED: "Paid",
    Payment.Status.DECLINED: "Declined",
    Payment.Status.ABANDONED: "Not paid",
    Payment.Status.FAILED: "Not charged",
}
_REFUND = {
    Refund.Status.ASKED: "Being checked",
    Refund.Status.UNKNOWN: "Being checked",
    Refund.Status.PENDING: "Being checked",
    Refund.Status.WAITING: "Waiting",
    Refund.Status.SUCCEEDED: "Refunded",
    Refund.Status.FAILED: "Failed",
}
_KIND = {Payment.Kind.INITIAL: "payment", Payment.Kind.OVERAGE: "extra charge"}
_BRANDS = {
    "visa": "Visa",
    "mastercard": "Mastercard",
    "amex": "American Express",
    "discover": "Discover",
    "diners-club": "Diners Club",
    "jcb": "JCB",
    "maestro": "Maestro",
}
# Stripe's decline codes (docs.stripe.com/declines/codes) in the bank's place; others are told as they are.
_DECLINES = {
    "insufficient_funds": "not enough money",
    "lost_card": "the card was reported lost",
    "stolen_card": "the card was reported stolen",
    "expired_card": "the card has expired",
    "incorrect_cvc": "the security code is wrong",
    "authentication_required": "the bank wants the cardholder to confirm",
    "generic_decline": "without a reason",
    "card_velocity_exceeded": "the card's limit is reached",
    TURNED_AWAY: "it was tried so often that its bank is asked no more",
}


def order_status(order: Order, *, refunded: int = 0) -> str:
    """`refunded`: minor units that went back, if it is known."""
    if order.status == Order.Status.PAID and refunded:
        return "Partly refunded"
    return _ORDER[Order.Status(order.status)]


def payment_status(payment: Payment) -> str:
    if payment.status == Payment.Status.SUCCEEDED and payment.refunded:
        return "Refunded" if payment.refunded >= payment.amount else "Partly refunded"
    return _PAYMENT[Payment.Status(payment.status)]


def refund_status(refund: Refund) -> str:
    return _REFUND[Refund.Status(refund.status)]


def kind(payment: Payment) -> str:
    return _KIND[Payment.Kind(payment.kind)]


def card(payment: Payment) -> str:
    """`Visa ·4242`, or "" where no card is known."""
    if not payment.card_last4:
        return ""
    return f"{_BRANDS.get(payment.card_brand, payment.card_brand.title() or 'Card')} ·{payment.card_last4}"


def decline(code: str) -> str:
    """What the bank said, for the shop's people."""
    return _DECLINES.get(code, code.replace("_", " "))


def dispute_status(dispute: Dispute) -> str:
    if dispute.status in Dispute.ANSWER_WANTED:
        return "The bank asks: answer at Stripe" if dispute.is_inquiry else "Answer at Stripe"
    if dispute.is_open:
        return "Answered: the bank decides"
    return {"won": "Won: it came back", "lost": "Lost"}.get(dispute.status, "Closed")


def warning_status(warning: EarlyFraudWarning) -> str:
    if warning.dismissed_at is not None:
        return "Set aside: a customer we know"
    return "Refund it before it becomes a dispute" if warning.actionable else "Over"
