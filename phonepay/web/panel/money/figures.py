"""What was paid, went back and was charged extra, of one payment or one order: read once, shown and acted on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from phonepay.orders.models import Order
from phonepay.payments.gateway import key_is_live
from phonepay.payments.models import Payment, Refund
from phonepay.web.panel import formats


@dataclass
class Money:
    """All charges of a payment (itself and its extra charges are apart) or of an order, and their refunds.

    Amounts in minor units of `currency`. `of` is what a refund is asked of.
    """

    of: Payment | Order
    charges: list[Payment]  # gone through, newest first; of a payment: itself
    extras: list[Payment]  # extra charges, whatever became of them
    refunds: list[Refund]

    @property
    def currency(self) -> str:
        return self.of.currency

    def shown(self, amount: int) -> str:
        """Minor units as the reader writes them."""
        return formats.money(amount, self.currency, self.of.merchant.region)

    @property
    def order(self) -> Order | None:
        return self.of if isinstance(self.of, Order) else self.of.order

    @cached_property
    def paid(self) -> int:
        extras = {each.pk for each in self.extras}
        return sum(each.amount for each in self.charges if each.pk not in extras)

    @cached_property
    def extra(self) -> int:
        gone_through = [each for each in self.extras if each.status == Payment.Status.SUCCEEDED]
        return sum(each.amount for each in gone_through)

    @cached_property
    def refunded(self) -> int:
        return sum(each.amount for each in self.refunds if each.status != Refund.Status.FAILED)

    @cached_property
    def disputed_amount(self) -> int:
        """What disputes took and have not given back."""
        every = {each.pk: each for each in (*self.charges, *self.extras)}
        return sum(each.disputed for each in every.values())

    @property
    def kept(self) -> int:
        return self.paid + self.extra - self.refunded - self.disputed_amount

    @property
    def refundable(self) -> int:
        return sum(each.refundable for each in self.charges)

    @cached_property
    def card(self) -> Payment | None:
        """The charge whose card the money goes back to first."""
        return next((each for each in self.charges if each.refundable), self.charges[0] if self.charges else None)

    @property
    def disputed(self) -> bool:
        """A dispute is open, and nothing can be refunded while it is: the bank decides now."""
        return not self.refundable and any(each.refund_blocked for each in self.charges)


def money_of_payment(payment: Payment) -> Money:
    """Of one charge. An extra charge is refunded on its own, as the payment that agreed to it is."""
    refunds = list(Refund.objects.filter(payment=payment).order_by("-asked_at"))
    extras = []
    if payment.kind == Payment.Kind.INITIAL:
        extras = list(Payment.objects.filter(parent=payment).order_by("-agreed_at"))
    through = [payment] if payment.status == Payment.Status.SUCCEEDED else []
    refunds_of_extras = Refund.objects.filter(payment__in=[each.pk for each in extras]) if extras else []
    return Money(payment, through, extras, [*refunds, *refunds_of_extras])


def money_of_order(order: Order) -> Money:
    """Of all that was charged for an order in the mode of its payment."""
    live = mode_of(order)
    payments = list(order.payments.filter(livemode=live).select_related("merchant", "line").order_by("-settled_at"))
    through = [each for each in payments if each.status == Payment.Status.SUCCEEDED]
    extras = [each for each in payments if each.kind == Payment.Kind.OVERAGE]
    refunds = Refund.objects.filter(payment__order=order, livemode=live).select_related("payment__merchant")
    return Money(order, through, extras, list(refunds.order_by("-asked_at")))


def mode_of(order: Order) -> bool:
    """Which payments count for it: those of the mode that it was paid in, else of the present key's."""
    live = key_is_live()
    if order.paid_livemode is None or order.is_payable(livemode=live):
        return live
    return order.paid_livemode
